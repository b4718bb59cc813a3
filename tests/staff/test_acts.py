"""Everything that is done on a reader's page: it is done, it has its reason in the log, and the wrong role is refused."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from backnumber.audit.models import Entry
from backnumber.checkout.models import Order
from backnumber.circulation.models import Claim, PrintSubscription
from backnumber.grants.models import Grant
from backnumber.invoices.models import Invoice
from backnumber.longread.models import Recipient
from backnumber.mail.models import Mail
from backnumber.readers.models import Reader
from backnumber.renewals.models import Subscription
from backnumber.staff.models import Deceased, Merging, Note
from tests import making
from tests.checkout import steps

pytestmark = pytest.mark.django_db
WHY = {"because": "They asked by telephone."}
DAY = (timezone.localdate() + timedelta(days=40)).isoformat()


def act(
    client: Client, reader: Reader, slug: str, status: int = 302, about: int | None = None, **typed: Any
) -> str:
    """Sent, answered so, and its reason in the log."""
    before = Entry.objects.count()
    asked = f"?about={about}" if about else ""
    answer = client.post(f"/admin/people/{reader.pk}/{slug}/{asked}", {**WHY, **typed})
    assert answer.status_code == status, answer.content.decode()[-3000:]
    if status == 302:
        log = Entry.objects.filter(kind="act", action=f"staff.{slug}").first()
        assert log is not None
        assert log.reason in {WHY["because"], typed.get("text")}
        assert Entry.objects.filter(act=log.act, reason=log.reason).count() > 1 or slug in {"mail"}
    else:
        assert Entry.objects.count() == before
    return answer.content.decode()


def test_a_note_is_written(support: Client, dan: Reader) -> None:
    act(support, dan, "note", text="Rang about a copy.")
    assert Note.objects.get().by == "help-desk@example.org"
    act(support, dan, "note", 422, text="")


def test_a_right_is_given_and_extended(support: Client, dan: Reader) -> None:
    act(support, dan, "grant", last_day=DAY, case="M-1")
    first = Grant.objects.get(reader=dan)
    later = (timezone.localdate() + timedelta(days=80)).isoformat()
    assert "lasts so long already" in act(
        support, dan, "extend", 422, grant=first.pk, last_day=DAY, case="M-2"
    )
    assert "has served this reader" in act(
        support, dan, "extend", 422, grant=first.pk, last_day=later, case="M-1"
    )
    act(support, dan, "extend", grant=first.pk, last_day=later, case="M-2")
    second = Grant.objects.exclude(pk=first.pk).get(reader=dan)
    assert second.starts == first.until
    assert second.scope == first.scope
    assert "already" in act(support, making.reader("eve"), "grant", 422, last_day=DAY, case="M-1")


def test_a_postal_address_is_changed(circulation: Client, dan: Reader) -> None:
    steps.paid_order(dan, "print-and-archive")
    one = PrintSubscription.objects.get(reader=dan)
    moved = {"subscription": one.pk, "address": "2 Quay Street\nGalway", "country": "GB"}
    assert "need a postcode" in act(circulation, dan, "address", 422, **moved)
    act(circulation, dan, "address", postcode="BT1 5GS", **moved)
    one.refresh_from_db()
    assert (one.postcode, one.address) == ("BT1 5GS", "2 Quay Street\nGalway".replace("\n", "\n"))
    change = Entry.objects.filter(what="circulation.printsubscription", kind="changed").first()
    assert change is not None
    assert (change.before or {})["postcode"] == "SE10 9NP"
    other = making.reader("eve")
    act(circulation, other, "address", 422, postcode="BT1 5GS", **moved)


def test_the_e_mail_address_is_changed(support: Client, dan: Reader) -> None:
    old = dan.email
    Recipient.objects.create(email=old, asked_at=timezone.now())
    making.reader("eve")
    assert "merge the two" in act(support, dan, "email", 422, email="eve@example.org")
    act(support, dan, "email", email="Dan.New@Example.org")
    dan.refresh_from_db()
    assert dan.email == "dan.new@example.org"
    assert [one.email for one in EmailAddress.objects.filter(user=dan)] == [dan.email]
    assert Recipient.objects.get().email == dan.email
    assert {one.recipient for one in Mail.objects.filter(kind="email-changed")} == {old, dan.email}


def test_a_mail_is_sent_again_to_where_mail_goes_now(support: Client, dan: Reader) -> None:
    steps.paid_order(dan)
    mail = Mail.objects.get(kind="receipt")
    Mail.objects.filter(pk=mail.pk).update(state=Mail.State.SENT, settled_at=timezone.now())
    act(support, dan, "mail", mail=mail.pk)
    again = Mail.objects.get(kind="receipt", state=Mail.State.WAITING)
    assert (again.text, again.recipient) == (mail.text, dan.email)
    assert again.headers["Message-ID"] != mail.headers["Message-ID"]


def test_who_has_died_is_marked_and_it_can_be_taken_back(circulation: Client, dan: Reader, sink: Any) -> None:
    steps.paid_order(dan, "print-and-archive")
    Recipient.objects.create(email=dan.email, asked_at=timezone.now(), confirmed_at=timezone.now())
    reads = Client()
    reads.force_login(dan)
    act(circulation, dan, "deceased", copies_stop="on")
    dan.refresh_from_db()
    assert not dan.is_active
    assert "Location" in reads.get("/account/").headers
    assert PrintSubscription.objects.get(reader=dan).status == PrintSubscription.Status.CANCELLED
    assert not Subscription.objects.filter(reader=dan).exclude(state="ended").exists()
    assert Recipient.objects.get().left_at is not None
    assert not Mail.objects.filter(recipient=dan.email, state=Mail.State.WAITING).exists()
    assert Order.objects.filter(reader=dan, state=Order.State.PAID).exists()
    assert "marked already" in act(circulation, dan, "deceased", 422)
    assert WHY["because"] in circulation.get(f"/admin/people/{dan.pk}/").content.decode()
    act(circulation, dan, "alive")
    dan.refresh_from_db()
    assert dan.is_active
    assert not Deceased.objects.exists()


def typed_order(reader: Reader, code: str = "print-and-archive") -> dict[str, Any]:
    product = making.products()[code]
    return {
        "product": product.pk, "name": "Ann Lee", "street_address": "1 Crane Street", "city": "London", "postal_code": "SE10 9NP",
        "country": "GB", "amount": "78.00", "cheque": "000017", "dated": timezone.localdate().isoformat(),
    }  # fmt: skip


def test_an_order_by_post_is_taken_with_its_cheque(finance: Client, dan: Reader) -> None:
    given = typed_order(dan)
    page = act(finance, dan, "post-order", 422, **{**given, "amount": "1.00", "street_address": ""})
    assert "It costs " in page
    assert "type the address" in page
    costs = page.partition("It costs ")[2].partition(".")[0] + page.partition("It costs ")[2][3:6]
    price = making.products()["print-and-archive"].prices.get(region="uk")
    assert str(price.amount)[:3] in costs
    act(finance, dan, "post-order", **{**given, "amount": f"{price.minor / 100:.2f}"})
    order = Order.objects.get(reader=dan)
    assert order.state == Order.State.PAID
    assert Grant.objects.filter(reader=dan, evidence_key=order.key).exists()
    assert PrintSubscription.objects.get(reader=dan).postcode == "SE10 9NP"
    assert Invoice.objects.filter(reference=order.key).exists()
    assert Mail.objects.filter(kind="receipt", recipient=dan.email).exists()
    assert Entry.objects.filter(action="invoice.received").exists()


@pytest.fixture
def two(dan: Reader) -> tuple[Reader, Reader]:
    """Dan twice: the second account has an order, its right and its copies, and a case."""
    other = making.reader("dan-at-work")
    Reader.objects.filter(pk=other.pk).update(first_name=dan.first_name)
    steps.paid_order(other, "print-and-archive")
    Claim.objects.create(
        reader=other,
        number="HG-1",
        surname="X",
        state="pending",
        reference="C-ABCDEFG",
        made_at=timezone.now(),
    )
    return dan, other


def owned(reader: Reader) -> dict[str, list[Any]]:
    models = (Order, Grant, PrintSubscription, Claim, Subscription)
    return {
        model.__name__: sorted(model.objects.filter(reader=reader).values_list("pk", flat=True))
        for model in models
    }


def test_two_accounts_are_merged_after_a_preview_and_parted_again(
    support: Client, two: tuple[Reader, Reader]
) -> None:
    kept, merged = two
    before, had = owned(kept), owned(merged)
    page = act(support, kept, "merge", 200, other=merged.email)
    assert "Nothing has been changed yet" in page
    assert "1 × Order" in page
    assert owned(merged) == had
    act(support, kept, "merge", other=merged.email, is_sure="on")
    assert owned(merged) == before
    assert owned(kept) == had
    merged.refresh_from_db()
    assert not merged.is_active
    assert "was merged into" in support.get(f"/admin/people/{merged.pk}/").content.decode()
    merging = Merging.objects.get()
    assert "Invoice" in support.get(f"/admin/people/{kept.pk}/?kind=invoices").content.decode()
    act(support, kept, "part", about=merging.pk)
    assert (owned(kept), owned(merged)) == (before, had)
    merged.refresh_from_db()
    assert merged.is_active
    assert "parted already" in act(support, kept, "part", 422, about=merging.pk)


def test_what_cannot_be_one_reader_s_twice_is_told_and_nothing_moves(
    support: Client, two: tuple[Reader, Reader]
) -> None:
    kept, merged = two
    Claim.objects.create(
        reader=kept,
        number="HG-2",
        surname="X",
        state="pending",
        reference="C-BBBBBBB",
        made_at=timezone.now(),
    )
    had = owned(merged)
    assert "close one first" in act(support, kept, "merge", 422, other=merged.email, is_sure="on")
    assert owned(merged) == had
    act(support, kept, "merge", 422, other=kept.email, is_sure="on")
    act(support, kept, "merge", 422, other="nobody@example.org", is_sure="on")


def test_an_account_of_staff_is_not_merged(owner: Client, dan: Reader, staff: Reader) -> None:
    assert "of staff" in act(owner, dan, "merge", 422, other=staff.email, is_sure="on")


MAY = {
    "note": {"support", "circulation", "finance", "owner"},
    "grant": {"support", "owner"},
    "extend": {"support", "owner"},
    "address": {"support", "circulation", "owner"},
    "email": {"support", "owner"},
    "mail": {"support", "owner"},
    "post-order": {"finance", "owner"},
    "merge": {"support", "owner"},
    "part": {"support", "owner"},
    "deceased": {"support", "circulation", "owner"},
    "alive": {"support", "circulation", "owner"},
}


@pytest.mark.parametrize("role", ["support", "circulation", "finance", "owner", "editor"])
def test_each_act_is_of_the_roles_that_the_table_names(
    request: pytest.FixtureRequest, dan: Reader, role: str
) -> None:
    client = request.getfixturevalue(role)
    for slug, roles in MAY.items():
        status = 200 if role in roles else 403
        assert client.get(f"/admin/people/{dan.pk}/{slug}/").status_code == status, slug
        if status == 403:
            assert client.post(f"/admin/people/{dan.pk}/{slug}/", WHY).status_code == 403
    if role != "editor":
        listed = client.get(f"/admin/people/{dan.pk}/").content.decode()
        shown = {slug for slug in MAY if f'/{slug}/"' in listed and f"people/{dan.pk}/{slug}/" in listed}
        assert shown == {slug for slug, roles in MAY.items() if role in roles} - {"part", "alive"}


@pytest.mark.parametrize("slug", sorted(MAY.keys() - {"note"}))
def test_nothing_is_done_without_a_reason(owner: Client, dan: Reader, slug: str) -> None:
    before = Entry.objects.count()
    assert owner.post(f"/admin/people/{dan.pk}/{slug}/", {}).status_code == 422
    assert Entry.objects.count() == before
