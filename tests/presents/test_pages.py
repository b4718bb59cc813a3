"""The pages of gifts: bought, changed, printed, redeemed; by whom they may be seen, and what a look does not do."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from backnumber.checkout.models import Order
from backnumber.editorial.roles import make_roles
from backnumber.grants.models import Grant
from backnumber.presents.codes import code_of
from backnumber.presents.models import Present
from backnumber.products.models import Price, Product
from backnumber.readers.models import Reader
from tests import making
from tests.checkout import steps
from tests.checkout.forms import quote_in, token_in
from tests.presents import giving
from tests.presents.giving import State

pytestmark = pytest.mark.django_db
GIVE = "/give/online-yearly/"


@pytest.fixture
def donor(dan: Reader) -> Client:
    giving.product()
    client = Client()
    client.force_login(dan)
    return client


@pytest.fixture
def friend() -> Client:
    client = Client()
    client.force_login(making.reader("ben"))
    return client


def typed(page: str, **changed: str) -> dict[str, str]:
    said = {
        "donor_name": "Dan Whitlock",
        "recipient_name": "Ben",
        "message": "Read this",
        "by": "mail",
        "sent_to": "ben@example.org",
        "arrives_on": timezone.localdate().isoformat(),
    }
    return {"token": token_in(page), "quote": quote_in(page), **said, **changed}


def asked(donor: Client, path: str = GIVE) -> str:
    return donor.get(path).content.decode()


def errors(page: str) -> list[str]:
    return re.findall(r'<ul class="errorlist"[^>]*>(.*?)</ul>', page, re.DOTALL)


def of_now(reader: Reader, **more: object) -> Present:
    return giving.sent(reader, now=timezone.now(), **more)


def test_what_may_be_given_stands_on_the_page_of_offers(donor: Client) -> None:
    page = donor.get("/subscribe/").content.decode()
    assert f'href="{GIVE}"' in page
    assert 'href="/give/online-monthly/"' not in page
    assert donor.get("/give/online-monthly/").status_code == 404


def test_what_is_only_a_gift_is_not_sold_to_oneself(donor: Client) -> None:
    Product.objects.filter(code="online-yearly").update(given=Product.Given.ONLY)
    assert donor.get("/buy/online-yearly/").status_code == 404
    assert donor.get(GIVE).status_code == 200
    assert 'href="/buy/online-yearly/"' not in donor.get("/subscribe/").content.decode()


def test_who_has_no_account_makes_one_first(donor: Client) -> None:  # the fixture sets up the shop
    answer = Client().get(GIVE)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/account/sign-up/?next={GIVE.replace('/', '%2F')}"


def test_a_gift_is_ordered_and_its_donor_sees_what_becomes_of_it(donor: Client) -> None:
    answer = donor.post(GIVE, typed(asked(donor)))
    assert (
        answer.headers["Location"].startswith("http://localhost:8000/till/")
        or "/till/" in answer.headers["Location"]
    )
    present = Present.objects.get()
    order = Order.objects.get(key=present.order_key)
    assert (present.sent_to, present.state, order.kind) == ("ben@example.org", State.UNPAID, "gift")
    steps.approve(order, timezone.now())
    page = donor.get(f"/checkout/{order.key}/done/", follow=True).content.decode()
    assert "Your gift for Ben is paid" in page
    assert "It goes to ben@example.org" in page
    account = donor.get("/account/").content.decode()
    assert present.get_absolute_url() in account
    assert "For Ben" in account
    receipt = donor.get(f"/account/orders/{order.key}/").content.decode()
    assert "it begins when it is redeemed" in receipt
    assert present.get_absolute_url() in receipt


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"sent_to": ""}, "Give the address it goes to"),
        ({"sent_to": "ben at home"}, "Check the address"),
        ({"arrives_on": "2001-01-01"}, "today or a later day"),
        ({"arrives_on": "2099-01-01"}, "within a year"),
        ({"arrives_on": "soon"}, "Write the day as"),
        ({"recipient_name": "Ben\nBcc: x@example.org"}, "in one line"),
        ({"donor_name": ""}, "required"),
        ({"message": "x" * 601}, "at most 600"),
    ],
)
def test_what_is_typed_wrongly_is_said_and_nothing_is_ordered(
    donor: Client, changed: dict[str, str], says: str
) -> None:
    answer = donor.post(GIVE, typed(asked(donor), **changed))
    assert answer.status_code == 422
    assert [one for one in errors(answer.content.decode()) if says in one]
    assert "Read this" in answer.content.decode() or "message" in changed
    assert not Order.objects.exists()


def test_a_card_needs_neither_address_nor_day(donor: Client) -> None:
    donor.post(GIVE, typed(asked(donor), by="card", sent_to="not an address", arrives_on=""))
    present = Present.objects.get()
    assert (present.by, present.sent_to) == ("card", "")


def test_a_price_that_changed_meanwhile_is_shown_before_anything_is_ordered(donor: Client) -> None:
    page = asked(donor)
    Price.objects.filter(product__code="online-yearly").update(minor=9900)
    answer = donor.post(GIVE, typed(page))
    assert "£99" in answer.content.decode()
    assert "before it was" in answer.content.decode()
    assert not Order.objects.exists()


def test_a_print_gift_asks_for_the_country_first_and_takes_an_address(donor: Client) -> None:
    giving.product("print-and-archive")
    at = "/give/print-and-archive/"
    assert "Go on" in asked(donor, at)
    assert "donor_name" not in asked(donor, at)
    page = asked(donor, f"{at}?country=GB")
    wrong = donor.post(at, typed(page, country="GB", posted="here"))
    assert wrong.status_code == 422
    assert "Enter the house and the street" in wrong.content.decode()
    donor.post(at, typed(page, country="GB", posted="here", **steps.TYPED))
    present = Present.objects.get()
    assert (present.region, (present.address or {})["postal_code"]) == ("uk", "SE10 9NP")
    later = asked(donor, f"{at}?country=GB")
    donor.post(at, typed(later, country="GB", posted="ask"))
    assert Present.objects.exclude(pk=present.pk).get().address is None


def test_a_payment_that_failed_leads_back_to_the_gift(donor: Client) -> None:
    donor.post(GIVE, typed(asked(donor)))
    order = Order.objects.get()
    steps.decline(order)
    page = donor.get(f"/checkout/{order.key}/done/", follow=True).content.decode()
    assert "Change the gift" in page
    assert "when it is redeemed" in page
    again = donor.post(f"/checkout/{order.key}/again/", {"quote": quote_in(page)})
    assert "/till/" in again.headers["Location"]


def test_a_donor_changes_a_gift_on_its_page(donor: Client, dan: Reader) -> None:
    later = (timezone.localdate() + timedelta(days=5)).isoformat()
    present = giving.paid(dan, now=timezone.now())
    said = {"donor_name": "Dan", "recipient_name": "Benjamin", "message": "", "sent_to": "b@example.org"}
    wrong = donor.post(present.get_absolute_url(), {**said, "arrives_on": "2001-01-01"})
    assert wrong.status_code == 422
    assert giving.fresh(present).sent_to == "ben@example.org"
    donor.post(present.get_absolute_url(), {**said, "arrives_on": later, "do": "change"})
    changed = giving.fresh(present)
    assert (changed.sent_to, changed.arrives_on.isoformat(), changed.recipient_name) == (
        "b@example.org",
        later,
        "Benjamin",
    )


def test_a_donor_changes_where_the_copies_go(donor: Client, dan: Reader) -> None:
    present = giving.paid(
        dan, "print-and-archive", by="card", said=giving.wording(to="", address=steps.GREENWICH)
    )
    said = {"donor_name": "Dan", "recipient_name": "Ben", "message": "", **steps.TYPED, "city": "Deptford"}
    answer = donor.post(present.get_absolute_url(), {**said, "do": "change"})
    assert answer.status_code == 302
    assert (giving.fresh(present).address or {})["city"] == "DEPTFORD".title() or "Deptford" in str(
        giving.fresh(present).address
    )


def test_the_page_and_the_card_of_a_gift_are_its_donors_alone(
    donor: Client, dan: Reader, friend: Client
) -> None:
    present = of_now(dan)
    for path in (present.get_absolute_url(), f"{present.get_absolute_url()}card/"):
        assert donor.get(path).status_code == 200
        assert friend.get(path).status_code == 404
        assert friend.post(path).status_code in {404, 405}
        assert Client().get(path).status_code == 302
    assert code_of(present) in donor.get(f"{present.get_absolute_url()}card/").content.decode()


def test_a_gift_that_was_taken_back_has_no_card(donor: Client, dan: Reader) -> None:
    present = of_now(dan)
    giving.refund(present, timezone.now())
    assert donor.get(f"{present.get_absolute_url()}card/").headers["Location"] == present.get_absolute_url()
    assert "The money went back" in donor.get(present.get_absolute_url()).content.decode()


def test_a_look_at_the_code_redeems_nothing_and_signs_nobody_in(dan: Reader, friend: Client) -> None:
    present = of_now(dan)
    at = f"/redeem/{code_of(present)}/"
    nobody = Client()
    for looking in (nobody, friend):
        answer = looking.get(at)
        assert "A gift from Ada Byron" in answer.content.decode()
        assert answer.headers["Cache-Control"].startswith("private, no-store")
        assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "_auth_user_id" not in nobody.session
    assert nobody.post(at).headers["Location"].startswith("/account/sign-in/?next=%2Fredeem%2F")
    assert giving.fresh(present).state == State.SENT
    assert not Grant.objects.exists()


def test_a_gift_is_redeemed_by_its_button(dan: Reader, friend: Client) -> None:
    present = of_now(dan)
    page = friend.post("/redeem/", {"code": code_of(present).lower().replace("-", " ")}, follow=True)
    assert "as soon as you redeem it" in page.content.decode()
    account = friend.post(f"/redeem/{code_of(present)}/", follow=True).content.decode()
    assert "From Ada Byron, " in account
    assert "It is yours now" in account
    assert "This gift is yours" in friend.get(f"/redeem/{code_of(present)}/").content.decode()


def test_who_comes_second_has_a_clear_page(dan: Reader, friend: Client, donor: Client) -> None:
    present = of_now(dan)
    friend.post(f"/redeem/{code_of(present)}/")
    answer = donor.post(f"/redeem/{code_of(present)}/")
    assert answer.status_code == 409
    assert "It has been redeemed already, by another account" in answer.content.decode()


def test_the_page_says_what_follows_and_what_runs_beside(dan: Reader, friend: Client) -> None:
    present = of_now(dan)
    at, ben = f"/redeem/{code_of(present)}/", Reader.objects.get(email="ben@example.org")
    grant = making.grant(ben)
    assert "The gift would run beside that" in friend.get(at).content.decode()
    grant.delete()
    steps.paid_order(ben)
    assert "It follows on what you have" in friend.get(at).content.decode()


def test_a_print_gift_asks_its_recipient_where_to(dan: Reader, friend: Client) -> None:
    present = of_now(dan, code="print-and-archive")
    at = f"/redeem/{code_of(present)}/"
    assert "Where your copies are posted" in friend.get(at).content.decode()
    assert friend.post(at, {"country": "GB"}).status_code == 422
    ohio = {"country": "US", "name": "Ann Lee", "street_address": "12 Elm Street", "city": "Dayton", "country_area": "OH", "postal_code": "45402"}  # fmt: skip
    elsewhere = friend.post(at, ohio)
    assert elsewhere.status_code == 422
    assert "United Kingdom" in elsewhere.content.decode()
    assert friend.post(at, {"country": "GB", **steps.TYPED}).status_code == 302
    assert Order.objects.get(present=present).address["postal_code"] == "SE10 9NP"  # type: ignore[index]


def test_where_a_donor_has_the_copies_posted_is_not_shown_to_who_finds_the_card(
    dan: Reader, friend: Client
) -> None:
    present = of_now(
        dan, code="print-and-archive", said=giving.wording(day=timezone.now(), address=steps.GREENWICH)
    )
    for looking in (Client(), friend):
        assert "Crane Street" not in looking.get(f"/redeem/{code_of(present)}/").content.decode()


def test_wrong_codes_are_limited_and_a_right_one_is_taken_all_the_same(dan: Reader, friend: Client) -> None:
    present = of_now(dan)
    answers = [friend.get(f"/redeem/0000-0000-0000-{n:04d}/").status_code for n in range(32)]
    assert (answers[0], answers[-1]) == (404, 429)
    assert friend.post("/redeem/", {"code": "0000-0000-0000-0000"}).status_code == 429
    assert friend.post(f"/redeem/{code_of(present)}/").status_code == 302


def test_the_help_desk_sends_a_gift_again_and_cancels_it_with_a_reason(dan: Reader) -> None:
    present = of_now(dan)
    make_roles()
    staff = {}
    for role in ("Help desk", "Editors"):
        member = making.reader(role.split()[0].lower(), is_staff=True)
        member.groups.add(Group.objects.get(name=role))
        staff[role] = Client()
        staff[role].force_login(member)
    desk, at = staff["Help desk"], f"/admin/bought-gifts/{present.pk}"
    assert "Ada Byron" in desk.get("/admin/bought-gifts/?q=ben").content.decode()
    shown = desk.get(f"/admin/bought-gifts/inspect/{present.pk}/").content.decode()
    assert "Send it again" in shown
    assert code_of(present) not in shown
    assert staff["Editors"].get("/admin/bought-gifts/").status_code == 403
    assert staff["Editors"].post(f"{at}/cancel/", {"because": "no"}).status_code == 403
    desk.post(f"{at}/send/")
    assert giving.fresh(present).mailings == 2
    assert desk.post(f"{at}/cancel/", {"because": ""}).status_code == 422
    desk.post(f"{at}/cancel/", {"because": "Case 12"})
    ended = giving.fresh(present)
    assert (ended.state, ended.ended_because) == (State.CANCELLED, "Case 12")
    assert "Gift cancelled: Case 12" in desk.get("/admin/reports/site-history/").content.decode()
