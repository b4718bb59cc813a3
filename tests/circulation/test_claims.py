"""Claims: a match opens the archive at once, a doubt becomes a case, a guesser learns nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.core import mail

from backnumber.access import Reason
from backnumber.archive.models import Article
from backnumber.circulation import claims
from backnumber.circulation.importing import import_bureau_file
from backnumber.circulation.models import Claim, PrintSubscription
from backnumber.circulation.queries import closest, open_cases
from backnumber.circulation.rules import Claimed, Outcome, number_key
from backnumber.circulation.service import (
    begin_print_subscription,
    end_print_subscription,
    follow_term,
    release,
)
from backnumber.gate.facts import asker, decision_for
from backnumber.grants.models import Grant
from backnumber.readers.models import Reader
from tests import making

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
RIGHT = Claimed("HG-20417", "Pettigrew", "YO1 7HH")
WRONG = Claimed("HG-20417", "Pettigrew", "YO1 9XX")


def printed(number: str = "HG-20417", **fields: object) -> PrintSubscription:
    return PrintSubscription.objects.create(
        **{
            "number": number,
            "claim_number": number_key(number),
            "name": "Mr Percy Pettigrew",
            "surname": "Pettigrew",
            "address": "4 Stonegate Court\nYork",
            "postcode": "YO1 7HH",
            "country": "GB",
            "starts_on": date(2026, 1, 1),
            "ends_on": date(2026, 12, 31),
            **fields,
        }
    )


@pytest.fixture
def percy(db: None) -> Reader:
    """Percy has the printed magazine and an account."""
    return making.reader("percy")


def claim(
    reader: Reader, claimed: Claimed = RIGHT, *, network: str = "here", now: datetime = NOW
) -> claims.Answer:
    return claims.claim(reader, claimed, network=network, now=now)


def may_read(reader: Reader, article: Article, now: datetime = NOW) -> bool:
    return decision_for(article, asker(reader), now).allowed


def test_a_match_opens_the_archive_at_once_until_the_terms_last_day_is_over(
    percy: Reader, gated: Article
) -> None:
    printed()
    assert not may_read(percy, gated)
    assert claim(percy).outcome is Outcome.MATCHED
    assert may_read(percy, gated)
    assert may_read(percy, gated, datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC))
    assert not may_read(percy, gated, datetime(2027, 1, 1, tzinfo=UTC))
    grant = Grant.objects.get()
    assert (grant.evidence, grant.evidence_key) == ("print-subscription", "HG-20417:2026-12-31")


def test_claiming_twice_gives_one_grant(percy: Reader) -> None:
    printed()
    claim(percy)
    assert claim(percy).outcome is Outcome.ALREADY_YOURS
    assert (Grant.objects.count(), Claim.objects.count()) == (1, 1)


def test_a_term_that_begins_later_opens_then(percy: Reader, gated: Article) -> None:
    printed(starts_on=date(2026, 12, 1))
    claim(percy)
    assert decision_for(gated, asker(percy), NOW).reason is Reason.NOT_BEGUN
    assert may_read(percy, gated, datetime(2026, 12, 1, tzinfo=UTC))


def test_a_near_miss_becomes_a_case_and_the_reader_has_the_reference_by_mail(
    percy: Reader, gated: Article
) -> None:
    printed()
    answer = claim(percy, WRONG)
    assert answer.outcome is Outcome.CASE
    assert answer.reference in mail.outbox[-1].subject
    assert mail.outbox[-1].to == [percy.email]
    assert decision_for(gated, asker(percy), NOW).reason is Reason.CLAIM_PENDING
    assert not Grant.objects.exists()


def test_another_try_keeps_the_one_case_and_what_was_typed_before(percy: Reader) -> None:
    printed()
    first = claim(percy, WRONG)
    second = claim(percy, Claimed("HG-20417", "Petigrew", "YO1 7HH"))
    assert second.reference == first.reference
    assert Claim.objects.get().earlier == "HG-20417, Pettigrew, YO1 9XX"
    assert len(mail.outbox) == 1


def test_a_right_try_after_a_wrong_one_closes_the_case(percy: Reader, gated: Article) -> None:
    printed()
    claim(percy, WRONG)
    assert claim(percy).outcome is Outcome.MATCHED
    assert not open_cases().exists()
    assert may_read(percy, gated)


def test_a_number_another_reader_has_claimed_tells_nothing_and_becomes_a_case(
    percy: Reader, dan: Reader, gated: Article
) -> None:
    printed()
    claim(percy)
    taken, nonsense = claim(dan), claim(making.reader("zoe"), Claimed("NO-SUCH", "Nobody", ""))
    assert (taken.outcome, nonsense.outcome) == (Outcome.CASE, Outcome.CASE)
    assert (taken.ended_on, taken.again_at) == (nonsense.ended_on, nonsense.again_at)
    assert not may_read(dan, gated)
    assert may_read(percy, gated)


def test_an_expired_subscription_says_so_and_opens_nothing(percy: Reader) -> None:
    printed(starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    answer = claim(percy)
    assert (answer.outcome, answer.ended_on) == (Outcome.EXPIRED, date(2025, 12, 31))
    assert not Grant.objects.exists()
    assert not Claim.objects.exists()


def test_a_reader_who_tries_too_often_is_told_when_to_come_back(percy: Reader) -> None:
    printed()
    for _ in range(claims.BY_READER):
        claim(percy, WRONG)
    answer = claim(percy)
    assert answer.outcome is None
    assert answer.again_at == NOW + timedelta(hours=1)
    assert not Grant.objects.exists()
    assert claim(percy, now=NOW + timedelta(hours=1, seconds=1)).outcome is Outcome.MATCHED


def test_guessing_at_a_number_only_sends_its_owner_past_a_person(percy: Reader, gated: Article) -> None:
    printed()
    for n in range(claims.BY_NUMBER):
        claim(making.reader(f"guesser{n}"), WRONG, network=f"there{n}")
    answer = claim(percy)
    assert answer.outcome is Outcome.CASE
    assert not may_read(percy, gated)
    case = Claim.objects.get(reference=answer.reference)
    claims.accept(
        case, PrintSubscription.objects.get(), by=making.reader("sue"), take_over=False, answer="", now=NOW
    )
    assert may_read(percy, gated)


def test_guessing_with_other_letters_or_zeros_before_a_number_is_guessing_at_it(percy: Reader) -> None:
    printed()
    for n, number in enumerate(["20417", "020417", "HG0020417", "hg-20417", "XX 20417"]):
        claim(making.reader(f"guesser{n}"), Claimed(number, "Nobody", "YO1 9XX"), network=f"there{n}")
    assert claim(percy).outcome is Outcome.CASE


def test_a_number_without_its_letters_is_found_when_it_is_the_only_one(percy: Reader, dan: Reader) -> None:
    printed("HG-0020417")
    assert claim(percy, Claimed("20417", "pettigrew", "yo17hh")).outcome is Outcome.MATCHED
    printed("ST-20417")
    assert claim(dan, Claimed("20417", "pettigrew", "yo17hh")).outcome is Outcome.CASE


def test_guessing_from_a_network_sends_its_other_readers_past_a_person(percy: Reader) -> None:
    printed()
    for n in range(claims.BY_NETWORK):
        claim(making.reader(f"guesser{n}"), Claimed(f"X-{n}", "Nobody", ""), network="campus")
    assert claim(percy, network="campus").outcome is Outcome.CASE
    assert claim(making.reader("zoe"), network="home").outcome is Outcome.MATCHED


def test_a_person_sees_the_likest_first(percy: Reader) -> None:
    near, far = printed(), printed("ZZ-1", surname="Unlike", name="Unlike", postcode="LS1 1AA")
    printed("HG-99999", surname="Pettibone", name="Pettibone", postcode="M1 1AA")
    claim(percy, WRONG)
    found = [subscription for subscription, _ in closest(open_cases().get())]
    assert found[0] == near
    assert far not in found


def test_accepting_a_case_links_grants_and_writes(percy: Reader, staff: Reader, gated: Article) -> None:
    subscription = printed()
    claim(percy, WRONG)
    claims.accept(open_cases().get(), subscription, by=staff, take_over=False, answer="Welcome.", now=NOW)
    assert may_read(percy, gated)
    assert "Welcome." in mail.outbox[-1].body
    with pytest.raises(claims.NotResolved, match="closed already"):
        claims.refuse(Claim.objects.get(), by=staff, answer="No.", now=NOW)


def test_refusing_a_case_gives_nothing_and_sends_the_answer(
    percy: Reader, staff: Reader, gated: Article
) -> None:
    claim(percy, WRONG)
    case = open_cases().get()
    with pytest.raises(claims.NotResolved, match="Say why"):
        claims.refuse(case, by=staff, answer="  ", now=NOW)
    claims.refuse(case, by=staff, answer="There is no such number.", now=NOW)
    assert "There is no such number." in mail.outbox[-1].body
    assert not may_read(percy, gated)


def test_a_subscription_is_taken_from_another_reader_only_when_staff_say_so(
    percy: Reader, dan: Reader, staff: Reader, gated: Article
) -> None:
    subscription = printed()
    claim(dan)
    claim(percy)
    case = open_cases().get()
    with pytest.raises(claims.NotResolved, match="another reader"):
        claims.accept(case, subscription, by=staff, take_over=False, answer="", now=NOW)
    assert may_read(dan, gated)
    claims.accept(case, subscription, by=staff, take_over=True, answer="", now=NOW)
    assert may_read(percy, gated)
    assert not may_read(dan, gated)


HEAD = "Number,Name,Address,Postcode,Country,Start,End,Status"


def bureau(end: str, status: str = "active", now: datetime = NOW) -> None:
    line = f"HG-20417,Mr Percy Pettigrew,4 Stonegate Court,YO1 7HH,GB,2026-01-01,{end},{status}"
    import_bureau_file(BytesIO(f"{HEAD}\n{line}\n".encode()), now, dry_run=False)


def test_a_claimed_subscription_follows_its_renewal_without_a_gap(percy: Reader, gated: Article) -> None:
    bureau("2026-12-31")
    claim(percy)
    bureau("2027-12-31")
    assert may_read(percy, gated, datetime(2027, 6, 1, tzinfo=UTC))
    first, second = Grant.objects.order_by("starts")
    assert first.until == second.starts
    bureau("2027-12-31")
    assert Grant.objects.count() == 2


def test_a_cancelled_subscription_closes_and_a_revived_one_opens_again(percy: Reader, gated: Article) -> None:
    bureau("2026-12-31")
    claim(percy)
    bureau("2026-12-31", "cancelled", NOW + timedelta(days=1))
    assert not may_read(percy, gated, NOW + timedelta(days=2))
    assert may_read(percy, gated, NOW)
    bureau("2026-12-31", "active", NOW + timedelta(days=3))
    assert may_read(percy, gated, NOW + timedelta(days=4))


def test_a_shortened_term_shortens_the_right(percy: Reader, gated: Article) -> None:
    bureau("2027-12-31")
    claim(percy)
    bureau("2026-12-31", now=NOW + timedelta(days=1))
    assert may_read(percy, gated, datetime(2026, 12, 31, 12, tzinfo=UTC))
    assert not may_read(percy, gated, datetime(2027, 1, 1, 12, tzinfo=UTC))


def test_following_a_term_is_idempotent(percy: Reader) -> None:
    printed()
    claim(percy)
    followed = follow_term(PrintSubscription.objects.get(), NOW)
    assert (followed.granted, followed.revoked) == (0, 0)


Begin = Callable[..., PrintSubscription]


@pytest.fixture
def begin() -> Begin:
    def made(reader: Reader, key: str = "order-1") -> PrintSubscription:
        return begin_print_subscription(
            reader,
            name="Ms Ada Lovell",
            address_lines=["1 High Street", "", " Leeds "],
            postcode="LS1 1AA",
            country="GB",
            starts_on=date(2026, 11, 18),
            ends_on=date(2027, 11, 17),
            order_key=key,
        )

    return made


def test_an_order_begins_one_print_subscription_with_a_number_of_its_own(dan: Reader, begin: Begin) -> None:
    first, again, other = begin(dan), begin(dan), begin(dan, "order-2")
    assert first == again
    assert first.number.startswith("W-")
    assert first.number != other.number
    assert (first.source, first.reader, first.surname, first.address) == (
        "checkout",
        dan,
        "Lovell",
        "1 High Street\nLeeds",
    )
    assert not Grant.objects.exists()


def test_an_order_serves_one_reader(dan: Reader, percy: Reader, begin: Begin) -> None:
    begin(dan)
    with pytest.raises(ValueError, match="another reader"):
        begin(percy)


def test_ending_an_order_stops_copies_once(dan: Reader, begin: Begin) -> None:
    begin(dan)
    assert end_print_subscription("order-1", on=date(2026, 12, 1))
    assert not end_print_subscription("order-1", on=date(2026, 11, 20))
    assert not end_print_subscription("unknown", on=date(2026, 11, 20))
    ended = PrintSubscription.objects.get()
    assert (ended.status, ended.ends_on) == ("cancelled", date(2026, 12, 1))


def test_ending_before_it_began_keeps_the_term_whole(dan: Reader, begin: Begin) -> None:
    begin(dan)
    end_print_subscription("order-1", on=date(2026, 1, 1))
    assert PrintSubscription.objects.get().ends_on == date(2026, 11, 18)


def test_a_released_subscription_goes_on_and_can_be_claimed_again(
    dan: Reader, percy: Reader, begin: Begin, gated: Article
) -> None:
    subscription = begin(dan)
    release(dan)
    subscription.refresh_from_db()
    assert (subscription.reader, subscription.status, subscription.email) == (None, "active", "")
    assert claim(percy, Claimed(subscription.number, "Lovell", "LS1 1AA")).outcome is Outcome.MATCHED
    assert may_read(percy, gated)
    end_print_subscription("order-1", on=date(2026, 11, 18))
    assert not may_read(percy, gated, NOW + timedelta(days=1))
