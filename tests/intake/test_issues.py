"""What one file becomes: heads, signatures, notes, pages, whatever markup it came in."""

from pathlib import Path

import pytest

from backnumber.archive.blocks import Heading, Note, Paragraph, Quotation, Table, Verse, from_stream, text_of
from backnumber.archive.models import Article, Contributor, Issue
from tests.intake import small
from tests.intake.small import issue, page, piece, write

pytestmark = pytest.mark.django_db


def brought_in(tmp_path: Path, *parts: str) -> list[Article]:
    write(tmp_path / "in", "1.html", issue(1, *parts))
    small.bring_in(tmp_path / "in")
    return list(Article.objects.select_related("section", "issue__volume").order_by("position"))


def words(article: Article) -> str:
    return "\n".join(text_of(b) for b in from_stream(article.body.raw_data))


def test_an_issue_has_its_number_volume_date_and_pages(tmp_path: Path) -> None:
    brought_in(tmp_path, page(1), piece("THE FORTRESS."), piece("THE BRIDGE.", f"It stood {page(2)} here."))
    made = Issue.objects.select_related("volume").get()
    assert (made.number, made.slug, made.cover_date, str(made.sort_date)) == (
        "1",
        "no-1",
        "Saturday, January 4, 1851",
        "1851-01-04",
    )
    assert made.volume is not None
    assert (made.volume.number, made.volume.years) == ("1", "1851")
    assert (made.first_page, made.last_page) == ("1", "2")


def test_a_piece_has_headline_section_position_pages_and_signature(tmp_path: Path) -> None:
    first, second = brought_in(
        tmp_path,
        page(7),
        piece("ON THE SIEGE OF RHODES, NO. II."),
        piece("BELLS.", f"One {page(8)} two.", by="T. J."),
    )
    assert (first.headline, first.section.name, first.position, first.byline) == (
        "On the Siege of Rhodes, No. II",
        "Notes",
        1,
        "Edward Marsh",
    )  # type: ignore[union-attr]
    assert (first.first_page, first.last_page, second.first_page, second.last_page) == ("7", "7", "7", "8")
    assert first.live
    assert str(first.online_date) == "2026-11-20"
    assert list(Contributor.objects.values_list("name", "sort_name")) == [
        ("Edward Marsh", "Marsh, Edward"),
        ("T. J.", "T. J."),
    ]


def test_the_end_of_a_piece_is_not_in_the_next(tmp_path: Path) -> None:
    first, second = brought_in(tmp_path, piece("ONE.", "Alpha.", "Omega."), piece("TWO.", "Beta."))
    assert words(first) == "Alpha.\nOmega."
    assert words(second) == "Beta."


@pytest.mark.parametrize("level", [2, 3, 4])
def test_heads_of_any_level_begin_pieces_and_deeper_ones_divide_them(tmp_path: Path, level: int) -> None:
    sub = f"<h{level + 1}>HISTORY OF THE CLOSE.</h{level + 1}>"
    made = brought_in(
        tmp_path, piece("ONE.", level=level), piece("TWO.", "Before.</p>" + sub + "<p>After.", level=level)
    )
    assert [a.headline for a in made] == ["One", "Two"]
    assert Heading("History of the Close", 2) in from_stream(made[1].body.raw_data)


def test_a_head_after_a_rule_begins_a_piece_though_the_leader_stood_higher(tmp_path: Path) -> None:
    made = brought_in(
        tmp_path, "<h2>OUR PROGRESS.</h2><p>We thank all.</p>", piece("ONE.", level=3), piece("TWO.", level=3)
    )
    assert [a.headline for a in made] == ["Our Progress", "One", "Two"]


def test_minor_pieces_begin_with_a_run_in_head(tmp_path: Path) -> None:
    run_in = "<h3>MINOR QUERIES.</h3><p><i>Under the Rose</i> (No. 3. p. 4.).&mdash;Whence is it?</p><p class=author>C."
    made = brought_in(
        tmp_path,
        piece("ONE."),
        run_in,
        "<p><i>Pallet.</i>&mdash;What is it?</p><p>And why?</p><p class=author>J. S. Q.",
    )
    assert [(a.headline, a.section and a.section.name, a.byline) for a in made[1:]] == [
        ("Under the Rose", "Minor Queries", "C."),
        ("Pallet", "Minor Queries", "J. S. Q."),
    ]
    assert words(made[1]) == "(No. 3. p. 4.).—Whence is it?"
    assert words(made[2]) == "What is it?\nAnd why?"


def test_after_a_minor_section_the_articles_go_on_in_the_section_before(tmp_path: Path) -> None:
    made = brought_in(
        tmp_path,
        "<h2>NOTES.</h2>",
        piece("ONE."),
        "<h3>MINOR QUERIES.</h3><p><i>A.</i>&mdash;B.</p>",
        piece("TWO."),
    )
    assert [(a.headline, a.section and a.section.name) for a in made] == [
        ("One", "Notes"),
        ("A", "Minor Queries"),
        ("Two", "Notes"),
    ]


def test_a_section_that_is_one_piece_holds_its_heads_and_ends_at_its_rule(tmp_path: Path) -> None:
    made = brought_in(
        tmp_path, piece("ONE."), "<h3>NOTICES.</h3><p>To all.</p><h4>REPLIES RECEIVED.</h4><p>Many.</p>", '<hr class="full"><p>Soap!</p><h2>NEW BOOKS</h2><p>Ink.</p>'
    )  # fmt: skip
    assert [(a.headline, words(a)) for a in made[1:]] == [
        ("Notices", "To all.\nReplies Received\nMany."),
        ("Advertisements", "Soap!\nNew Books\nInk."),
    ]


