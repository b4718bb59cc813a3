"""The pages of the past: what they list, what they never tell, and that they are right again after every change."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from backnumber.archive.blocks import Paragraph
from backnumber.archive.models import Article, Issue
from backnumber.past import bulk, editing
from backnumber.past.models import Entry, Finding, Reading, Tally
from tests import making
from tests.past.finding import person, place, record

pytestmark = pytest.mark.django_db

OPEN = "In 1348 the plague came to Melcombe. " + making.sentence("Open", 130)
GATED = (
    "Gatedword1 and gatedword2 met Katherine Swynford in Calais in 1356. Katherine Swynford never went back."
)


@pytest.fixture
def plague() -> Article:
    making.issue()
    made = making.article(
        "The Plague at Melcombe", standfirst="A bad year.", body=[Paragraph(OPEN), Paragraph(GATED)]
    )
    record(
        made,
        [place("Melcombe", "Melcombe", 50.6, -2.4), person("Katherine Swynford", "Katherine Swynford"), place("Calais", "Calais", 50.9, 1.8)],
        [("1348", "1348", (1348, 1349)), ("1356", "1356", (1356, 1357))],
    )  # fmt: skip
    return made


def page(address: str, status: int = 200) -> str:
    response = Client().get(address)
    assert response.status_code == status, address
    return str(response.content.decode())


def test_the_timeline_leads_from_years_to_their_articles(plague: Article) -> None:
    shown = page("/past/timeline/?from=1340&to=1360")
    assert plague.get_absolute_url() in shown
    assert "1340–1360" in shown
    assert 'href="/past/timeline/?from=1348&to=1348"' in shown.replace("&amp;", "&")
    assert plague.get_absolute_url() not in page("/past/timeline/?from=1357&to=1400")
    assert plague.get_absolute_url() in page("/past/timeline/?from=1356&to=1356")


@pytest.mark.parametrize(
    ("query", "heading"),
    [
        ("?from=1360&to=1340", "1340–1360"),
        ("?from=44+BC&to=AD+14", "44 BC–AD 14"),
        ("?from=1348&to=1348", "1348"),
        ("?from=1348&to=1348&page=99999999", "1348"),
        ("?from=9999+BC&to=3000", "9999 BC–2999"),
    ],
)
def test_any_years_can_be_typed(plague: Article, query: str, heading: str) -> None:
    assert f">{heading}</h1>" in page(f"/past/timeline/{query}")


def test_what_is_no_year_is_kept_and_explained(plague: Article) -> None:
    shown = page("/past/timeline/?from=soon&to=1360", status=400)
    assert "“soon” is no year we know" in shown
    assert 'value="soon"' in shown
    assert 'value="1360"' in shown


def test_an_open_end_is_shown_where_it_begins_and_a_wide_time_at_its_own_scale(plague: Article) -> None:
    record(plague, times=[("1348", "1348/..", (1348, None)), ("1356", "05/15", (500, 1500))])
    address = plague.get_absolute_url()
    assert address in page("/past/timeline/?from=1340&to=1350")
    assert address not in page("/past/timeline/?from=1350&to=1360")
    assert address in page("/past/timeline/?from=1&to=1900")


def test_a_place_on_the_map_leads_to_its_page_and_on(plague: Article) -> None:
    shown = page("/past/map/?view=europe")
    assert 'href="/past/places/melcombe/"' in shown
    assert 'href="/past/places/melcombe/"' not in page("/past/map/?view=americas")
    assert plague.get_absolute_url() in page("/past/places/melcombe/")
    assert 'href="/past/places/melcombe/"' in page("/past/map/?from=1340&to=1360")
    assert 'href="/past/places/melcombe/"' not in page("/past/map/?from=1700&to=1800")


def test_a_sentence_is_shown_where_it_is_open(plague: Article) -> None:
    assert "In 1348 the plague came to Melcombe." in page("/past/places/melcombe/")


def test_no_page_shows_a_word_of_the_gated_text_or_a_name_that_only_it_knows(plague: Article) -> None:
    addresses = [
        "/past/", "/past/timeline/", "/past/timeline/?from=1340&to=1360", "/past/map/", "/past/map/?view=europe", "/past/people/",
        "/past/places/", "/past/places/melcombe/", "/past/on-this-day/", "/past/questions/",
    ]  # fmt: skip
    for address in addresses:
        shown = page(address)
        assert "gatedword" not in shown.lower(), address
        assert "Swynford" not in shown, address
    page("/past/people/katherine-swynford/", status=404)


def test_the_control_a_name_in_open_text_has_a_page_and_then_lists_gated_articles_too(
    plague: Article,
) -> None:
    other = making.article("Katherine Swynford, Duchess", body=making.paragraphs("openly", "more"))
    record(other, [person("Katherine Swynford", "Katherine Swynford")])
    shown = page("/past/people/katherine-swynford/")
    assert other.get_absolute_url() in shown
    assert plague.get_absolute_url() in shown
    assert "gatedword" not in shown.lower()


def test_what_gated_text_names_once_is_not_listed(plague: Article) -> None:
    """Calais: the gazetteer knows it, but one mention makes no subject."""
    page("/past/places/calais/", status=404)


def test_a_sentence_is_not_shown_once_the_text_has_changed(plague: Article) -> None:
    Article.objects.filter(pk=plague.pk).update(lead_in_ends_after=1, standfirst="Changed.")
    assert "In 1348 the plague came" not in page("/past/places/melcombe/")


@pytest.mark.parametrize("what", ["article", "issue"])
def test_what_is_withdrawn_is_on_no_page_at_once_and_counts_no_more_when_it_is_read(
    plague: Article, what: str
) -> None:
    rows = Article.objects.filter(pk=plague.pk) if what == "article" else Issue.objects.all()
    rows.update(live=False)
    assert plague.get_absolute_url() not in page("/past/timeline/?from=1340&to=1360")
    page("/past/places/melcombe/", status=404)
    bulk.follow()
    assert not Tally.objects.filter(articles__gt=0).exists()
    assert not Entry.objects.filter(articles__gt=0).exists()
    assert not Finding.objects.exists()


def test_a_deleted_article_counts_no_more(plague: Article) -> None:
    plague.delete()
    assert Tally.objects.exists()
    assert not Tally.objects.exclude(articles=0).exists()
    assert not Entry.objects.exclude(articles=0, open_articles=0).exists()


def test_withdrawing_in_the_admin_takes_it_out_at_once(plague: Article) -> None:
    plague.unpublish()
    assert not Reading.objects.exists()


def test_publishing_reads_the_article_in_the_same_transaction() -> None:
    making.issue()
    made = making.article("The Siege", body=[Paragraph("It began in 1812. " + making.sentence("word", 30))])
    assert not Reading.objects.exists()
    made.save_revision().publish()
    assert Reading.objects.get().article_id == made.pk
    assert Finding.objects.filter(edtf="1812").exists()


def test_read_twice_it_counts_once(plague: Article) -> None:
    before = list(Tally.objects.order_by("unit", "start").values_list("unit", "start", "articles"))
    entries = list(Entry.objects.order_by("key").values_list("key", "articles", "open_articles"))
    record(
        plague,
        [place("Melcombe", "Melcombe", 50.6, -2.4), person("Katherine Swynford", "Katherine Swynford"), place("Calais", "Calais", 50.9, 1.8)],
        [("1348", "1348", (1348, 1349)), ("1356", "1356", (1356, 1357))],
    )  # fmt: skip
    assert list(Tally.objects.order_by("unit", "start").values_list("unit", "start", "articles")) == before
    assert list(Entry.objects.order_by("key").values_list("key", "articles", "open_articles")) == entries


def test_the_order_under_an_entry_is_that_of_the_issues() -> None:
    older, newer = making.issue(date(1951, 1, 1)), making.issue(date(1999, 9, 1))
    pieces = [
        making.article(f"Melcombe {n}", of=of, body=making.paragraphs("word", "more"))
        for n, of in enumerate((older, newer, older))
    ]
    for piece in pieces:
        record(piece, [place("Melcombe", "Melcombe")])
    shown = page("/past/places/melcombe/")
    assert [shown.index(piece.get_absolute_url()) for piece in (pieces[1], pieces[0], pieces[2])] == sorted(
        shown.index(piece.get_absolute_url()) for piece in pieces
    )


def test_a_day_shows_its_articles_and_a_day_that_is_none_is_not_there(plague: Article) -> None:
    record(plague, times=[("1348", "1348-06-24", (1348, 1349))])
    shown = page("/past/on-this-day/6-24/")
    assert plague.get_absolute_url() in shown
    assert "In 1348 the plague came to Melcombe." in shown
    assert plague.get_absolute_url() not in page("/past/on-this-day/6-25/")
    for address in ("/past/on-this-day/13-1/", "/past/on-this-day/2-30/", "/past/on-this-day/06-24/"):
        page(address, status=404)
    page("/past/on-this-day/2-29/")


def test_questions_stand_by_subject_with_both_sides(plague: Article) -> None:
    from_one = making.article("Was the plague at Melcombe first?", body=making.paragraphs("word", "more"))
    other = making.article("Did Melcombe matter?", body=making.paragraphs("word", "more"))
    for one, side in ((from_one, "for"), (other, "against")):
        record(one, [place("Melcombe", "Melcombe")])
        editing.take_side(one, side)
    shown = page("/past/questions/")
    assert shown.index(">For<") < shown.index(from_one.get_absolute_url()) < shown.index(">Against<")
    assert shown.index(">Against<") < shown.index(other.get_absolute_url())
    assert plague.get_absolute_url() not in shown


# Reading many.


def test_what_was_imported_is_read_by_the_worker_and_a_dry_run_changes_nothing() -> None:
    making.issue()
    for _ in range(3):
        making.article(body=[Paragraph("In 1812 it was cold. " + making.sentence("word", 30))])
    told = bulk.read_again(1, lambda done: None, everything=False, only_report=True)
    assert (told.articles, told.found["time"]) == (3, 3)
    assert not Finding.objects.exists()
    assert bulk.follow() == 3
    assert bulk.follow() == 0
    assert Finding.objects.count() == 3


def test_reading_again_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    making.issue()
    for _ in range(5):
        making.article(body=[Paragraph("In 1812 it was cold. " + making.sentence("word", 30))])
    done: list[int] = []

    def stop(articles: int) -> None:
        done.append(articles)
        if articles >= 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bulk.read_again(1, stop, everything=False, only_report=False)
    assert Reading.objects.count() == 2
    assert bulk.read_again(1, done.append, everything=False, only_report=False).articles == 3
    Reading.objects.update(rules="older")
    assert bulk.read_again(1, done.append, everything=False, only_report=True).articles == 5


def test_a_changed_text_is_read_again() -> None:
    making.issue()
    made = making.article(body=[Paragraph("In 1812 it was cold. " + making.sentence("word", 30))])
    bulk.follow()
    Article.objects.filter(pk=made.pk).update(standfirst="As in 1709.", last_published_at=timezone.now())
    assert bulk.follow() == 1
    assert set(Finding.objects.values_list("edtf", flat=True)) == {"1812", "1709"}
