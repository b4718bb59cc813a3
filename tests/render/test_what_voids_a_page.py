"""What each change of the archive says, and which stored pages it makes void. The database says it itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from backnumber.archive.blocks import PictureRef, to_stream
from backnumber.archive.models import (
    Anniversary,
    Article,
    Contributor,
    Correction,
    FreeWindow,
    Issue,
    Picture,
    Section,
    Title,
    Volume,
)
from backnumber.edge.render import queries, service
from backnumber.edge.render.models import Change
from backnumber.products.models import Price, Product
from tests import making
from tests.website.pictures import a_picture

pytestmark = pytest.mark.django_db
NOON = making.NOON
Act = Callable[[Article], Any]
FORTRESS = "/archive/the-hourglass/1999/september/the-fortress/"
SALLY_PORT = "/archive/the-hourglass/1999/september/the-sally-port/"
ISSUE = "/archive/the-hourglass/1999/september/"
FAR_AWAY = "/archive/the-hourglass/1960/march/far-away/"


@pytest.fixture
def article(gated: Article) -> Article:
    """The Fortress, with all that a page can show: a neighbour, a correction, a window, a picture, a cover."""
    making.products()
    picture = a_picture()
    body = [*making.body_with_canaries(), PictureRef(picture.pk)]
    Article.objects.filter(pk=gated.pk).update(body=to_stream(body, "Fortress"))
    Issue.objects.filter(pk=gated.issue_id).update(cover=picture)
    Correction.objects.create(article=gated, made_on=date(2020, 1, 1), text="A correction.")
    FreeWindow.objects.create(article=gated, starts=NOON, until=NOON + timedelta(1), why="w")
    Anniversary.objects.create(article=gated, month=5, day=4, why="a")
    making.article("The Sally Port", of=gated.issue, position=gated.position + 1)
    making.article(
        "Far Away", of=making.issue(date(1960, 3, 1)), section=making.section("Places"), by="Tom Ash"
    )
    gated.refresh_from_db()
    Change.objects.all().delete()
    return gated


def said(act: Act, article: Article) -> set[str]:
    """Promise: the keys, with this article's own number left out of them."""
    last = Change.objects.order_by("-id").values_list("id", flat=True).first() or 0
    own = {f"article:{article.pk}": "article", f"card:{article.pk}": "card", f"order:{article.issue_id}": "order",
           f"issue:{article.issue_id}": "issue"}  # fmt: skip
    act(article)
    keys = Change.objects.filter(id__gt=last).values_list("key", flat=True)
    return {own.get(key, key) for key in keys}


def to_article(**fields: Any) -> Act:
    return lambda article: Article.objects.filter(pk=article.pk).update(**fields)


def to_issue(**fields: Any) -> Act:
    return lambda article: Issue.objects.filter(pk=article.issue_id).update(**fields)