def test_letters_under_one_head_keep_their_signatures_where_they_stand(tmp_path: Path) -> None:
    made = brought_in(
        tmp_path,
        piece("COLD HARBOUR.", "One says.</p><p class=author>A. C.</p><p>Another says.", by="WILLIAM FIGG."),
    )
    assert made[0].byline == "A. C.; William Figg"
    assert words(made[0]) == "One says.\n— A. C.\nAnother says.\n— William Figg"
    assert [a.contributor.name for a in made[0].authorships.select_related("contributor")] == [
        "A. C.",
        "William Figg",
    ]


@pytest.mark.parametrize(
    ("printed", "name", "rest"),
    [
        ("S.W. SINGER.", "S. W. Singer", ""),
        ("J.G. Southwold, Nov. 16. 1849.", "J. G.", "Southwold, Nov. 16. 1849."),
        ("W. H. D. O'BRIEN, M.A.", "W. H. D. O'Brien, M.A.", ""),
        ("Φιλόλογος.", "Φιλόλογος", ""),
        ("B. DE M.", "B. de M.", ""),
        ("Yours, &c.", "", "Yours, &c."),
        ("<span>THOS. CORSER.</span><br>Stand Rectory.", "Thos. Corser", "Stand Rectory."),
    ],
)
def test_a_signature_is_read_as_it_is_printed(tmp_path: Path, printed: str, name: str, rest: str) -> None:
    (made,) = brought_in(tmp_path, piece("ONE.", "Alpha.", by=printed))
    assert made.byline == name
    assert words(made) == f"Alpha.\n{rest}".strip()


def test_a_greek_signature_has_an_address_in_latin_letters(tmp_path: Path) -> None:
    brought_in(tmp_path, piece("ONE.", by="Φ."), piece("TWO.", by="Σχολαστικος."))
    assert set(Contributor.objects.values_list("slug", flat=True)) == {"phi", "scholastikos"}


def test_notes_are_numbered_within_their_piece_and_linked(tmp_path: Path) -> None:
    html = 'Text<a href="#f7"><sup>7</sup></a> and<a href="#f8">[8]</a>.'
    notes = '<p class="footnote"><a id="f7"></a><a href="#t7">[7]</a> See <i>Leland</i>.</p>'
    notes += '<p class="footnote" id="f8"><b>Footnote 8:</b><a href="#t8">(return)</a> No.</p>'
    (made,) = brought_in(tmp_path, piece("ONE.", html) + notes)
    blocks = from_stream(made.body.raw_data)
    assert blocks[0] == Paragraph(
        'Text<sup><a href="#note-1">1</a></sup> and<sup><a href="#note-2">2</a></sup>.'
    )
    assert blocks[1:] == (Note("1", "See <i>Leland</i>."), Note("2", "No."))


def test_verse_tables_quotations_and_lists_stay_what_they_are(tmp_path: Path) -> None:
    verse = (
        '<div class="poem"><div class="stanza"><p>The rain rins doun,</p><p class="i2">Sae dois it</p></div>'
    )
    verse += '<div class="stanza"><p>Again.</p></div></div>'
    table = "<table><tr><th>Year</th><th>Bells</th></tr><tr><td>1648</td><td>8</td></tr></table>"
    (made,) = brought_in(
        tmp_path,
        piece(
            "ONE.", f"See:</p>{verse}{table}<blockquote><p>Said he.</p><p>Said she.</p></blockquote><p>So."
        ),
    )
    blocks = from_stream(made.body.raw_data)
    assert Table("", (("Year", "Bells"), ("1648", "8")), header_row=True) in blocks
    assert Quotation(("Said he.", "Said she.")) in blocks
    assert any(
        isinstance(b, Verse)
        and b.text.split("\n")[0] == "The rain rins doun,"
        and b.text.endswith("\nAgain.")
        for b in blocks
    )


def test_what_the_profile_drops_does_not_come_in(tmp_path: Path) -> None:
    made = brought_in(
        tmp_path,
        "<pre>Licence of the scanner: no.</pre>",
        piece("ONE.", 'See <a href="http://scanner.example/9">p. 9</a>.'),
        "<p>Licence of the scanner.</p>",
    )
    assert [words(a) for a in made] == ["See p. 9."]
    assert "href" not in str(made[0].body.raw_data)


def test_two_pieces_of_one_headline_have_two_addresses(tmp_path: Path) -> None:
    made = brought_in(tmp_path, piece("THE FORTRESS—A NOTE."), piece("THE FORTRESS—A NOTE."))
    assert [a.slug for a in made] == ["the-fortress-a-note", "the-fortress-a-note-2"]


def test_a_plain_text_issue_is_read_in_place_of_its_html(tmp_path: Path) -> None:
    text = """Junk\n*** BEGIN\n\nNo. 1\n\nSATURDAY, JANUARY 4, 1851.\n\n * * *\n\nTHE FORTRESS.\n\nIt _fell_--soon.

    "Short lines
      of verse."\n\nE. MARSH.\n\n * * * * *\n\nTHE BRIDGE.\n\nIt stood.\n\n*** END\nJunk\n"""
    write(tmp_path / "in", "1.html", "<html>an index</html>")
    write(tmp_path / "in", "1.txt", text)
    files = '\n[files]\npattern = "*.html"\ninstead = { "1.html" = "1.txt" }\n'
    keys = files + '[plain_text]\nbegin = "BEGIN"\nend = "END"\n'
    small.bring_in(tmp_path / "in", small.PROFILE + keys)
    made = list(Article.objects.order_by("position"))
    assert [(a.headline, a.byline) for a in made] == [("The Fortress", "E. Marsh"), ("The Bridge", "")]
    assert from_stream(made[0].body.raw_data) == (
        Paragraph("It <i>fell</i>—soon."),
        Verse('"Short lines\n  of verse."'),
    )
