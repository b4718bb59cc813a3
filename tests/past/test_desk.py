"""Editors see what was found in an article, and what they say of it stays said."""

import pytest
from django.test import Client
from django.urls import reverse

from backnumber.archive.blocks import Paragraph, to_stream
from backnumber.archive.models import Article
from backnumber.past import bulk
from backnumber.past.models import Finding, Reading, Status, Word
from tests import making

pytestmark = pytest.mark.django_db

TEXT = (
    "The siege of 1812 was long. In 1813 nothing was left, and in 1814 they rebuilt what had stood in 1812."
)


@pytest.fixture
def siege() -> Article:
    making.issue()
    made = making.article("The Siege", body=[Paragraph(making.sentence("Word", 160)), Paragraph(TEXT)])
    bulk.follow()
    return made


def rewrite(article: Article, text: str) -> None:
    body = to_stream([Paragraph(making.sentence("Word", 160)), Paragraph(text)])
    Article.objects.filter(pk=article.pk).update(body=body)
    assert bulk.follow() == 1


def nth(article: Article, words: str, number: int = 0) -> Finding:
    return Finding.objects.filter(article=article, text=words).order_by("position", "start")[number]


def say(editor: Client, one: Finding, **given: str) -> None:
    answer = editor.post(reverse("past_finding", args=[one.article_id, one.pk]), given)
    assert answer.status_code == 302, answer.content.decode()


def statuses(article: Article) -> list[tuple[str, str, str]]:
    found = Finding.objects.filter(article=article).order_by("position", "start")
    return [(one.text, one.status, one.edtf) for one in found]


def test_the_page_marks_every_finding_in_the_whole_text(editor: Client, siege: Article) -> None:
    page = editor.get(reverse("past_article", args=[siege.pk])).content.decode()
    assert "4 findings" in page
    for one in Finding.objects.all():
        assert reverse("past_finding", args=[siege.pk, one.pk]) in page


def test_accepted_mended_and_dismissed_survive_reading_again_and_an_edit_around_them(
    editor: Client, siege: Article
) -> None:
    say(editor, nth(siege, "1812", 0), verdict="accepted")
    say(editor, nth(siege, "1813"), verdict="mended", first="1613", last="1615")
    say(editor, nth(siege, "1812", 1), verdict="dismissed")
    expected = [
        ("1812", "accepted", "1812"),
        ("1813", "mended", "1613/1615"),
        ("1814", "", "1814"),
        ("1812", "dismissed", "1812"),
    ]
    assert statuses(siege) == expected
    Reading.objects.update(rules="older")
    assert bulk.follow() == 1
    assert statuses(siege) == expected
    rewrite(
        siege,
        "A new beginning. The terrible siege of 1812 was very long. In 1813 hardly anything was left; in 1814 the town "
        "rebuilt what once had stood in 1812.",
    )
    assert statuses(siege) == expected
    rewrite(
        siege,
        "They rebuilt what had stood in 1812, before the siege of 1812 was thought of; in 1813 it was done.",
    )
    assert [one[:2] for one in statuses(siege)] == [
        ("1812", "dismissed"),
        ("1812", "accepted"),
        ("1813", "mended"),
    ]


def test_what_was_dismissed_is_on_no_page_and_what_was_mended_is_where_it_belongs(
    editor: Client, siege: Article
) -> None:
    def is_in(year: int) -> bool:
        page = Client().get(f"/past/timeline/?from={year}&to={year}").content.decode()
        return siege.get_absolute_url() in page

    assert is_in(1813)
    say(editor, nth(siege, "1813"), verdict="mended", first="44 BC")
    assert not is_in(1813)
    assert siege.get_absolute_url() in Client().get("/past/timeline/?from=44+BC&to=44+BC").content.decode()
    say(editor, nth(siege, "1814"), verdict="dismissed")
    assert not is_in(1814)
    say(editor, nth(siege, "1814"), verdict="accepted")
    assert is_in(1814)
    assert Word.objects.count() == 2


def test_a_word_spreads_as_unverified_to_the_same_words_elsewhere(editor: Client, siege: Article) -> None:
    other = making.article(
        "Another", body=[Paragraph("It was 1813 there too. " + making.sentence("More", 40))]
    )
    bulk.follow()
    say(editor, nth(siege, "1813"), verdict="mended", first="1613")
    assert nth(other, "1813").status == ""
    assert bulk.follow() == 1
    there = nth(other, "1813")
    assert (there.status, there.edtf) == (Status.UNVERIFIED, "1613")
    page = editor.get(reverse("past_finding", args=[other.pk, there.pk])).content.decode()
    assert "The Siege" in page
    say(editor, there, verdict="dismissed")
    assert nth(other, "1813").status == Status.DISMISSED
    assert nth(siege, "1813").status == Status.MENDED


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "This field is required"),
        ({"verdict": "mended", "first": "soon"}, "is no year we know"),
        ({"verdict": "mended", "first": ""}, "Write its first year"),
        ({"verdict": "mended", "first": "1813", "last": "1812"}, "The last year comes after the first"),
    ],
)
def test_what_cannot_be_said_is_explained(
    editor: Client, siege: Article, given: dict[str, str], message: str
) -> None:
    one = nth(siege, "1813")
    answer = editor.post(reverse("past_finding", args=[siege.pk, one.pk]), given)
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert not Word.objects.exists()


def test_nobody_else_sees_the_findings(help_desk: Client, siege: Article) -> None:
    one = nth(siege, "1813")
    for address in (
        reverse("past_article", args=[siege.pk]),
        reverse("past_finding", args=[siege.pk, one.pk]),
    ):
        assert help_desk.get(address).status_code == 403
        assert Client().get(address).status_code == 302


def test_an_article_can_be_read_again_at_once_and_take_a_side(editor: Client, siege: Article) -> None:
    Finding.objects.filter(text="1813").delete()
    assert editor.post(reverse("past_read_again", args=[siege.pk])).status_code == 302
    assert nth(siege, "1813").edtf == "1813"
    assert editor.post(reverse("past_article", args=[siege.pk]), {"side": "for"}).status_code == 302
    assert editor.post(reverse("past_article", args=[siege.pk]), {"side": "beside"}).status_code == 200
