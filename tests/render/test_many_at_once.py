"""Many articles rendered at once are the same pages as each rendered alone, with hardly more queries than one."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from backnumber.access import Decision, Policy
from backnumber.archive.blocks import PictureRef
from backnumber.archive.models import Article, Correction, FreeWindow, Issue, Rights
from backnumber.edge.page.stored import StoredPage
from backnumber.edge.render import bulk, queries, service
from backnumber.edge.render.models import PageRow
from backnumber.edge.render.rules import Disagreement
from backnumber.website import rendered_articles
from tests import making
from tests.website.pictures import a_picture

pytestmark = pytest.mark.django_db
GATED = ("firstcanary", "middlecanary", "lastcanary", "gatedhead")


@pytest.fixture
def archive(gated: Article, settings: Settings) -> list[str]:
    """Articles of every policy, in several issues and titles, with all that a page can show; their addresses."""
    settings.METER_NOBODY = 0
    making.products()
    now = timezone.now()
    pictures = [
        a_picture(),
        a_picture(rights=Rights.UNTIL, rights_until=now.date()),
        a_picture(rights=Rights.PRINT_ONLY),
    ]
    body = [*making.body_with_canaries(), *(PictureRef(picture.pk) for picture in pictures)]
    for policy in (*(policy.value for policy in Policy), "", "a typing mistake"):
        made = making.article(f"Siege {policy}", of=gated.issue, body=body)
        Article.objects.filter(pk=made.pk).update(policy=policy)
        Correction.objects.create(article=made, text=f"A correction of {policy or 'it'}.")
    FreeWindow.objects.create(article=gated, starts=now, until=now + timedelta(1), why="for <teachers>")
    coming = making.issue((now + timedelta(days=9)).date())
    Issue.objects.filter(pk=coming.pk).update(on_sale=now + timedelta(days=9))
    making.article("To Come", of=coming)
    making.article("Alone", of=making.issue(coming.sort_date, of=making.title("The Sandglass")), section=None)
    return list(rendered_articles.article_addresses())


def test_many_at_once_are_the_same_as_each_alone(archive: list[str]) -> None:
    now = timezone.now()
    together = {page.facts.address: page for page in rendered_articles.render_articles(archive, now)}
    assert sorted(together) == sorted(archive)
    for address in archive:
        alone = rendered_articles.render_article(address, now)
        assert alone is not None
        assert together[address].content == alone.content, address
        assert together[address].facts == alone.facts


def test_each_is_stored_as_if_it_were_rendered_alone(archive: list[str]) -> None:
    now = timezone.now()
    assert service.render_pages([*archive, "/sections/", "/account/", "/nowhere/"], now) == len(archive) + 1
    assert PageRow.objects.count() == len(archive) + 1
    for address in archive:
        stored = queries.fetch(address)
        service.render_page(address, now)
        assert stored == queries.fetch(address), address


def test_no_gated_word_is_in_any_text_that_anyone_may_get(archive: list[str]) -> None:
    pages = rendered_articles.render_articles(archive, timezone.now())
    for page in pages:
        assert [word for word in GATED if word in said_by_whole(page)], "the control: the whole text has them"
        for text in (
            page.closed.plain,
            *(one for slot in page.closed.slots for one in slot.choices.values()),
        ):
            assert not [word for word in GATED if word in text.decode()], page.facts.address


def said_by_whole(page: StoredPage) -> str:
    return page.whole.plain.decode() if page.whole else ""


def test_many_ask_hardly_more_than_one(archive: list[str]) -> None:
    with CaptureQueriesContext(connection) as of_one:
        service.render_pages(archive[:1], timezone.now())
    with CaptureQueriesContext(connection) as of_all:
        service.render_pages(archive, timezone.now())
    stores = len(archive) - 1
    for_pictures = 1  # the first has none
    assert len(of_all) - stores <= len(of_one) + for_pictures


def test_what_is_no_article_is_left_out(archive: list[str]) -> None:
    draft = making.article("Draft", live=False)
    other = [
        "/archive/the-hourglass/99999/september/x/",
        "/sections/",
        draft.get_absolute_url(),
        archive[0].replace("/1", "/01"),
    ]
    assert rendered_articles.render_articles(other, timezone.now()) == []
    assert [
        page.facts.address for page in rendered_articles.render_articles([*other, archive[0]], timezone.now())
    ] == archive[:1]


def test_articles_whose_addresses_share_their_parts_are_not_mixed_up(archive: list[str]) -> None:
    for year in (2001, 2002):
        for title in (making.title(), making.title("The Sandglass")):
            making.article("The Fortress", of=making.issue(date(year, 9, 1), of=title))
    wanted = {
        "/archive/the-hourglass/2001/september/the-fortress/",
        "/archive/the-sandglass/2002/september/the-fortress/",
    }
    assert {
        page.facts.address for page in rendered_articles.render_articles([*wanted], timezone.now())
    } == wanted


def careless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that says otherwise, outside the slots, who is signed in."""
    real = rendered_articles.render_to_string

    def render(template: str, context: dict[str, Any], request: Any) -> str:
        return real(template, context, request) + (
            "<p>Welcome back</p>" if request.user.is_authenticated else ""
        )

    monkeypatch.setattr(rendered_articles, "render_to_string", render)


def test_what_varies_outside_the_slots_is_found(archive: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    careless(monkeypatch)
    with pytest.raises(Disagreement, match="Welcome back"):
        rendered_articles.render_articles(archive, timezone.now())
    done = bulk.render_some(archive, timezone.now())
    assert done.failed == archive, "one by one they are not rendered either"
    assert not PageRow.objects.exists()


def test_one_that_cannot_be_rendered_holds_up_no_other_of_its_batch(
    archive: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Article.objects.get(slug="to-come")
    real = rendered_articles.denials

    def jam(asked: Any, now: Any) -> list[Decision]:
        if asked.article == broken.pk:
            raise Disagreement("on purpose")
        return real(asked, now)

    monkeypatch.setattr(rendered_articles, "denials", jam)
    done = bulk.render_some(archive, timezone.now())
    assert (done.pages, done.failed) == (len(archive) - 1, [broken.get_absolute_url()])
