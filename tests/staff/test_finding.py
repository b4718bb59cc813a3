"""A person is found by anything that is printed or said."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backnumber.access import Reason
from backnumber.checkout.models import Order
from backnumber.circulation.models import Claim, PrintSubscription
from backnumber.gate import reference
from backnumber.gifts.models import GiftLink
from backnumber.gifts.queries import digest_of
from backnumber.invoices.models import Invoice
from backnumber.payments.models import Payment
from backnumber.readers.models import Reader
from backnumber.staff import finding
from backnumber.staff.finding import find
from backnumber.staff.models import FormerAddress
from tests import making
from tests.checkout import steps

pytestmark = pytest.mark.django_db
PEOPLE = "/admin/people/"


@pytest.fixture
def zoe(db: None) -> Reader:
    """Zoë has bought, has moved to another address, is printed to, and has given."""
    reader = making.reader("zoe", last_name="O'Brien-Smith")
    Reader.objects.filter(pk=reader.pk).update(first_name="Zoë")
    making.reader("other", last_name="Else")
    order = steps.paid_order(reader, "print-and-archive")
    Payment.objects.filter(order_key=order.key).update(mandate_label="Visa ending 4242")
    Order.objects.filter(pk=order.pk).update(email="zoe.at.work@example.org")
    Reader.objects.filter(pk=reader.pk).update(email="zoe.new@example.org")
    Claim.objects.create(
        reader=reader, number="1", surname="X", state="granted", reference="C-ABCDEFG", made_at=timezone.now()
    )
    now = timezone.now()
    GiftLink.objects.create(
        reader=reader, article=making.article("A gift"), token_digest=digest_of("a-token"), made_at=now, until=now + timedelta(days=3)
    )  # fmt: skip
    return Reader.objects.get(pk=reader.pk)


def typed(zoe: Reader, what: str) -> str:
    order = Order.objects.get(reader=zoe)
    subscription = PrintSubscription.objects.get(reader=zoe)
    return what.format(
        order=order.number,
        invoice=Invoice.objects.get().number,
        number=subscription.number,
        digits=subscription.claim_digits,
        gate=reference.make(7, Reason.NO_GRANT, zoe.pk, timezone.now()),
    )


FINDS = (
        "brien", "ZOE", "zoë", "smith", "o'brien", "zoe smi", "zoe.new@example.org", "ZOE.NEW@Example.org",
        "zoe@example.org", "zoe.new", "zoe.at.work@example.org", "{order}", "order {order}", "#{order}", "{invoice}", "{number}", "{digits}",
        "SE10 9NP", "se109np", "4242", "**** 4242", "{gate}", "C-ABCDEFG", "c-abcdefg", "a-token", "https://example.org/a/?gift=a-token",
        "ann lee", "rien-sm",
    )  # fmt: skip


def test_zoe_is_found_by_all_that_is_printed_or_said_and_nobody_else_is(zoe: Reader) -> None:
    for what in FINDS:
        found = find(typed(zoe, what)).found
        assert zoe in [one.reader for one in found], what
        assert "Else" not in {one.reader.last_name for one in found if one.reader}, what


def test_what_is_not_hers_does_not_find_her(zoe: Reader) -> None:
    for what in (
        "zzzz",
        "4243",
        "999999",
        "INV-1999-00001",
        "SW1A 1AA",
        "nobody@example.org",
        "%",
        "_",
        "&|!",
        "'",
    ):
        assert zoe not in [one.reader for one in find(what).found], what


def test_a_print_subscription_without_an_account_is_found_too(db: None) -> None:
    PrintSubscription.objects.create(
        number="HG-77", name="Percy Vane", surname="Vane", postcode="BT1 5GS", country="GB", starts_on="2026-01-01", ends_on="2027-01-01"
    )  # fmt: skip
    for what in ("vane", "hg77", "bt15gs"):
        (one,) = find(what).found
        assert one.reader is None
        assert [p.number for p in one.prints.values() if p] == ["HG-77"]


def test_the_database_keeps_the_address_of_before(zoe: Reader) -> None:
    assert [one.email for one in FormerAddress.objects.filter(reader=zoe)] == ["zoe@example.org"]


def test_the_number_of_queries_does_not_grow(zoe: Reader) -> None:
    with CaptureQueriesContext(connection) as few:
        find("brien")
    Reader.objects.bulk_create(
        Reader(email=f"b{n}@example.org", first_name="Many", last_name="O'Brien") for n in range(300)
    )
    with CaptureQueriesContext(connection) as many:
        assert len(find("brien").found) == 301
    assert len(many) == len(few) <= 3


def test_what_is_compared_has_an_index(zoe: Reader) -> None:
    """With sequential reading made dear, no part of the statement reads a whole table: each has its index."""
    values = {
        "words": "a:*", "email": "a@example.org", "begins": "a%", "order": 1, "series": "INV", "year": 2026, "sequence": 1,
        "number": "A1", "digits": "1", "squeezed": "SE10", "card": "4242", "digest": "x", "present": "x", "code": "C-1", "gate": 1,
    }  # fmt: skip
    exact = (finding._NAME, finding._EMAIL, finding._EMAIL_BEGINS, finding._ORDER_NUMBER, finding._SUBSCRIBER, finding._POSTCODE,
             finding._CARD_ENDS, finding._REFERENCE, finding._CODE, finding._INVOICE_NUMBER)  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for part in exact:
            cursor.execute(f"EXPLAIN {part}", values)
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "Seq Scan" not in plan, plan


def test_many_are_shown_in_pages_and_more_than_a_thousand_are_said_to_be(
    support: Client, zoe: Reader
) -> None:
    Reader.objects.bulk_create(
        Reader(email=f"b{n}@example.org", first_name="Many", last_name="O'Brien") for n in range(1001)
    )
    first = support.post(PEOPLE, {"q": "brien"})
    assert len(first.context["page"]) == 40
    assert "More than" in first.content.decode()
    second = support.post(PEOPLE, {"q": "brien", "page": "2"})
    assert not {one.reader.pk for one in first.context["page"]} & {
        one.reader.pk for one in second.context["page"]
    }


def test_one_person_is_shown_at_once_and_none_is_told_what_to_try(support: Client, zoe: Reader) -> None:
    assert support.post(PEOPLE, {"q": "zoe.new@example.org"})["Location"] == f"{PEOPLE}{zoe.pk}/"
    assert "Nobody is found" in support.post(PEOPLE, {"q": "zzzz"}).content.decode()
    assert support.post(PEOPLE, {"q": ""}).status_code == 422


@pytest.mark.parametrize("role", ["support", "circulation", "finance", "owner"])
def test_the_box_stands_on_the_first_page_of_who_may(request: pytest.FixtureRequest, role: str) -> None:
    assert "Find a person" in request.getfixturevalue(role).get("/admin/").content.decode()


def test_editors_find_nobody(editor: Client, zoe: Reader) -> None:
    assert "Find a person" not in editor.get("/admin/").content.decode()
    answer = editor.post(PEOPLE, {"q": "zoe"})
    assert answer.status_code == 403
    assert editor.get(f"{PEOPLE}{zoe.pk}/").status_code == 403
