"""Words in and words out: nothing of a source is lost without a line in the report that says where."""

import re
from pathlib import Path

import pytest

from backnumber.archive.blocks import Block, Listing, Note, Paragraph, Table, Verse, from_stream, text_of
from backnumber.archive.models import Article
from backnumber.intake import balance
from backnumber.intake.report import Report, Weight
from tests.intake import small
from tests.intake.small import issue, piece, write

pytestmark = pytest.mark.django_db

PROFILE = small.PROFILE + '\n[verse]\nselectors = ["div.poem"]\n'


def brought_in(tmp_path: Path, *body: str) -> Report:
    write(tmp_path / "in", "1.html", issue(1, "<hr>\n<h3>ONE.</h3>", *body, piece("TWO.")))
    return small.bring_in(tmp_path / "in", PROFILE)


def blocks() -> tuple[Block, ...]:
    return from_stream(Article.objects.get(slug="one").body.raw_data)


def text() -> str:
    return " ".join(map(text_of, blocks()))


@pytest.mark.parametrize(
    "html",
    [
        "<ol>\n1/ canary first\n2/ canaries second\n</ol>",
        "<ul><li>kept</li> canary <p>canaries</p><li>kept</li></ul>",
        "<ul>canary<li>kept<ul><li>kept</li>canaries</ul></li></ul>",
        "<dl>canary<dt>Term</dt> canaries <dd>Meaning</dd></dl>",
        "<dl><dt>Term<p>canary</p></dt><dd>canaries</dd></dl>",
        "<table><tr><td>a</td><td>b</td></tr><tr>canary<td>c</td><p>canaries</p></tr></table>",
        "<table><td>a</td><td>canary</td><tr><td>b</td><td>canaries</td></tr></table>",
        "<table><caption>canary</caption><tr><td>a</td></tr></table><table><caption>canaries</caption></table>",
        "<table><tr><td><table><tr><td>canary</td><td>a</td></tr></table></td></tr>canaries</table>",
        '<div class="poem">canary<br><p>Line</p>canaries</div>',
        '<div class="poem"><div>canary</div><h4>canaries</h4><pre>more</pre></div>',
        "<blockquote><p>quoted</p><footer>canary</footer>canaries</blockquote>",
        "<figure><p>canary</p><figcaption>canaries</figcaption></figure>",
        "<form><p>canary</p></form><noscript>canaries</noscript>",
        "<math><mi>canary</mi></math><p>in <math><mi>canaries</mi></math> line</p>",
        "<center>canary</center><marquee>canaries</marquee>",
        '<p class="author"><span>A. B.</span></p><p>canary</p><p class="author">C. D.<p>canaries</p>',
        '<p>a picture <img src="none.png"> canary</p><figure><img src="none.png"><figcaption>canaries</figcaption></figure>',
        "<details><summary>canary</summary>canaries</details>",
        "<p>canary<p>canaries<li>more",
        '<p>See <a href="#f">the canary below</a>, <a href="#f">1</a></p><p class="footnote"><a name="f">1</a> canaries</p>',
    ],
)
def test_text_beside_the_elements_it_should_stand_in_comes_in(tmp_path: Path, html: str) -> None:
    report = brought_in(tmp_path, "<p>Eight plain words stand here for the test.</p>", html)
    assert "canary" in text()
    assert "canaries" in text()
    assert not report.of(Weight.LOST)
    assert report.words.read <= report.words.filed + report.words.left_out


@pytest.mark.parametrize(
    "html",
    [
        "<button>canary</button>",
        "<select><option>canary</option></select>",
        "<textarea>canary</textarea>",
        "<svg><text>canary</text></svg>",
        "<object>canary</object>",
        '<p class="footnote"><a name="f">1</a> canary <a href="#f">1</a></p>',
    ],
)
def test_a_word_that_is_not_filed_is_listed_with_its_file_its_line_and_its_article(
    tmp_path: Path, html: str
) -> None:
    report = brought_in(tmp_path, "<p>Before.</p>", "<p>And\nmore.</p>", html)
    (lost,) = report.of(Weight.LOST)
    assert (lost.file, lost.line, lost.piece) == ("1.html", 10, "One")
    assert re.search(r"\d words? of the file w\w+ not filed: (1 )?canary$", lost.reason)
    assert report.words.lost in {1, 2}
    assert not report.is_whole
    assert "canary" not in text()


def test_what_is_lost_is_said_again_and_in_a_dry_run_too(tmp_path: Path) -> None:
    first = brought_in(tmp_path, "<p>Text.</p><button>canary</button>")
    again = small.bring_in(tmp_path / "in", PROFILE)
    dry = small.bring_in(tmp_path / "in", PROFILE, dry_run=True)
    assert (again.words, again.of(Weight.LOST), again.counted) == (
        first.words,
        first.of(Weight.LOST),
        first.counted,
    )
    assert (dry.words, dry.of(Weight.LOST)) == (first.words, first.of(Weight.LOST))
    assert "1 lost" in first.as_text()


