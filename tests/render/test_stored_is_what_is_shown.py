"""A stored page, filled for a reader, is byte for byte what Django renders for the same reader."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from backnumber.access import Asker, Decision, Policy, Reason, decide
from backnumber.archive.models import Anniversary, Article, FreeWindow, Issue
from backnumber.edge.page.slots import fillings
from backnumber.edge.render.rules import Disagreement, Marks
from backnumber.gate.asking import asker_of
from backnumber.gifts.service import make_gift
from backnumber.readers.models import Reader
from backnumber.website import rendered_articles
from tests.institutions.campus import ASHDOWN, CLEOS_ADDRESS, institution, licence
from tests.render.sheets import LISTS, rendered

pytestmark = pytest.mark.django_db
FIREFOX = {"User-Agent": "Mozilla/5.0 Firefox/145.0"}
FOR_NOBODY_ALONE = {"issue", "section", "contributor"}


def browser(reader: Reader | None = None, **meta: str) -> Client:
    client = Client(**meta)
    if reader is not None:
        client.force_login(reader)
    return client


def compared(article: Article, client: Client) -> Decision:
    """Promise: the decision, and that both pages for it are the same."""
    live = client.get(article.get_absolute_url(), headers=FIREFOX)
    now = timezone.now()
    page = rendered(article.get_absolute_url())
    assert page.facts.asked is not None
    asker = asker_of(live.wsgi_request, page.facts.asked, now)
    decision = decide(page.facts.asked, asker, now)
    text = page.whole if decision.allowed else page.closed
    assert text is not None
    filled = fillings(text, decision, asker.reader is not None)
    assert filled is not None, decision.reason
    assert text.filled(filled).decode() == live.content.decode()
    return decision


def window(article: Article, **of: Any) -> None:
    now = timezone.now()
    FreeWindow.objects.create(
        article=article, starts=now - timedelta(days=1), until=now + timedelta(days=1), **of
    )


def in_a_window(article: Article) -> None:
    window(article, why="this week's long read")


def in_a_window_with_words(article: Article) -> None:
    window(article, why="for <teachers> & pupils")


def on_its_day(article: Article) -> None:
    today = timezone.localdate()
    Anniversary.objects.create(article=article, month=today.month, day=today.day, why="the day of the fall")


def with_policy(policy: Policy | str) -> Callable[[Article], None]:
    return lambda article: Article.objects.filter(pk=article.pk).update(policy=policy) and None


def behind_the_wall(article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(free_after_years=5)


def while_new(article: Article) -> None:
    Issue.objects.filter(pk=article.issue_id).update(sort_date=timezone.localdate(), paid_after_weeks=4)
    article.refresh_from_db()


def before_its_issue_is_on_sale(article: Article) -> None:
    Issue.objects.filter(pk=article.issue_id).update(on_sale=timezone.now() + timedelta(days=3))


def without_a_section(article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(section=None)
    in_a_window(article)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (with_policy("subscribers"), Reason.NO_ACCOUNT),
        (with_policy("sign-in"), Reason.NO_ACCOUNT),
        (with_policy("a typing mistake"), Reason.UNKNOWN_POLICY),
        (with_policy("open"), Reason.OPEN),
        (in_a_window, Reason.FREE_NOW),
        (in_a_window_with_words, Reason.FREE_NOW),
        (on_its_day, Reason.FREE_NOW),
        (behind_the_wall, Reason.FREE_BY_AGE),
        (while_new, Reason.FREE_WHILE_NEW),
        (before_its_issue_is_on_sale, Reason.EMBARGOED),
        (without_a_section, Reason.FREE_NOW),
    ],
)
def test_nobody_in_particular_gets_the_same_page_from_print(
    article: Article, page: Callable[[Article], None], reason: Reason
) -> None:
    page(article)
    assert compared(Article.objects.get(pk=article.pk), browser()).reason is reason


@pytest.mark.parametrize("policy", ["subscribers", "metered", "sign-in", "open", "a typing mistake"])
def test_a_subscriber_gets_the_same_page_from_print(article: Article, ada: Reader, policy: str) -> None:
    with_policy(policy)(article)
    assert compared(article, browser(ada)).reason is Reason.GRANT


def test_an_account_is_enough_where_it_is_and_the_page_is_the_same(article: Article, dan: Reader) -> None:
    with_policy("sign-in")(article)
    assert compared(article, browser(dan)).reason is Reason.SIGNED_IN


def test_a_subscriber_reads_what_is_free_by_right_of_their_own(
    article: Article, ada: Reader, dan: Reader
) -> None:
    in_a_window(article)
    assert compared(article, browser(ada)).reason is Reason.GRANT
    assert compared(article, browser(dan)).reason is Reason.FREE_NOW


def test_readers_at_a_library_get_the_same_page_with_its_name(article: Article) -> None:
    now = timezone.now()
    licence(institution("Ashdown & Sons’ Library", ASHDOWN), starts=now - timedelta(days=1), until=None)
    decision = compared(article, browser(REMOTE_ADDR=CLEOS_ADDRESS))
    assert decision.reason is Reason.LICENCE


def test_the_meter_says_how_many_are_left_on_a_stored_page_too(article: Article, settings: Settings) -> None:
    settings.METER_NOBODY = 3
    with_policy("metered")(article)
    decision = compared(article, browser())
    assert decision.reason is Reason.METERED


def test_what_is_not_counted_gets_the_stored_gate(article: Article, settings: Settings) -> None:
    settings.METER_NOBODY = 3
    with_policy("metered")(article)
    live = Client().get(article.get_absolute_url(), headers={"User-Agent": "a bot"}).content
    text = rendered(article.get_absolute_url()).closed
    asked = rendered(article.get_absolute_url()).facts.asked
    assert asked is not None
    filled = fillings(text, decide(asked, Asker(), timezone.now()), signed_in=False)
    assert filled is not None
    assert text.filled(filled) == live


def test_a_meter_that_is_off_is_a_gate_like_any_other(article: Article, settings: Settings) -> None:
    settings.METER_NOBODY = 0
    with_policy("metered")(article)
    assert compared(article, browser()).reason is Reason.METER_SPENT


def test_a_gift_opens_the_stored_page_and_says_so(article: Article, ada: Reader) -> None:
    link = make_gift(ada, article, timezone.now()).address
    client = browser()
    assert (
        client.get(f"{article.get_absolute_url()}?{link.partition('?')[2]}", headers=FIREFOX).status_code
        == 303
    )
    assert compared(article, client).reason is Reason.GIFT


def test_what_is_said_to_one_reader_alone_is_left_to_django(article: Article, settings: Settings) -> None:
    settings.METER_NOBODY = 3
    page = rendered(article.get_absolute_url())
    assert page.facts.asked is not None
    nobodys = decide(page.facts.asked, Asker(), timezone.now())
    for reason in (Reason.LAPSED, Reason.METER_SPENT, Reason.GIFT_ENDED):
        assert fillings(page.closed, replace(nobodys, reason=reason), signed_in=False) is None
    assert fillings(page.closed, nobodys, signed_in=True) is None
    assert fillings(page.closed, nobodys, signed_in=False) is not None


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("signed_in", [False, True])
def test_a_stored_list_is_what_django_shows(
    article: Article, dan: Reader, address: str, signed_in: bool
) -> None:
    in_a_window(article)
    live = browser(dan if signed_in else None).get(address).content.decode()
    page = rendered(address)
    filled = fillings(page.closed, None, signed_in)
    if signed_in and page.facts.kind in FOR_NOBODY_ALONE:
        assert filled is None
        return
    assert filled is not None
    assert page.closed.filled(filled).decode() == live


def test_nobody_can_write_a_mark_into_an_article(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    forged = "\ue000:gate:no-account\ue001 forged \ue002\ue001"
    Article.objects.filter(pk=article.pk).update(headline=f"Siege {forged}")
    assert compared(article, browser()).reason is Reason.NO_ACCOUNT
    marks = Marks("known")
    monkeypatch.setattr(rendered_articles, "Marks", lambda: marks)
    known = "\ue000known:gate:no-account\ue001 forged \ue002known\ue001"
    Article.objects.filter(pk=article.pk).update(headline=f"Siege {known}")
    with pytest.raises(Disagreement):  # the control: with its number it is taken for one
        compared(article, browser())