CARD = {"article", "card", "lists"}
CHANGES: dict[str, tuple[Act, set[str]]] = {
    "its text": (to_article(body=to_stream(making.paragraphs("other"), "x")), {"article"}),
    "its text and its length": (to_article(body=to_stream(making.paragraphs("other"), "x"), words=9), {"article"}),
    "where its lead-in ends": (to_article(lead_in_ends_after=1), {"article"}),
    "that it was published again": (to_article(last_published_at=NOON), {"article"}),
    "its headline": (to_article(headline="The Citadel"), CARD),
    "its slug": (to_article(slug="the-citadel"), CARD),
    "its standfirst": (to_article(standfirst="Otherwise."), CARD),
    "its byline": (to_article(byline="E. Marsh"), CARD),
    "its pages": (to_article(first_page="3"), CARD),
    "its policy": (to_article(policy="open"), CARD),
    "its walls": (to_article(free_after_years=3, paid_after_weeks=2), CARD),
    "its day online": (to_article(online_date=date(2001, 1, 1)), CARD),  # since 0003_day_online
    "its language": (to_article(language="fr"), {"article"}),
    "its section": (to_article(section=None), CARD),
    "its place in the issue": (to_article(position=99), CARD | {"order"}),
    "that it is withdrawn": (to_article(live=False), CARD | {"order"}),
    "that it is deleted": (lambda article: article.delete(), CARD | {"order", "windows", "contributor"}),
    "a correction": (lambda a: Correction.objects.create(article=a, text="x"), {"article"}),
    "a correction's words": (lambda a: a.corrections.update(text="y"), {"article"}),
    "a correction taken back": (lambda a: a.corrections.all().delete(), {"article"}),
    "a free window": (
        lambda a: FreeWindow.objects.create(article=a, starts=NOON, until=NOON + timedelta(2), why="v"),
        {"article", "card", "windows"},
    ),
    "a window's end": (lambda a: a.free_windows.update(until=NOON + timedelta(3)), {"article", "card", "windows"}),
    "a window shut": (lambda a: a.free_windows.all().delete(), {"article", "card", "windows"}),
    "a day of the year": (
        lambda a: Anniversary.objects.create(article=a, month=6, day=1, why="b"),
        {"article", "card", "windows"},
    ),
    "a day's reason": (lambda a: a.anniversaries.update(why="c"), {"article", "card", "windows"}),
    "a day taken back": (lambda a: a.anniversaries.all().delete(), {"article", "card", "windows"}),
    "who wrote it": (lambda a: a.authorships.all().delete(), {"article", "contributor", "lists"}),
    "the order of who wrote it": (lambda a: a.authorships.update(position=4), {"article", "contributor", "lists"}),
    "its issue's cover date": (to_issue(cover_date="Autumn"), {"issue", "lists", "issue-lists"}),
    "its issue's policy": (to_issue(policy="open"), {"issue", "lists", "issue-lists"}),
    "its issue's embargo": (to_issue(on_sale=NOON), {"issue", "lists", "issue-lists"}),
    "that its issue is withdrawn": (to_issue(live=False), {"issue", "lists", "issue-lists"}),
    "its section's name": (lambda a: Section.objects.filter(pk=a.section_id).update(name="War"), {"section", "lists"}),
    "its section's walls": (
        lambda a: Section.objects.filter(pk=a.section_id).update(paid_after_weeks=2),
        {"section", "lists"},
    ),
    "its author's note": (lambda a: Contributor.objects.filter(name="Eleanor Marsh").update(note="n"), {"contributor", "lists"}),
    "its title": (lambda a: Title.objects.update(name="The Sandglass"), {"*"}),
    "another title": (lambda a: making.title("The Sandglass"), {"*"}),
    "its volume": (lambda a: Volume.objects.filter(pk=a.issue.volume_id).update(number="L"), {"*"}),
    "a price": (lambda a: Price.objects.filter(product__code="online-yearly").update(minor=5), {"shop"}),
    "a product": (lambda a: Product.objects.filter(code="online-yearly").update(for_sale=False), {"shop"}),
    "a new product": (lambda a: making.product("x", term_months=1), {"shop"}),
    "a picture's right": (lambda a: Picture.objects.update(rights="print-only"), {"picture", "covers"}),
    "a picture deleted": (
        lambda a: (Issue.objects.update(cover=None), Picture.objects.all().delete()),
        {"issue", "lists", "issue-lists", "picture"},
    ),
}  # fmt: skip
NUMBERED = ("section:", "contributor:", "picture:")


def unnumbered(keys: set[str]) -> set[str]:
    return {key.partition(":")[0] if key.startswith(NUMBERED) else key for key in keys}


@pytest.mark.parametrize("what", CHANGES)
def test_every_change_says_what_it_changes_and_nothing_else(article: Article, what: str) -> None:
    act, keys = CHANGES[what]
    assert unnumbered(said(act, article)) == keys


@pytest.mark.parametrize("what", CHANGES)
def test_every_change_makes_the_articles_page_void_and_no_change_leaves_it(
    article: Article, what: str
) -> None:
    rendered = service.render_page(FORTRESS, timezone.now())
    assert rendered is not None
    assert queries.fetch(FORTRESS) is not None, "the control: before the change it is good"
    CHANGES[what][0](article)
    assert queries.fetch(FORTRESS) is None


# Which pages a change reaches beside the article's own: those that show it, and no other.
REACHES = {
    "its text": {"/"},  # its first paragraph stands on the front page
    "its text and its length": {"/"},
    "its headline": {"/", ISSUE, SALLY_PORT, "/sections/places/", "/sections/"},
    "its place in the issue": {"/", ISSUE, SALLY_PORT, "/sections/places/", "/sections/"},
    "a free window": {"/", ISSUE, SALLY_PORT, "/sections/places/"},
    "a correction": {"/"},
    "its issue's cover date": {"/", ISSUE, SALLY_PORT, "/sections/places/", "/sections/", "/archive/"},
    "its section's name": {"/", ISSUE, SALLY_PORT, "/sections/places/", "/sections/"},
    "its author's note": {"/", SALLY_PORT, "/sections/places/", "/sections/"},
    "a picture's right": {"/", ISSUE, "/archive/"},
    "a price": {SALLY_PORT, FAR_AWAY},
    "its title": {"/", ISSUE, SALLY_PORT, "/sections/places/", "/sections/", "/archive/", FAR_AWAY},
}  # fmt: skip


@pytest.mark.parametrize("what", REACHES)
def test_a_change_reaches_the_pages_that_show_it_and_no_other(article: Article, what: str) -> None:
    others = [FAR_AWAY, SALLY_PORT, ISSUE, "/", "/archive/", "/sections/", "/sections/places/"]
    for address in others:
        assert service.render_page(address, timezone.now()) is not None, address
    CHANGES[what][0](article)
    assert {address for address in others if queries.fetch(address) is None} == REACHES[what]


