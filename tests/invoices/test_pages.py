"""The page and the PDF: for whose they are and for staff; to everybody else they are not there."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from wagtail.models import ModelLogEntry

from backnumber.editorial.roles import make_roles
from backnumber.invoices import queries, service
from backnumber.invoices.models import CreditNote, Invoice, Seller
from backnumber.readers.models import Reader
from backnumber.tax.rules import Kind
from tests import making
from tests.editorial.conftest import signed_in, with_role
from tests.invoices.sales import BOOKSHOP, NOON, ground, sale

pytestmark = pytest.mark.django_db
SELLER = "/admin/seller/"


@pytest.fixture
def invoice(dan: Reader) -> Invoice:
    ground()
    return service.issue(
        sale("order 17", (3600, Kind.ONLINE), (2400, Kind.PRINT), buyer=BOOKSHOP, owner_key=queries.owner_of(dan)),
        NOON,
    )  # fmt: skip


@pytest.fixture
def note(invoice: Invoice) -> CreditNote:
    return service.credit(invoice, 1500, "refund 1", "Two issues were lost", NOON)


def addresses(*documents: Invoice | CreditNote) -> list[str]:
    return [address for one in documents for address in (one.get_absolute_url(), f"{one.get_absolute_url()[:-1]}.pdf")]  # fmt: skip


def test_the_reader_sees_all_that_the_invoice_says(dan: Reader, invoice: Invoice, note: CreditNote) -> None:
    page = unescape(signed_in(dan).get(invoice.get_absolute_url()).content.decode())
    for said in (
        "HG-2026-00001", "18 November 2026", "Card ending 4242", "order 17", "Hourglass Press Ltd", "12 Clerkenwell Close",
        "GB980780684", "09876543", "accounts@example.org", "Buchhandlung am Markt", "Weimar", "Germany", "DE136695976",
        "36.00", "24.00", "€60", "Reverse charge", note.number, note.get_absolute_url(),
    ):  # fmt: skip
        assert said in page, said
    page = unescape(signed_in(dan).get(note.get_absolute_url()).content.decode())
    for said in ("HG-CN-2026-00001", "HG-2026-00001 of 18 November 2026", "Two issues were lost", "€15"):
        assert said in page, said


def test_pages_and_files_are_kept_by_nobody(dan: Reader, invoice: Invoice, note: CreditNote) -> None:
    for address in addresses(invoice, note):
        answer = signed_in(dan).get(address)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="HG-CN-2026-00001.pdf"'
    assert answer.content.startswith(b"%PDF-")


def test_another_reader_is_told_what_is_told_of_none(
    ada: Reader, ben: Reader, invoice: Invoice, note: CreditNote
) -> None:
    make_roles()
    for reader in (ada, ben, with_role("edith", "Editors")):
        client = signed_in(reader)
        client.get("/account/")  # the pass it brings is told by the masthead
        for address in addresses(invoice, note):
            none = re.sub(r"[0-9a-f]{32}", "0" * 32, address)
            seen, not_there = client.get(address), client.get(none)
            assert (seen.status_code, not_there.status_code) == (404, 404)
            assert _without_address(seen.content, address) == _without_address(not_there.content, none)  # fmt: skip


def _without_address(page: bytes, address: str) -> str:
    text = page.decode().replace(address, "")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)


def test_who_is_not_signed_in_is_asked_to_and_learns_nothing(invoice: Invoice, note: CreditNote) -> None:
    for address in addresses(invoice, note):
        none = re.sub(r"[0-9a-f]{32}", "0" * 32, address)
        for asked in (address, none):
            answer = Client().get(asked)
            assert (answer.status_code, answer["Location"]) == (302, f"/account/sign-in/?next={asked}")


def test_staff_who_may_view_invoices_see_them(staff: Reader, invoice: Invoice, note: CreditNote) -> None:
    for reader in (staff, with_role("hugo", "Help desk")):
        for address in addresses(invoice, note):
            assert signed_in(reader).get(address).status_code == 200


def test_staff_who_have_not_given_their_second_factor_see_none(
    staff: Reader, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backnumber.invoices.views.second_factor.is_missing", lambda request: True)
    assert signed_in(staff).get(invoice.get_absolute_url()).status_code == 404


def test_a_reader_sees_nobody_elses_by_an_owner_key_that_is_empty_or_begins_like_theirs(dan: Reader) -> None:
    ground()
    for n, key in enumerate(("", f"reader-{dan.pk}0", "reader-", f"group-{dan.pk}")):
        other = service.issue(sale(f"order {n}", owner_key=key), NOON)
        assert signed_in(dan).get(other.get_absolute_url()).status_code == 404


def test_a_post_is_refused(dan: Reader, invoice: Invoice) -> None:
    assert signed_in(dan).post(invoice.get_absolute_url()).status_code == 405


def test_the_desk_lists_finds_and_shows_invoices_and_changes_none(
    staff: Reader, invoice: Invoice, note: CreditNote
) -> None:
    desk = signed_in(staff)
    assert "HG-2026-00001" in desk.get("/admin/invoices/").content.decode()
    for found in ("HG-2026-00001", "hg-2026-1", "order 17", "Buchhandlung"):
        assert (
            f"/admin/invoices/inspect/{invoice.pk}/"
            in desk.get("/admin/invoices/", {"q": found}).content.decode()
        ), found
    for lost in ("HG-2026-00002", "order 18", "HG-2026-99999999999999999999"):
        assert (
            f"/admin/invoices/inspect/{invoice.pk}/"
            not in desk.get("/admin/invoices/", {"q": lost}).content.decode()
        )
    shown = desk.get(f"/admin/invoices/inspect/{invoice.pk}/").content.decode()
    assert note.number in shown
    assert invoice.get_absolute_url() in shown
    for path in ("new/", f"edit/{invoice.pk}/", f"delete/{invoice.pk}/"):
        assert desk.get(f"/admin/invoices/{path}").status_code == 404  # fmt: skip


WRITTEN = {
    "name": "Hourglass Press Ltd", "address": "12 Clerkenwell Close\r\nLondon", "country": "gb", "company_number": "09876543",
    "vat_number": "gb 980 7806 84", "email": "accounts@example.org", "prefix": "hg",
}  # fmt: skip


def test_who_sells_is_written_by_staff_and_logged(staff: Reader) -> None:
    desk = signed_in(staff)
    assert desk.get(SELLER).status_code == 200
    assert desk.post(SELLER, WRITTEN).status_code == 302
    assert desk.post(SELLER, {**WRITTEN, "name": "Hourglass Ltd"}).status_code == 302
    kept = Seller.objects.get()
    assert (kept.name, kept.country, kept.vat_number, kept.prefix) == (
        "Hourglass Ltd",
        "GB",
        "GB980780684",
        "HG",
    )
    last = ModelLogEntry.objects.filter(action=service.SELLER_CHANGED).order_by("-pk")[0]
    assert last.user == staff
    assert last.data == {"changed": {"name": "Hourglass Press Ltd → Hourglass Ltd"}}


@pytest.mark.parametrize(
    "wrong",
    [{"vat_number": "GB123"}, {"country": "England"}, {"prefix": "H-G"}, {"prefix": ""}, {"name": ""}, {"address": ""}, {"email": "x"}],
)  # fmt: skip
def test_what_cannot_be_printed_of_a_seller_is_refused(staff: Reader, wrong: dict[str, str]) -> None:
    answer = signed_in(staff).post(SELLER, {**WRITTEN, **wrong})
    assert answer.status_code == 200
    assert not Seller.objects.exists()


def test_only_who_may_change_the_seller_does() -> None:
    hugo = with_role("hugo", "Help desk")
    assert signed_in(hugo).post(SELLER, WRITTEN).status_code == 403
    assert not Seller.objects.exists()
    hugo.user_permissions.add(Permission.objects.get(codename="change_seller"))
    assert signed_in(Reader.objects.get(pk=hugo.pk)).post(SELLER, WRITTEN).status_code == 302


def test_a_reader_without_a_name_is_still_a_buyer() -> None:
    made = making.reader("zoe")
    found = service.issue(sale(owner_key=queries.owner_of(made), paid_at=None, paid_by=""), NOON)
    page = signed_in(made).get(found.get_absolute_url()).content.decode()
    assert "not yet" in page
    assert "Paid by" not in page
