"""How long a stored page is good: as long as what it shows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backnumber.archive.blocks import PictureRef
from backnumber.archive.models import Article, FreeWindow, Issue, Rights
from backnumber.edge.render import service
from backnumber.website import rendered_articles
from tests import making
from tests.website.pictures import a_picture

pytestmark = pytest.mark.django_db


def test_a_page_is_good_for_as_long_as_what_it_shows(article: Article) -> None:
    now = timezone.now()
    day_after = rendered_articles.READ_NEXT_LASTS
    made = service.render_page(article.get_absolute_url(), now)
    assert made is not None
    assert made.facts.good_until == now + day_after
    today = now.date()
    picture = a_picture(rights=Rights.UNTIL, rights_until=today)
    lone = making.article("Alone", section=None, body=[*making.body_with_canaries(), PictureRef(picture.pk)])
    made = service.render_article(lone.pk, now)
    assert made is not None
    assert made.facts.good_until is not None
    assert made.facts.good_until.date() == today + timedelta(days=1)
    assert f"picture:{picture.pk}" in made.keys
    quiet = service.render_article(making.article("Quiet", section=None).pk, now)
    assert quiet is not None
    assert quiet.facts.good_until == now + day_after, "what to read next is looked up anew each day"


def test_a_list_is_good_until_the_next_mark_turns(article: Article) -> None:
    now = timezone.now()
    soon = now + timedelta(seconds=30)
    FreeWindow.objects.create(article=article, starts=soon, until=now + timedelta(days=1), why="a week")
    for address in ("/", article.issue.get_absolute_url(), "/sections/war-and-strategy/"):
        page = service.render_page(address, now)
        assert page is not None
        assert page.facts.good_until == soon, address
    walls = service.render_page("/archive/", now)
    assert walls is not None
    assert walls.facts.good_until is None


def test_a_cover_whose_right_ends_ends_the_pages_that_show_it(article: Article) -> None:
    now = timezone.now()
    Issue.objects.filter(pk=article.issue_id).update(
        cover=a_picture(rights=Rights.UNTIL, rights_until=now.date())
    )
    page = service.render_page("/archive/", now)
    assert page is not None
    assert page.facts.good_until is not None
    assert page.facts.good_until - now <= timedelta(days=1)
