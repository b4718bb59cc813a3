"""Gift links: who may make one, how many, and what each opens."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from backnumber.access import Asker, Evidence, Gift, Reason, Scope, ScopeKind, decide
from backnumber.archive.models import Article
from backnumber.archive.queries import asked
from backnumber.edge.page.tokens import GIFT_COOKIE, gift_cookie
from backnumber.gifts import asking
from backnumber.gifts.models import GiftLink
from backnumber.gifts.queries import gift_at, kept_about, links_left
from backnumber.gifts.rules import Refusal, gift_until, month_of
from backnumber.gifts.service import GiftRefused, make_gift, new_token, revoke_gift
from backnumber.readers.keyrings import keyring_of
from backnumber.readers.models import Reader
from tests import making
from tests.gifts.links import cookie, token_of
from tests.making import NOON
from tests.parallel import together

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def ada(db: None) -> Reader:
    """Ada subscribes, for ten years round NOON."""
    reader = making.reader("ada")
    making.grant(reader)
    return reader


def refused(reader: Reader, article: Article, now: datetime = NOON) -> Refusal | None:
    try:
        make_gift(reader, article, now)
    except GiftRefused as why:
        return why.why
    return None


@pytest.mark.django_db
def test_a_link_opens_its_article_by_the_rule_until_its_end(ada: Reader, gated: Article) -> None:
    gift = gift_at(token_of(ada, gated), gated.pk, NOON)
    assert gift is not None
    assert gift.until == NOON + 14 * DAY
    facts = asked([gated], NOON)[gated.pk]
    assert decide(facts, Asker(gift=gift), gift.until - SECOND).reason is Reason.GIFT
    assert decide(facts, Asker(gift=gift), gift.until).reason is Reason.GIFT_ENDED
    assert not decide(facts, Asker(), NOON).allowed


@pytest.mark.django_db
def test_it_opens_no_other_article(ada: Reader, gated: Article) -> None:
    other = making.article("Another")
    assert gift_at(token_of(ada, gated), other.pk, NOON) is None


@pytest.mark.django_db
def test_it_can_be_exchanged_until_its_end_and_not_after(ada: Reader, gated: Article) -> None:
    token = token_of(ada, gated)
    assert gift_at(token, gated.pk, NOON + 14 * DAY - SECOND) is not None
    assert gift_at(token, gated.pk, NOON + 14 * DAY) is None


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["", "x", "A" * 27, "A" * 65, "é" * 27, "\x00", "' OR 1=1 --", "\ud800"])
def test_a_wrong_token_opens_nothing(ada: Reader, gated: Article, wrong: str) -> None:
    token_of(ada, gated)
    assert gift_at(wrong, gated.pk, NOON) is None


@pytest.mark.django_db
def test_every_altered_token_opens_nothing(ada: Reader, gated: Article) -> None:
    token = token_of(ada, gated)
    altered = [token[:n] + ("A" if c != "A" else "B") + token[n + 1 :] for n, c in enumerate(token)]
    assert not [one for one in altered if gift_at(one, gated.pk, NOON)]
    assert gift_at(token, gated.pk, NOON)


@pytest.mark.django_db
def test_the_token_is_long_new_each_time_and_nowhere_kept(ada: Reader, gated: Article) -> None:
    tokens = {token_of(ada, gated) for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(token) >= 22 for token in tokens)  # 22 characters of six bits: more than 128
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(link)::text FROM gifts_giftlink AS link")
        kept = "".join(row[0] for row in cursor.fetchall())
    assert not [token for token in tokens if token in kept]


@pytest.mark.django_db
def test_asked_again_with_the_same_token_it_is_the_same_link(ada: Reader, gated: Article) -> None:
    token = new_token()
    assert make_gift(ada, gated, NOON, token) == make_gift(ada, gated, NOON + DAY, token)
    assert GiftLink.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("evidence", list(Evidence))
def test_only_what_was_paid_for_or_given_by_staff_can_be_given_on(evidence: Evidence, gated: Article) -> None:
    reader = making.reader("eve")
    making.grant(reader, evidence=evidence)
    may = evidence in {Evidence.PAYMENT, Evidence.PRINT_SUBSCRIPTION, Evidence.STAFF}
    assert refused(reader, gated) is (None if may else Refusal.NO_GRANT)


@pytest.mark.django_db
def test_who_has_no_right_of_their_own_makes_none_even_of_what_is_open(dan: Reader, gated: Article) -> None:
    assert refused(dan, gated) is Refusal.NO_GRANT
    Article.objects.filter(pk=gated.pk).update(policy="open")
    gated.refresh_from_db()
    assert refused(dan, gated) is Refusal.NO_GRANT


@pytest.mark.django_db
def test_who_has_lapsed_makes_none(gated: Article) -> None:
    reader = making.reader("eve")
    making.grant(reader, until=NOON)
    assert refused(reader, gated) is Refusal.NO_GRANT
    assert refused(reader, gated, NOON - SECOND) is None


@pytest.mark.django_db
def test_a_right_to_another_article_gives_nothing_of_this_one(gated: Article) -> None:
    reader, other = making.reader("eve"), making.article("Another")
    making.grant(reader, scope=Scope(ScopeKind.ARTICLE, article=other.pk))
    assert refused(reader, gated) is Refusal.NO_GRANT
    assert refused(reader, other) is None


@pytest.mark.django_db
def test_so_many_a_month_and_ended_ones_count(ada: Reader, gated: Article, settings: Settings) -> None:
    settings.GIFTS = 2
    token_of(ada, gated)
    revoke_gift(GiftLink.objects.get().pk, ada, NOON)
    token_of(ada, gated)
    assert refused(ada, gated) is Refusal.NONE_LEFT
    assert links_left(ada.pk, NOON).links == 0
    assert refused(ada, gated, datetime(2026, 12, 1, tzinfo=UTC)) is None


@pytest.mark.django_db
def test_switched_off_none_are_made(ada: Reader, gated: Article, settings: Settings) -> None:
    settings.GIFTS = 0
    assert refused(ada, gated) is Refusal.OFF


@pytest.mark.parametrize(
    ("now", "zone", "first", "following"),
    [
        ("2026-11-18T12:00+00:00", "Europe/London", "2026-11-01T00:00+00:00", "2026-12-01T00:00+00:00"),
        ("2026-12-31T23:59+00:00", "Europe/London", "2026-12-01T00:00+00:00", "2027-01-01T00:00+00:00"),
        ("2026-10-31T23:30+00:00", "Europe/Berlin", "2026-11-01T00:00+01:00", "2026-12-01T00:00+01:00"),
        ("2026-03-31T22:30+00:00", "Europe/London", "2026-03-01T00:00+00:00", "2026-04-01T00:00+01:00"),
        ("2026-03-31T23:30+00:00", "Europe/London", "2026-04-01T00:00+01:00", "2026-05-01T00:00+01:00"),
        ("2026-03-01T05:00+00:00", "America/New_York", "2026-03-01T00:00-05:00", "2026-04-01T00:00-04:00"),
    ],
)
def test_a_month_is_the_publisher_s(now: str, zone: str, first: str, following: str) -> None:
    found = month_of(datetime.fromisoformat(now), ZoneInfo(zone))
    assert [one.astimezone(UTC) for one in found] == [
        datetime.fromisoformat(first).astimezone(UTC),
        datetime.fromisoformat(following).astimezone(UTC),
    ]


def test_a_gift_ends_on_a_whole_second() -> None:
    assert gift_until(NOON + timedelta(microseconds=999_999), 1) == NOON + DAY


@pytest.mark.django_db(transaction=True)
def test_twenty_requests_together_make_a_month_s_number(ada: Reader, gated: Article) -> None:
    answers = together(lambda n: refused(ada, gated), range(20))
    assert answers.count(None) == 10
    assert answers.count(Refusal.NONE_LEFT) == 10
    assert GiftLink.objects.count() == 10


@pytest.mark.django_db(transaction=True)
def test_control_who_only_asks_what_is_left_lets_all_twenty_through(ada: Reader, gated: Article) -> None:
    assert all(together(lambda n: links_left(ada.pk, NOON).links > 0, range(20)))


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twenty_times_makes_one_link(ada: Reader, gated: Article) -> None:
    token = new_token()
    made = together(lambda n: make_gift(ada, gated, NOON, token).address, range(20))
    assert len(set(made)) == 1
    assert GiftLink.objects.count() == 1


@pytest.mark.django_db
def test_a_browser_that_came_by_a_link_has_it_while_it_stands(ada: Reader, gated: Article) -> None:
    gift = gift_at(token_of(ada, gated), gated.pk, NOON)
    cookies = cookie(gift)
    assert asking.gift_of(cookies, gated.pk, NOON) == gift
    revoke_gift(GiftLink.objects.get().pk, ada, NOON + DAY)
    ended = asking.gift_of(cookies, gated.pk, NOON + DAY)
    assert ended is not None
    assert ended.until == NOON + DAY
    facts = asked([gated], NOON)[gated.pk]
    assert decide(facts, Asker(gift=ended), NOON + DAY).reason is Reason.GIFT_ENDED


@pytest.mark.django_db
def test_the_cookie_costs_one_query_and_none_when_it_is_not_ours(ada: Reader, gated: Article) -> None:
    cookies = cookie(gift_at(token_of(ada, gated), gated.pk, NOON))
    other = making.article("Another")

    def queries(cookies: dict[str, str], article: int, now: datetime = NOON) -> int:
        with CaptureQueriesContext(connection) as made:
            asking.gift_of(cookies, article, now)
        return len(made)

    assert queries(cookies, gated.pk) == 1
    assert queries({}, gated.pk) == 0
    assert queries({GIFT_COOKIE: "forged"}, gated.pk) == 0
    assert queries(cookies, other.pk) == 0
    assert queries(cookies, gated.pk, NOON + 20 * DAY) == 0


@pytest.mark.django_db
def test_a_forged_cookie_and_one_for_another_article_open_nothing(ada: Reader, gated: Article) -> None:
    token_of(ada, gated)
    real = GiftLink.objects.get()
    other = making.article("Another")
    moved = {GIFT_COOKIE: gift_cookie(Gift(real.pk, other.pk, real.until), keyring_of("gift"))}
    assert asking.gift_of(moved, other.pk, NOON) is None
    forged = {GIFT_COOKIE: gift_cookie(Gift(real.pk, gated.pk, real.until), keyring_of("meter"))}
    assert asking.gift_of(forged, gated.pk, NOON) is None


@pytest.mark.django_db
def test_readers_have_their_links_in_their_file(ada: Reader, gated: Article) -> None:
    token_of(ada, gated)
    (kept,) = kept_about(ada.pk)["gift links"]
    assert (kept["article"], kept["made"], kept["times opened"]) == ("The Fortress", NOON, 0)
