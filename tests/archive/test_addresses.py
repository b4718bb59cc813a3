"""Stable addresses: readable, and permanent redirects when a slug changes."""

from datetime import date

import pytest

from backnumber.archive.models import Article, Issue, OldAddress
from backnumber.archive.queries import moved_to
from tests import making

pytestmark = pytest.mark.django_db
OLD = "/archive/the-hourglass/1999/september/the-fortress/"


def test_an_address_is_readable(gated: Article) -> None:
    assert gated.get_absolute_url() == OLD


def test_a_changed_slug_leads_to_the_new_address(gated: Article) -> None:
    gated.slug = "the-citadel"
    gated.save()
    assert moved_to(OLD) == "/archive/the-hourglass/1999/september/the-citadel/"


def test_two_changes_lead_there_at_once(gated: Article) -> None:
    for slug in ("second", "third"):
        gated.slug = slug
        gated.save()
    assert moved_to(OLD) == moved_to(OLD.replace("the-fortress", "second")) == gated.get_absolute_url()


def test_an_issue_that_moves_takes_its_articles_along(gated: Article) -> None:
    issue = gated.issue
    issue.slug = "september-special"
    issue.save()
    assert moved_to("/archive/the-hourglass/1999/september/") == issue.get_absolute_url()
    assert moved_to(OLD) == "/archive/the-hourglass/1999/september-special/the-fortress/"


def test_an_article_moved_to_another_issue_is_found(gated: Article) -> None:
    gated.issue = making.issue(date(2001, 3, 1))
    gated.save()
    assert moved_to(OLD) == "/archive/the-hourglass/2001/march/the-fortress/"


def test_a_withdrawn_article_has_no_old_address_either(gated: Article) -> None:
    gated.slug = "the-citadel"
    gated.save()
    Article.objects.filter(pk=gated.pk).update(live=False)
    assert moved_to(OLD) is None


def test_a_draft_leaves_no_old_address(gated: Article) -> None:
    Article.objects.filter(pk=gated.pk).update(live=False)
    gated.refresh_from_db()
    gated.slug = "renamed-in-secret"
    gated.save()
    assert not OldAddress.objects.exists()


def test_what_never_was_leads_nowhere(gated: Article) -> None:
    assert moved_to("/archive/the-hourglass/1999/september/never/") is None
    assert moved_to("/") is None
    assert Issue.objects.count() == 1
