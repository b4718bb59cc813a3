"""What the gate says, for every reason, and what it offers first."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import unquote

import pytest

from backnumber.access import Evidence, Reason, Scope, ScopeKind
from backnumber.archive.models import Article
from backnumber.archive.queries import readable
from backnumber.circulation.models import Claim, PrintSubscription
from backnumber.gate import facts
from backnumber.gate.block import GateBlock, gate_block
from backnumber.gate.reference import read
from backnumber.products.queries import for_sale
from backnumber.readers.models import Reader
from tests import making

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def the_gate(article: Article, reader: Reader | None, now: datetime = NOON) -> GateBlock:
    making.products()
    decision = facts.decision_for(article, facts.asker(reader), now)
    assert not decision.allowed
    return gate_block(
        article, readable(article, decision), decision, for_sale(), reader.pk if reader else None, now
    )


def addresses(gate: GateBlock) -> str:
    return " ".join(way.address for way in gate.ways)


def test_it_says_what_follows_and_how_long_it_is(gated: Article) -> None:
    assert the_gate(gated, None).follows == "The rest of this article, about 180 words, is in the archive."


def test_nobody_is_offered_both_things_sign_in_and_the_claim(gated: Article) -> None:
    gate = the_gate(gated, None)
    assert [card.name for card in gate.cards] == ["Online access", "Print & archive subscription"]
    online, printed = gate.cards
    assert [(p.amount, p.term, p.is_from) for p in online.prices] == [
        ("£48", "a year", False),
        ("£6", "a month", False),
    ]
    assert [(p.amount, p.term, p.is_from) for p in printed.prices] == [("£69", "a year", True)]
    assert "/account/sign-in/" in addresses(gate)


def test_every_way_leads_back_to_the_article(gated: Article) -> None:
    gate = the_gate(gated, None)
    assert gate.ways
    for way in gate.ways:
        assert unquote(way.address).endswith(f"?next={gated.get_absolute_url()}")


def test_an_offer_names_the_article_it_was_made_on(gated: Article) -> None:
    for card in the_gate(gated, None).cards:
        for price in card.prices:
            assert price.address.endswith(f"?article={gated.pk}")


def test_a_lapsed_reader_is_told_the_day_and_offered_renewal(gated: Article) -> None:
    reader = making.reader("ben")
    making.grant(reader, starts=NOON - timedelta(days=375), until=datetime(2026, 11, 8, 10, tzinfo=UTC))
    gate = the_gate(gated, reader)
    assert gate.why == "Your access ended on 8 November 2026. Renew it and you read on here."
    assert gate.cards[0].action == "Renew"


def test_the_day_of_a_lapse_is_the_publishers_day(gated: Article) -> None:
    reader = making.reader("ben")
    making.grant(reader, starts=NOON - timedelta(days=375), until=datetime(2026, 7, 8, 23, 30, tzinfo=UTC))
    assert "9 July 2026" in the_gate(gated, reader).why


@pytest.mark.parametrize("kind", ["dan", "ben", "print", "pending", "elsewhere"])
def test_nobody_signed_in_is_told_to_sign_in(gated: Article, kind: str) -> None:
    gate = the_gate(gated, of_kind(kind))
    assert "sign-in" not in addresses(gate)
    assert "sign in" not in (gate.why + " ".join(way.text for way in gate.ways)).lower()


def of_kind(kind: str) -> Reader:
    reader = making.reader(kind)
    if kind == "ben":
        making.grant(reader, starts=NOON - timedelta(days=375), until=NOON - timedelta(days=10))
    if kind == "print":
        PrintSubscription.objects.create(
            number="HG1",
            name="Pat Print",
            surname="Print",
            email=reader.email,
            country="GB",
            starts_on="2026-01-01",
            ends_on="2026-12-31",
        )
    if kind == "pending":
        Claim.objects.create(
            reader=reader,
            number="HG2",
            surname="Pend",
            state=Claim.State.PENDING,
            reference="R1",
            made_at=NOON,
        )
    if kind == "elsewhere":
        other = making.issue(date(1951, 1, 1))
        making.grant(reader, scope=Scope(ScopeKind.ISSUE, issue=other.pk), until=None)
    return reader


def test_a_print_subscriber_is_offered_the_claim_first(gated: Article) -> None:
    gate = the_gate(gated, of_kind("print"))
    assert "claim" in gate.why.lower()
    assert gate.first is None or "Claim" in gate.first.text


def test_a_pending_claim_says_what_happens_next(gated: Article) -> None:
    why = the_gate(gated, of_kind("pending")).why
    assert "your claim" in why
    assert "writes to you" in why


def test_a_right_to_other_issues_says_what_it_is_and_where_this_is(gated: Article) -> None:
    why = the_gate(gated, of_kind("elsewhere")).why
    assert "“Online access, yearly”" in why
    assert "The Hourglass, September 1999" in why


def test_access_that_has_not_begun_says_when_it_does(gated: Article) -> None:
    reader = making.reader("soon")
    making.grant(reader, starts=datetime(2026, 12, 1, 9, tzinfo=UTC), until=None, evidence=Evidence.GIFT)
    gate = the_gate(gated, reader)
    assert gate.why == "Your access begins on 1 December 2026."
    assert gate.cards == ()


def test_a_free_account_is_offered_where_that_is_all_it_takes(gated: Article) -> None:
    Article.objects.filter(pk=gated.pk).update(policy="sign-in")
    gated.refresh_from_db()
    gate = the_gate(gated, None)
    assert gate.why == "It is free to read with an account."
    assert gate.cards == ()
    assert gate.first is not None
    assert "/account/sign-up/" in gate.first.address


def test_the_help_mail_carries_the_reference(gated: Article, dan: Reader) -> None:
    gate = the_gate(gated, dan)
    said = read(gate.reference)
    assert said is not None
    assert (said.article, said.reason, said.reader, said.made_at) == (gated.pk, Reason.NO_GRANT, dan.pk, NOON)
    assert gate.reference in unquote(gate.help_address)
    assert gate.help_address.startswith("mailto:")


def test_a_headline_adds_nothing_to_the_help_mail(gated: Article) -> None:
    gated.headline = "Rum&bcc=evil@example.org\r\nBcc: evil@example.org"
    address = the_gate(gated, None).help_address
    assert "&" not in address
    assert "\r" not in address
    assert address.count("?") == 1


def test_it_costs_no_query(gated: Article, django_assert_num_queries: object) -> None:
    making.products()
    found = Article.objects.select_related("issue__title").get(pk=gated.pk)
    decision = facts.decision_for(found, facts.asker(None), NOON)
    text, products = readable(found, decision), for_sale()
    with django_assert_num_queries(0):  # type: ignore[operator]
        gate_block(found, text, decision, products, None, NOON)
