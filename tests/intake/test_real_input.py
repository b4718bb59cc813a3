"""The promises on real input: 84 issues of *Notes and Queries*, three WordPress exports. Skipped when they
are not there.
"""

import csv
import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from backnumber.archive.blocks import Block, Note, Paragraph, Quotation, from_stream, text_of, words_in
from backnumber.archive.models import Article, Issue, Section
from backnumber.archive.queries import articles_for_lists
from backnumber.intake import service
from backnumber.intake.profile import find, load
from backnumber.intake.report import Report, Weight
from tests import corpora
from tests.intake import small

pytestmark = pytest.mark.corpora

LICENCE = re.compile(
    r"gutenberg|\be-?books?\b|\betexts?\b|transcriber'?s'? note|distributed proofread", re.IGNORECASE
)
MOJIBAKE = re.compile("Ã|â€|\ufffd|[\x00-\x08\x0b-\x1f\x7f-\x9f]|[\U000f0000-\U000fffff]")
STAFF = ("Notices to Correspondents", "Advertisements", "Notes on Books", "Books and Odd Volumes Wanted")


@pytest.fixture(scope="module")
def notes_and_queries(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Report]:
    """All 84 issues, brought in once for the tests of this file, in a transaction that is taken back."""
    folder = corpora.folder("notes-and-queries")
    with django_db_blocker.unblock(), transaction.atomic():
        yield service.import_html_issues(folder, load(find("notes-and-queries")), now=small.NOW)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def texts(notes_and_queries: Report) -> list[tuple[str, tuple[Block, ...], str]]:
    """Number and headline, blocks, and words of every article."""
    made = []
    for article in (
        Article.objects.filter(issue__title__slug="notes-and-queries").select_related("issue").iterator(200)
    ):
        blocks = from_stream(article.body.raw_data)
        words = "\n".join([article.headline, article.byline, *map(text_of, blocks)])
        made.append((f"{article.issue.number}: {article.headline}", blocks, words))
    return made


Texts = list[tuple[str, tuple[Block, ...], str]]


def test_all_issues_come_in_with_their_number_volume_and_date(notes_and_queries: Report) -> None:
    with (corpora.folder("notes-and-queries") / "issues.tsv").open(encoding="utf-8") as file:
        wanted = {(row["number"], row["cover_date"]) for row in csv.DictReader(file, delimiter="\t")}
    issues = Issue.objects.filter(title__slug="notes-and-queries").select_related("volume")
    assert {(issue.number, str(issue.sort_date)) for issue in issues} == wanted
    assert not notes_and_queries.refused
    assert all(
        re.search(r"(Saturday, )?[A-Z][a-z]+\.? \d+[.,]? 18\d\d$", issue.cover_date) for issue in issues
    )
    assert {
        (i.volume.number, int(i.number) in range(1, 31), int(i.number) >= 62) for i in issues if i.volume
    } == {
        ("1", True, False),
        ("2", False, False),
        ("3", False, True),
    }


def test_of_a_million_words_a_dozen_is_lost_and_listed(notes_and_queries: Report) -> None:
    words = notes_and_queries.words
    assert words.filed > 1_300_000
    assert words.read <= words.filed + words.left_out + words.lost
    assert [(f.file, f.line) for f in notes_and_queries.of(Weight.LOST)] == [("28311-h.htm", 787)]


def test_pages_of_a_volume_rise_from_issue_to_issue(notes_and_queries: Report) -> None:
    for volume in "123":
        issues = (
            Issue.objects.filter(title__slug="notes-and-queries", volume__number=volume)
            .exclude(number="1")
            .order_by("sort_date")
        )
        assert all(int(before.last_page) < int(after.first_page) for before, after in pairwise(issues))


def test_every_piece_has_headline_section_issue_position_and_almost_all_are_signed(
    notes_and_queries: Report,
) -> None:
    articles = Article.objects.filter(issue__title__slug="notes-and-queries").defer("body")
    assert articles.count() >= 4_500
    assert not articles.filter(headline="").exists()
    assert not articles.filter(section=None).exists()
    assert not articles.filter(words=0).exists()
    letters = articles.exclude(section__name__in=STAFF)
    assert letters.filter(byline="").count() < 0.04 * letters.count()
    for issue in Issue.objects.filter(title__slug="notes-and-queries"):
        positions = list(issue.articles.order_by("position").values_list("position", flat=True))
        assert positions == list(range(1, len(positions) + 1))
        assert issue.articles.count() >= 12
    assert Section.objects.count() == 14


def test_words_are_counted_as_saving_counts_them(notes_and_queries: Report) -> None:
    articles = Article.objects.filter(
        issue__title__slug="notes-and-queries", issue__number__in=["3", "52", "86"]
    )
    assert all(article.words == words_in(from_stream(article.body.raw_data)) for article in articles)


def test_no_licence_comes_in_and_no_wrong_letters(texts: Texts) -> None:
    for name, blocks, text in texts:
        assert not LICENCE.search(text), name
        assert not MOJIBAKE.search(text), (name, MOJIBAKE.search(text))
        assert "gutenberg" not in str(blocks).lower()