@pytest.mark.parametrize(
    ("changed", "reaches"), [("its text", {"/"}), ("its headline", REACHES["its headline"])]
)
def test_an_article_published_anew_reaches_what_shows_what_is_new_of_it(
    article: Article, changed: str, reaches: set[str]
) -> None:
    """As an editor publishes: a revision, its words counted anew. The article itself is rendered with it."""
    others = [FAR_AWAY, SALLY_PORT, ISSUE, "/", "/archive/", "/sections/", "/sections/places/"]
    for address in (*others, FORTRESS):
        assert service.render_page(address, timezone.now()) is not None, address
    if changed == "its headline":
        article.headline = "The Citadel"
    else:
        article.body = to_stream([*making.body_with_canaries(), *making.paragraphs("longer")], "Fortress")
    words = article.words
    article.save_revision().publish()
    article.refresh_from_db()
    assert changed == "its headline" or article.words != words, "the control: its length has changed"
    assert {address for address in others if queries.fetch(address) is None} == reaches


def nothing(article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(headline=article.headline)
    article.authorships.update(position=0)
    article.corrections.update(text="A correction.")
    Title.objects.update(name="The Hourglass")
    Product.objects.filter(code="none").update(name="x")


def a_draft_kept_beside_it(article: Article) -> None:
    article.headline = "Draft"
    article.save_revision()
    Article.objects.filter(pk=article.pk).update(locked=True, go_live_at=NOON, expire_at=NOON + timedelta(9))


def another_that_is_a_draft(article: Article) -> None:
    draft = making.article("Draft", of=article.issue, live=False)
    Article.objects.filter(pk=draft.pk).update(headline="Draft again")
    FreeWindow.objects.create(article=draft, starts=NOON, until=NOON + timedelta(1), why="w")
    Anniversary.objects.create(article=draft, month=1, day=1, why="a")
    Correction.objects.create(article=draft, text="c")
    draft.delete()


def an_issue_that_is_a_draft(article: Article) -> None:
    issue = making.issue(date(2001, 1, 1), live=False)
    Issue.objects.filter(pk=issue.pk).update(cover_date="Later")
    issue.delete()


def a_draft_of_its_issue(article: Article) -> None:
    article.issue.cover_date = "Draft"
    article.issue.save_revision()


@pytest.mark.parametrize(
    "act",
    [
        nothing,
        a_draft_kept_beside_it,
        another_that_is_a_draft,
        an_issue_that_is_a_draft,
        a_draft_of_its_issue,
    ],
)
def test_what_readers_do_not_see_makes_nothing_void(article: Article, act: Act) -> None:
    making.contributor("Eleanor Marsh")
    assert said(act, article) == set()


def test_a_piece_that_is_published_is_told_of_to_the_lists_and_its_issue(article: Article) -> None:
    draft = making.article("Draft", of=article.issue, live=False)
    keys = said(lambda a: Article.objects.filter(pk=draft.pk).update(live=True), article)
    assert keys == {f"article:{draft.pk}", f"card:{draft.pk}", "order", "lists"}


def test_a_piece_that_moves_is_told_of_to_both_issues(article: Article) -> None:
    other = making.issue(date(2000, 1, 1))
    keys = said(lambda a: Article.objects.filter(pk=a.pk).update(issue=other), article)
    assert {"order", f"order:{other.pk}"} <= keys


def test_one_statement_on_many_rows_names_each_thing_once(article: Article) -> None:
    issue = making.issue(date(2000, 1, 1))
    before = Change.objects.count()
    Article.objects.bulk_create(Article(issue=issue, headline=f"A{n}", slug=f"a{n}") for n in range(50))
    assert Change.objects.count() - before == 50 * 2 + 2


@pytest.mark.django_db(transaction=True)
def test_fronts_are_told_when_it_is_so_and_of_many_things_at_once_of_everything() -> None:
    with listening() as told:
        with transaction.atomic():
            article = making.article("The Fortress")
            assert told() == [], "nothing is told before it is so"
        first = told()
        assert f"article:{article.pk}" in " ".join(first)
        with transaction.atomic():
            for number in range(30):
                Article.objects.filter(pk=article.pk).update(headline=f"The Fortress {number}")
                making.article(f"Another {number}", of=article.issue)
        many = told()
        assert "pages *" in many
        assert len(many) < 40, "a transaction that changes much says so once, not thing by thing"
        assert all(len(payload) < 4_000 for payload in many)
        with transaction.atomic():
            Article.objects.filter(pk=article.pk).update(headline="Once more")
        assert told() == [f"pages article:{article.pk} card:{article.pk} lists"], "the count begins anew"
        with transaction.atomic():
            Article.objects.filter(pk=article.pk).update(headline="Never")
            transaction.set_rollback(True)
        assert told() == []


@contextmanager
def listening() -> Iterator[Callable[[], list[str]]]:
    """Another connection, and what it has heard since it was last asked."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as front:
        front.execute("LISTEN backnumber")
        yield lambda: [notice.payload for notice in front.notifies(timeout=0.5)]
