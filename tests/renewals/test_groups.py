"""Group subscriptions: seats paid for, invited to, taken, taken back, renewed in another number, refunded."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from backnumber.checkout import changing, service
from backnumber.checkout.models import Order
from backnumber.groups import service as groups
from backnumber.groups.models import GroupTerm, Seat
from backnumber.groups.queries import kept_about, occupancy
from backnumber.groups.rules import addresses_in
from backnumber.groups.service import NoSeat
from backnumber.payments.till import service as till
from backnumber.payments.till.models import TillPayment
from backnumber.readers.models import Reader
from backnumber.renewals.models import Subscription
from backnumber.renewals.rules import GRACE
from tests import making
from tests.checkout import steps
from tests.making import NOON
from tests.renewals import renewing
from tests.renewals.groups import behind, bought, heirs_token, invite, seat, sold
from tests.renewals.renewing import Later, may_read, turn

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cleo(db: None) -> Reader:
    return making.reader("cleo")


def test_a_seat_opens_to_who_takes_it_until_what_is_paid_for_ends(dan: Reader, cleo: Reader) -> None:
    group = bought(dan)
    assert Order.objects.get().amount.minor == 600
    assert not may_read(dan, NOON), "who only pays reads nothing; a seat is one click away"
    seat(group, cleo)
    until = behind(group).paid_until
    assert may_read(cleo, NOON)
    assert may_read(cleo, until - timedelta(seconds=1))
    assert not may_read(cleo, until)
    [right] = cleo.grants.all()
    assert right.evidence_key.startswith(Order.objects.get().key), "it rests on what was paid for the group"


def test_accepting_needs_an_account_and_a_post(dan: Reader, cleo: Reader, client: Client) -> None:
    group = bought(dan, now=timezone.now())
    [token] = invite(group, "pupil@example.org", now=timezone.now())
    at = f"/groups/join/{token}/"
    for method in (client.get, client.post):
        assert "/account/sign-up/" in method(at).headers["Location"]
    client.force_login(cleo)
    page = client.get(at)
    assert "never what you read" in page.content.decode()
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert not Seat.objects.filter(reader=cleo).exists(), "a look takes nothing"
    assert client.post(at, follow=True).status_code == 200
    assert may_read(cleo, timezone.now())
    assert "You have a seat since" in client.get("/account/").content.decode()
    assert client.post(at).status_code == 302, "pressed twice"
    assert Seat.objects.filter(reader=cleo).count() == 1


def test_there_are_never_more_seats_than_were_paid_for(dan: Reader) -> None:
    group = bought(dan, 2)
    done = groups.invite(group, ["one@example.org", "two@example.org", "three@example.org"], NOON)
    assert done.invited == 2
    assert [one.line for one in done.bad] == ["three@example.org"]
    with pytest.raises(NoSeat, match="No seat is left"):
        groups.take_yourself(group, dan, NOON)
    assert GroupTerm.objects.get().seats == 2
    assert not may_read(making.reader("nell"), NOON)


@pytest.mark.django_db(transaction=True)
def test_a_seat_is_taken_once_also_in_a_race() -> None:
    group = bought(making.reader("dan"), 2)
    tokens = invite(group, "one@example.org", "two@example.org")
    GroupTerm.objects.update(seats=1)
    readers = [making.reader(f"r{n}") for n in range(4)]

    def try_it(n: int) -> bool:
        try:
            groups.take(tokens[n % 2], readers[n], NOON)
        except NoSeat:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(try_it, range(4)))
    assert sum(won) == 1
    assert sum(may_read(one, NOON) for one in readers) == 1


def test_a_list_is_pasted_and_bad_lines_are_named_and_kept(dan: Reader, client: Client) -> None:
    group = bought(dan, now=timezone.now())
    client.force_login(dan)
    pasted = "Ann Lee <ann@example.org>,\r\nnot an address\r\n\r\nbob@example.org;\r\nANN@example.org\r\ncy@example.org\r\ndi@example.org"
    mail.outbox.clear()
    page = client.post(group.get_absolute_url(), {"do": "invite", "emails": pasted})
    assert page.status_code == 422
    text = page.content.decode()
    assert "“not an address” is no e-mail address" in text
    assert "“di@example.org” has no seat" in text
    assert re.search(r"<textarea[^>]*>\s*not an address\ndi@example.org</textarea>", text)
    assert [sent.to[0] for sent in mail.outbox] == ["ann@example.org", "bob@example.org", "cy@example.org"]
    again = client.post(group.get_absolute_url(), {"do": "invite", "emails": "ann@example.org"})
    assert "was invited already" in again.content.decode()


def test_what_is_no_list_is_said_and_nothing_breaks() -> None:
    listed = addresses_in("a@example.org b@example.org\n<script>\n" + "x" * 400 + "@example.org")
    assert listed.emails == ()
    assert len(listed.bad) == 3


def test_a_seat_taken_back_opens_nothing_and_is_free_for_another(
    dan: Reader, ben: Reader, cleo: Reader
) -> None:
    group = bought(dan, 2)
    held, _ = seat(group, cleo), seat(group, making.reader("eve"))
    assert occupancy(group, NOON).free == 0
    mail.outbox.clear()
    later = NOON + DAY
    assert groups.take_back(group, held.pk, later)
    assert not groups.take_back(group, held.pk, later), "once"
    assert not may_read(cleo, later)
    assert [sent.to for sent in mail.outbox] == [[cleo.email]]
    seat(group, ben, later)
    assert may_read(ben, later)


def test_a_member_with_a_subscription_of_their_own_keeps_both_and_loses_no_day(
    dan: Reader, cleo: Reader
) -> None:
    own = renewing.subscription(cleo)
    group = bought(dan)
    held = seat(group, cleo)
    until = own.paid_until
    groups.take_back(group, held.pk, NOON + DAY)
    assert may_read(cleo, until - timedelta(seconds=1))
    own.refresh_from_db()
    assert (own.paid_until, own.state) == (until, Subscription.State.ACTIVE)


def test_an_owner_with_a_subscription_of_their_own_has_two_and_neither_waits_for_the_other(
    dan: Reader,
) -> None:
    own = renewing.subscription(dan)
    group = bought(dan)
    assert behind(group).pk != own.pk
    assert Order.objects.filter(begins=NOON).count() == 2
    turn(own.paid_until + DAY, since=NOON, every=DAY)
    assert Order.objects.filter(state=Order.State.PAID).count() == 4


def test_seats_go_on_with_the_renewal_and_end_with_the_subscription(dan: Reader, cleo: Reader) -> None:
    group = bought(dan)
    seat(group, cleo)
    first_end = behind(group).paid_until
    turn(first_end + DAY, since=NOON, every=DAY)
    assert may_read(cleo, first_end + DAY)
    changing.cancel(behind(group).key, first_end + DAY)
    end = behind(group).paid_until
    turn(end + DAY, since=first_end + DAY, every=DAY)
    assert not may_read(cleo, end)
    assert occupancy(group, end + DAY).paid == 0
    with pytest.raises(NoSeat):
        groups.take_yourself(group, dan, end + DAY)


def test_a_renewal_that_fails_leaves_the_seats_a_bounded_grace(dan: Reader, cleo: Reader) -> None:
    group = bought(dan)
    seat(group, cleo)
    held = behind(group)
    renewing.card_will(held, Later.DECLINED)
    end = held.paid_until
    turn(end + GRACE + DAY, since=NOON, every=DAY)
    assert may_read(cleo, end + GRACE - timedelta(seconds=1))
    assert not may_read(cleo, end + GRACE)


def test_a_renewal_with_another_number_of_seats_costs_as_many_and_the_first_keep_theirs(
    dan: Reader, ada: Reader, ben: Reader, cleo: Reader
) -> None:
    group = bought(dan, 3)
    members = [making.reader("eve"), cleo, ben]
    for number, member in enumerate(members):
        seat(group, member, NOON + timedelta(minutes=number))
    end = behind(group).paid_until
    changing.set_seats(behind(group).key, 2, NOON + DAY)
    assert GroupTerm.objects.get().seats == 3, "what is paid for stays"
    mail.outbox.clear()
    turn(end + DAY, since=NOON, every=DAY)
    assert Order.objects.latest("pk").minor == 400
    assert [may_read(one, end + DAY) for one in members] == [True, True, False]
    assert [sent.to for sent in mail.outbox if sent.subject.startswith("Your seat ends")] == [[ben.email]]
    changing.set_seats(behind(group).key, 4, end + DAY)
    second = behind(group).paid_until
    turn(second + DAY, since=end + DAY, every=DAY)
    assert [may_read(one, second + DAY) for one in members] == [True, True, True]
    assert behind(group).seats == 4


def test_a_place_that_is_given_up_in_a_smaller_term_goes_to_the_next(
    dan: Reader, ben: Reader, cleo: Reader
) -> None:
    group = bought(dan, 3)
    first = seat(group, cleo)
    seat(group, making.reader("eve"), NOON + timedelta(minutes=1))
    seat(group, ben, NOON + timedelta(minutes=2))
    end = behind(group).paid_until
    changing.set_seats(behind(group).key, 2, NOON + DAY)
    turn(end + DAY, since=NOON, every=DAY)
    assert not may_read(ben, end + DAY)
    groups.take_back(group, first.pk, end + DAY)
    assert may_read(ben, end + DAY)


def test_a_number_that_is_not_sold_is_refused(dan: Reader) -> None:
    group = bought(dan)
    for wrong in (0, 1, 31, 5000):
        with pytest.raises(changing.NotNow, match="from 2 to 30"):
            changing.set_seats(behind(group).key, wrong, NOON)


def test_a_refund_of_a_group_shuts_every_seat(dan: Reader, cleo: Reader) -> None:
    group = bought(dan)
    seat(group, cleo)
    placed = Order.objects.get()
    service.refund(placed.key, placed.minor, ends_right=True, because="Test", by="", now=NOON + DAY)
    assert not may_read(cleo, NOON + DAY)
    assert behind(group).state == Subscription.State.ENDED


def test_a_dispute_shuts_every_seat_and_one_that_is_won_opens_them(dan: Reader, cleo: Reader) -> None:
    group = bought(dan)
    seat(group, cleo)
    placed = Order.objects.get()
    key = steps.at_the_till(placed).key
    till.dispute(key, TillPayment.Dispute.OPENED, NOON + DAY)
    service.settle(placed.key, NOON + DAY)
    assert not may_read(cleo, NOON + DAY)
    till.dispute(key, TillPayment.Dispute.WON, NOON + 2 * DAY)
    service.settle(placed.key, NOON + 2 * DAY)
    assert may_read(cleo, NOON + 2 * DAY)


def test_the_group_passes_to_another_owner_with_its_subscription_and_without_the_card(
    dan: Reader, ben: Reader, cleo: Reader, client: Client
) -> None:
    group = bought(dan, now=timezone.now())
    seat(group, cleo, timezone.now())
    token = heirs_token(group, ben.email)
    client.force_login(ben)
    assert client.get(f"/groups/own/{token}/").status_code == 200
    group.refresh_from_db()
    assert group.owner == dan, "a look takes nothing"
    assert client.post(f"/groups/own/{token}/").headers["Location"] == group.get_absolute_url()
    held = behind(group)
    assert (held.reader, held.mandate_key, held.state) == (ben, "", Subscription.State.ENDING)
    assert may_read(cleo, timezone.now())
    assert client.get(group.get_absolute_url()).status_code == 200
    assert client.get(held.get_absolute_url()).status_code == 200
    assert client.post(f"/groups/own/{token}/").status_code == 409, "once"
    client.force_login(dan)
    assert client.get(group.get_absolute_url()).status_code == 404


def test_another_readers_group_and_an_unknown_one_are_not_there(
    dan: Reader, ben: Reader, client: Client
) -> None:
    group = bought(dan)
    client.force_login(ben)
    for key in (group.key, "nothing"):
        assert client.get(f"/account/groups/{key}/").status_code == 404
        assert client.post(f"/account/groups/{key}/", {"do": "take"}).status_code == 404
    assert client.get("/groups/join/nothing/").status_code == 409
    assert client.post("/groups/join/nothing/").status_code == 409


def test_what_no_button_sends_does_nothing(dan: Reader, client: Client) -> None:
    group = bought(dan)
    client.force_login(dan)
    at = group.get_absolute_url()
    assert client.post(at, {"do": "nonsense"}).status_code == 400
    for typed in ({"do": "take-back", "seat": "x"}, {"do": "seats", "seats": "²"}, {"do": "invite"}):
        assert client.post(at, typed).status_code == 302
    wrong = client.post(at, {"do": "pass", "heir": "nobody"})
    assert wrong.status_code == 422
    assert "Type one e-mail address" in wrong.content.decode()


def test_the_buyer_says_how_many_and_sees_what_they_cost(dan: Reader, client: Client) -> None:
    sold()
    client.force_login(dan)
    page = client.get("/buy/class/?seats=25").content.decode()
    assert "£50" in page
    wrong = client.post("/buy/class/", {"seats": "31", "use-seats": "yes"}).content.decode()
    assert "Type a number from 2 to 30" in wrong
    assert 'value="31"' in wrong
    fields = dict(re.findall(r'name="(token|quote)" value="([^"]+)"', page))
    client.post("/buy/class/", {**fields, "seats": "25"})
    placed = Order.objects.get()
    assert (placed.seats, placed.minor) == (25, 5000)
    assert placed.label.endswith(": 25 seats")


def test_what_was_shown_for_fewer_seats_is_shown_again(dan: Reader, client: Client) -> None:
    sold()
    client.force_login(dan)
    page = client.get("/buy/class/?seats=2").content.decode()
    fields = dict(re.findall(r'name="(token|quote)" value="([^"]+)"', page))
    assert "something has changed" in client.post("/buy/class/", {**fields, "seats": "25"}).content.decode()
    assert not Order.objects.exists()


def test_a_price_for_a_range_is_for_all_its_seats(dan: Reader) -> None:
    small = renewing.product("small", 4000, is_group=True, seats_from=1, seats_to=10, per_seat=False)
    group = bought(dan, product=small)
    assert Order.objects.get().minor == 4000
    assert occupancy(group, NOON).paid == 10


def test_a_group_without_renewal_is_lengthened_by_another_order(dan: Reader, cleo: Reader) -> None:
    fixed = sold(renews=False)
    group = bought(dan, product=fixed)
    seat(group, cleo)
    again = bought(dan, 2, now=NOON + DAY, product=fixed)
    assert again.pk == group.pk
    first, second = GroupTerm.objects.order_by("starts")
    assert first.until == second.starts
    assert may_read(cleo, second.starts)


def test_groups_are_not_offered_where_an_article_stops_but_among_what_is_for_sale(
    dan: Reader, client: Client
) -> None:
    sold()
    article = making.article()
    assert "/buy/class/" not in client.get(article.get_absolute_url()).content.decode()
    assert "/buy/class/" in client.get("/subscribe/").content.decode()


def test_staff_see_a_group_its_seats_and_who_had_one(
    dan: Reader, cleo: Reader, staff: Reader, client: Client
) -> None:
    group = bought(dan)
    groups.take_back(group, seat(group, cleo).pk, NOON)
    client.force_login(staff)
    assert str(group) in client.get("/admin/group-subscriptions/?q=cleo").content.decode()
    assert "No group matches" in client.get("/admin/group-subscriptions/?q=zzz").content.decode()
    page = client.get(f"/admin/group-subscriptions/{group.pk}/").content.decode()
    assert cleo.email in page
    assert dan.email in page


def test_a_member_who_deletes_the_account_leaves_a_free_seat(dan: Reader, cleo: Reader) -> None:
    group = bought(dan, 2)
    seat(group, cleo)
    cleo.delete()
    assert occupancy(group, NOON).free == 2


def test_0002_0005_and_0007_group_seats_leave_what_there_was_without_seats(dan: Reader) -> None:
    """Of the migrations `0007_group_seats` of products, `0005_group_seats` of checkout and `0002_group_seats` of renewals: new columns."""
    held = renewing.subscription(dan)
    assert (held.seats, held.next_seats, Order.objects.get().seats, Order.objects.get().group) == (
        0,
        None,
        0,
        None,
    )
    assert not held.product.is_group


def test_a_readers_own_copy_names_groups_and_seats(dan: Reader, cleo: Reader) -> None:
    group = bought(dan)
    held = seat(group, cleo)
    assert [one["what"] for one in kept_about(dan.pk)["groups"]] == [group.product.name]
    assert kept_about(dan.pk)["seats"] == []
    assert [one["invited"] for one in kept_about(cleo.pk)["seats"]] == [held.email]
    assert kept_about(cleo.pk)["groups"] == []