def test_the_one_letter_that_no_font_has_is_named(notes_and_queries: Report) -> None:
    assert [
        (f.file, f.piece[:10]) for f in notes_and_queries.of(Weight.DOUBTFUL) if "U+F10F" in f.reason
    ] == [("24803-h.htm", "The Letter")]


def test_letters_of_several_encodings_are_what_was_printed(texts: Texts) -> None:
    found = {
        word
        for *_, text in texts
        for word in ("Mediæval", "célèbre", "Borromæi", "ἐ", "Archæologia", "þ", "Φ.", "ü")
        if word in text
    }
    assert found == {"Mediæval", "célèbre", "Borromæi", "ἐ", "Archæologia", "þ", "Φ.", "ü"}


def test_references_to_earlier_pages_stay_in_the_text(notes_and_queries: Report) -> None:
    article = Article.objects.get(issue__number="85", slug="under-the-rose")
    assert text_of(from_stream(article.body.raw_data)[0]).startswith("(Vol. iii., pp. 300.)")
    assert article.byline == "Benbow"


def test_number_one_is_read_from_its_text(notes_and_queries: Report) -> None:
    headlines = list(
        Article.objects.filter(issue__number="1").order_by("position").values_list("headline", "byline")[:4]
    )
    assert headlines == [
        ("Notes and Queries", ""),
        ("Place of Capture of the Duke of Monmouth", "John Bruce"),
        ("Shakespeare and Deer-Stealing", "J. Payne Collier"),
        ('"Pray Remember the Grotto!" On St. James\' Day', "William J. Thoms"),
    ]


@pytest.mark.parametrize(
    ("number", "slug", "section", "byline", "pages"),
    [
        ("2", "notes-on-coffee", "Notes", "", ("25", "26")),
        ("22339", "", "", "", ("", "")),
        ("31", "members-for-calais", "Minor Queries", "O. P. Q.", ("9", "9")),
        ("33", "the-hippopotamus", "Notes", "L.", ("35", "36")),
        ("66", "old-booty", "Replies to Minor Queries", "F. R. A.", ("93", "93")),
        ("83", "the-tanthony", "Replies", "Cowgill; Δ.; A. Holt White; E. J. M.", ("428", "429")),
        ("87", "going-the-whole-hog", "", "", ("", "")),
    ],
)
def test_pieces_known_from_print_are_what_they_were(
    notes_and_queries: Report, number: str, slug: str, section: str, byline: str, pages: tuple[str, str]
) -> None:
    article = Article.objects.select_related("section").filter(issue__number=number, slug=slug).first()
    if not section:
        assert article is None
        return
    assert article is not None
    assert (article.section.name, article.byline, (article.first_page, article.last_page)) == (
        section,
        byline,
        pages,
    )  # type: ignore[union-attr]


def test_notes_are_linked_both_ways(texts: Texts) -> None:
    marks = notes = 0
    for _, blocks, _ in texts:
        own = [b.mark for b in blocks if isinstance(b, Note)]
        assert own == [str(n) for n in range(1, len(own) + 1)]
        inline = " ".join(
            h
            for b in blocks
            if isinstance(b, Paragraph | Quotation)
            for h in ([b.html] if isinstance(b, Paragraph) else b.paragraphs)
        )
        assert set(re.findall(r"#note-(\w+)", inline)) <= set(own)
        marks += len(re.findall("#note-", inline))
        notes += len(own)
    assert notes > 200
    assert marks > 0.7 * notes, "the others are pointed at from verse, tables and headlines"


def test_a_second_run_changes_nothing(notes_and_queries: Report) -> None:
    before = small.digest()
    again = service.import_html_issues(
        corpora.folder("notes-and-queries"), load(find("notes-and-queries")), now=small.NOW
    )
    assert (again.changes, again.tally.unchanged) == (0, notes_and_queries.tally.new)
    assert small.digest() == before
    assert again.findings == notes_and_queries.findings


@pytest.mark.django_db
def test_the_wordpress_exports_come_in_and_what_was_closed_stays_closed() -> None:
    folder = corpora.folder("wordpress")
    reports = {
        f.name: service.import_wxr(f, title="Exports", now=small.NOW) for f in sorted(folder.glob("*.xml"))
    }
    assert {name: report.tally.new for name, report in reports.items()} == {
        "64-block-test-data.xml": 61,
        "theme-preview.xml": 7,
        "themeunittestdata.wordpress.xml": 58,
    }
    closed = {f.piece for report in reports.values() for f in report.of(Weight.CLOSED)}
    assert closed == {"Scheduled", "Draft", 'Template: Password Protected (the password is "enter")'}
    shown = set(articles_for_lists().values_list("headline", flat=True))
    assert not shown & closed
    assert len(shown) == 123
    before = small.digest()
    assert all(
        service.import_wxr(f, title="Exports", now=small.NOW).changes == 0
        for f in sorted(folder.glob("*.xml"))
    )
    assert small.digest() == before