def test_what_the_profile_leaves_out_is_counted_by_its_reason_and_is_no_loss(tmp_path: Path) -> None:
    text = PROFILE.replace("[markup]", '[markup]\ndrop = ["div.advert"]')
    body = '<p>For<span class="pagenum">{12}</span>tress.</p><div class="advert"><p>Buy soap now.</p></div><p>licence of the scanner</p>'
    write(tmp_path / "in", "1.html", issue(1, "<hr>\n<h3>ONE.</h3>", body))
    report = small.bring_in(tmp_path / "in", text)
    assert not report.of(Weight.LOST)
    assert report.counted["words in elements that the profile drops were left out"] == 3
    assert report.counted["words in text that the profile drops were left out"] == 4
    assert report.counted["words of page numbers were left out"] == 1
    assert "Fortress." in str(Article.objects.get(slug="one").body.raw_data)


def test_punctuation_that_says_something_stays_and_what_only_divides_goes(tmp_path: Path) -> None:
    brought_in(tmp_path, "<p>Text.</p><p>???</p><p>* * *</p><p>“!”</p><p>…</p>")
    assert [text_of(b) for b in blocks()] == ["Text.", "???", "“!”"]


def test_a_list_without_items_is_text_and_text_beside_items_becomes_items(tmp_path: Path) -> None:
    brought_in(tmp_path, "<ol>\none\n</ol><ul>two<li>three</li>four &amp; five</ul>")
    assert blocks() == (
        Paragraph("one"),
        Listing("<ul><li>two</li><li>three</li><li>four &amp; five</li></ul>"),
    )


def test_cells_stand_in_their_columns_whatever_spans_them(tmp_path: Path) -> None:
    table = (
        "<table><tr><th rowspan=2>Year</th><th colspan=2>Found</th></tr><tr><td>coins</td><td>pots</td></tr>"
        "<tr><td>1850</td><td rowspan=2>3</td><td>4</td></tr><tr><td>1851</td><td>5</td></tr></table>"
    )
    brought_in(tmp_path, "<p>Text.</p>", table)
    (made,) = [b for b in blocks() if isinstance(b, Table)]
    assert made.rows == (("Year", "Found", ""), ("", "coins", "pots"), ("1850", "3", "4"), ("1851", "", "5"))


def test_verse_keeps_its_lines_whatever_elements_they_stand_in(tmp_path: Path) -> None:
    poem = '<div class="poem">One<br>two<div class="stanza"><p>three</p><p class="i4">four</p></div><div>five</div></div>'
    brought_in(tmp_path, poem)
    assert blocks() == (Verse("One\ntwo\n\nthree\n    four\nfive"),)


def test_a_page_number_that_an_index_points_at_makes_no_note_of_what_holds_it(tmp_path: Path) -> None:
    note = '<p class="footnote"><span class="pagenum"><a name="page2">{2}</a></span>It is all canary.</p>'
    brought_in(tmp_path, '<p>See <a href="#page2">2</a>.</p>', note)
    assert "It is all canary." in text()


def test_a_note_of_a_signature_or_of_set_text_comes_in(tmp_path: Path) -> None:
    body = (
        '<pre>set  text<a href="#n1">*</a></pre><p class="author">A. B.<a href="#n2">1</a></p>'
        '<p class="footnote" id="n1">* Of the text.</p><p class="footnote" id="n2">1 Of the name.</p>'
    )
    report = brought_in(tmp_path, "<p>Text.</p>", body)
    assert [b.html for b in blocks() if isinstance(b, Note)] == ["* Of the text.", "1 Of the name."]
    assert not report.of(Weight.LOST)


def test_a_headline_too_long_stands_whole_above_the_text(tmp_path: Path) -> None:
    head = "ON " + "THE WALLS " * 60
    write(tmp_path / "in", "1.html", issue(1, piece(head)))
    report = small.bring_in(tmp_path / "in")
    article = Article.objects.get()
    assert len(article.headline) == 300
    assert text_of(from_stream(article.body.raw_data)[0]).count("Walls") == 60
    assert "it was cut, and stands whole above the text" in small.reasons(report)
    assert not report.of(Weight.LOST)


def test_words_that_stand_twice_are_missed_where_all_around_them_is_missing() -> None:
    source = (
        balance.Run(1, ("the", "old", "wall")),
        balance.Run(2, ("the", "old", "gate", "fell")),
        balance.Run(9, ("wall",)),
    )
    (gap,) = balance.gaps(source, ["the", "old", "wall", "wall"])
    assert (gap.line, gap.words) == (2, ("the", "old", "gate", "fell"))
    assert balance.gaps(source, [word for run in source for word in run.words]) == []
