"""A lead-in is made once for each state of a text, and never of another state or another's right."""

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from backnumber.access import Asker, Decision, Reason, supposed
from backnumber.archive import lead_ins
from backnumber.archive.blocks import to_stream
from backnumber.archive.lead_ins import lead_ins_of, readables
from backnumber.archive.models import Article
from backnumber.archive.queries import articles_for_lists, opening
from backnumber.gate.facts import decisions_for
from tests import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def piece() -> Article:
    lead_ins.REMEMBERED.clear()
    return making.article("The Fortress")


def found() -> list[Article]:
    return list(articles_for_lists())


def shut(articles: list[Article]) -> dict[int, Decision]:
    decided = decisions_for(articles, Asker(), timezone.now())
    assert not any(decision.allowed for decision in decided.values())
    return decided


def test_it_is_the_lead_in_of_the_whole_text_and_made_once(
    piece: Article, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    articles = found()
    with django_assert_num_queries(1):
        first = lead_ins_of(articles)
    assert first == {piece.pk: opening(Article.objects.get(pk=piece.pk))}
    with django_assert_num_queries(0):
        assert lead_ins_of(articles) == first
        assert readables(articles, shut_without_asking(articles)) == first


def shut_without_asking(articles: list[Article]) -> dict[int, Decision]:
    return {article.pk: supposed(False, Reason.NO_GRANT) for article in articles}


@pytest.mark.parametrize(
    "fields", [{"body": to_stream(making.paragraphs("other"), "x")}, {"lead_in_ends_after": 1}]
)
def test_it_is_made_anew_when_the_text_or_its_end_changes(piece: Article, fields: dict[str, object]) -> None:
    lead_ins_of(found())
    Article.objects.filter(pk=piece.pk).update(**fields)
    assert lead_ins_of(found()) == {piece.pk: opening(Article.objects.get(pk=piece.pk))}


def test_who_may_read_gets_the_whole_text_and_nobody_else_after_them(piece: Article) -> None:
    articles = found()
    allowed = {piece.pk: supposed(True, Reason.GRANT)}
    closed = shut(articles)
    assert not readables(articles, closed)[piece.pk].is_whole
    assert readables(articles, allowed)[piece.pk].is_whole
    assert not readables(articles, closed)[piece.pk].is_whole
    assert all(not kept.is_whole for kept in lead_ins.REMEMBERED.values())


def test_what_is_withdrawn_meanwhile_has_none(piece: Article) -> None:
    articles = found()
    Article.objects.update(live=False)
    assert lead_ins_of(articles) == {}
