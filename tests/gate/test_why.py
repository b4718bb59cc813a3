"""A sentence for every reason, something for every offer: no enum of the rule grows without words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path

from backnumber.access import (
    Asked,
    Asker,
    Decision,
    Gift,
    Meter,
    Offer,
    Policy,
    Read,
    Reason,
    decide,
)
from backnumber.archive.models import Anniversary, Article, FreeWindow
from backnumber.archive.queries import asked, readable
from backnumber.gate import facts, marks, words
from backnumber.gate.block import GateBlock, gate_block
from backnumber.gate.why import SENTENCES
from backnumber.products.queries import for_sale
from tests import making

pytestmark = pytest.mark.django_db
NOON = making.NOON
DAY = timedelta(days=1)


def library(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("", include("backnumber.website.urls")), path("a-library/", library, name="library")]


def question(article: Article, policy: Policy = Policy.SUBSCRIBERS, on_sale: datetime | None = None) -> Asked:
    return replace(asked([article], NOON)[article.pk], policy=policy, on_sale=on_sale)


def the_gate(article: Article, decision: Decision) -> GateBlock:
    making.products()
    return gate_block(article, readable(article, decision), decision, for_sale(), None, NOON)


def denied(article: Article, asker: Asker, **changed: object) -> GateBlock:
    decision = decide(question(article, **changed), asker, NOON)  # type: ignore[arg-type]
    assert not decision.allowed
    return the_gate(article, decision)


def allows(reason: Reason) -> bool:
    """The enum has two groups, the allowing one first."""
    return list(Reason).index(reason) < list(Reason).index(Reason.NO_ACCOUNT)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words(reason: Reason, gated: Article) -> None:
    assert words.REASONS[reason].endswith(".")
    assert (reason in SENTENCES) is not allows(reason)
    if not allows(reason):
        bare = replace(decide(question(gated), Asker(), NOON), reason=reason)
        assert the_gate(gated, bare).why.endswith(".")


@pytest.mark.parametrize("policy", Policy)
def test_every_policy_has_words(policy: Policy) -> None:
    assert words.POLICIES[policy].startswith(f"{policy.value}: ")


@pytest.mark.parametrize("offer", Offer)
@override_settings(ROOT_URLCONF="tests.gate.test_why")
def test_every_offer_shows_in_the_gate(offer: Offer, gated: Article) -> None:
    decision = decide(question(gated), Asker(), NOON)
    only, none = replace(decision, offers=(offer,)), replace(decision, offers=())
    with_it, without = the_gate(gated, only), the_gate(gated, none)
    if offer is Offer.HELP:
        assert with_it.help_address.startswith("mailto:")
    else:
        assert (with_it.first, with_it.cards, with_it.ways) != (without.first, without.cards, without.ways)


@override_settings(ROOT_URLCONF="tests.gate.test_why")
def test_a_library_is_one_quiet_line_that_leads_back(gated: Article) -> None:
    way = next(way for way in denied(gated, Asker()).ways if "library" in way.text)
    assert way.text == "Read through your library"
    assert unquote(way.address) == f"/a-library/?next={gated.get_absolute_url()}"


@override_settings(ROOT_URLCONF="backnumber.website.browse_urls")
def test_an_address_that_does_not_exist_makes_no_line() -> None:
    from backnumber.gate.block import _way  # noqa: PLC0415

    assert _way("Read through your library", "library", "/here/") is None


def test_an_embargo_names_the_issue_and_the_day(gated: Article) -> None:
    gate = denied(gated, Asker(), on_sale=datetime(2026, 12, 1, 0, 0, tzinfo=UTC))
    assert gate.why == (
        "This article is in The Hourglass, September 1999, which is on sale on 1 December 2026. "
        "Until then we keep it shut."
    )
    assert (gate.cards, gate.first) == ((), None)


@pytest.mark.parametrize(
    ("allowance", "says"),
    [
        (
            1,
            "You have read the one article that is free for now. You may read another from 11 December 2026, 12:00 on.",
        ),
        (
            3,
            "You have read the 3 articles that are free for now. You may read another from 11 December 2026, 12:00 on.",
        ),
        (0, "A subscription opens all of it, every issue since the first."),
    ],
)
def test_a_spent_meter_says_how_many_and_when_one_is_free_again(
    gated: Article, allowance: int, says: str
) -> None:
    reads = tuple(Read(-n, NOON - (8 - n) * DAY) for n in range(1, allowance + 1))
    gate = denied(gated, Asker(meter=Meter(allowance, 30 * DAY, reads)), policy=Policy.METERED)
    assert gate.why.startswith(says)


def test_what_is_not_counted_says_what_to_do(gated: Article) -> None:
    assert (
        "open the page again in a browser that keeps cookies"
        in denied(gated, Asker(), policy=Policy.METERED).why
    )


def test_an_ended_gift_says_when_it_ended(gated: Article) -> None:
    gift = Gift(1, gated.pk, datetime(2026, 11, 17, 23, 30, tzinfo=UTC))
    assert denied(gated, Asker(gift=gift)).why.startswith(
        "This article was a gift to you, and its link ended on 17 November 2026."
    )


def test_what_anyone_may_read_now_has_a_mark(gated: Article) -> None:
    assert marks.mark(facts.decision_for(gated, Asker(), NOON)) == ""
    FreeWindow.objects.create(
        article=gated, starts=NOON - DAY, until=NOON + 6 * DAY, why="this week’s long read"
    )
    assert marks.mark(facts.decision_for(gated, Asker(), NOON)) == "Free this week"
    FreeWindow.objects.all().delete()
    Anniversary.objects.create(article=gated, day=18, month=11, why="the day of the siege")
    assert marks.mark(facts.decision_for(gated, Asker(), NOON)) == "Free today"
    gated.issue.free_after_years = 20
    assert marks.mark(facts.decision_for(gated, Asker(), NOON + DAY)) == "Open to all"
    gated.issue.free_after_years = None
    gated.paid_after_weeks = 2000
    assert marks.mark(facts.decision_for(gated, Asker(), NOON + DAY)) == "Free while new"
