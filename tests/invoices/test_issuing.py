"""An invoice says what was sold, once and for ever."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from backnumber.invoices import queries, rules, service
from backnumber.invoices.models import Counter, CreditNote, Invoice, Seller
from backnumber.invoices.rules import CreditTooHigh, NotASale, Sale, SaleLine
from backnumber.readers.models import Reader
from backnumber.tax.models import TaxRate
from backnumber.tax.rules import OUTSIDE, REVERSE_CHARGE, Charge, Kind, NoRate
from tests.invoices.sales import BOOKSHOP, NOON, PETTIGREW, SIOBHAN, ground, sale

IN_JANUARY = datetime(2027, 1, 2, 9, tzinfo=UTC)


@pytest.fixture
def seller(db: None) -> None:
    ground()


@pytest.mark.usefixtures("seller")
def test_an_invoice_freezes_all_that_it_says() -> None:
    invoice = service.issue(sale(notes=("With thanks",), owner_key="reader-7"), NOON)
    said = invoice.said
    assert (said.number, invoice.number) == ("HG-2026-00001", "HG-2026-00001")
    assert (said.issued_on, said.supplied_on, said.paid_on) == (date(2026, 11, 18),) * 3
    assert (said.paid_by, said.reference, said.currency) == ("Card ending 4242", "order 17", "EUR")
    assert said.seller.name == "Hourglass Press Ltd"
    assert said.seller.address == ("12 Clerkenwell Close", "London", "EC1R 0AT")
    assert (said.seller.vat_number, said.seller.company_number) == ("GB980780684", "09876543")
    assert said.buyer == SIOBHAN
    (line,) = said.lines
    assert (line.what, line.net, line.tax, line.gross, line.share) == ("Online access, one year", 4404, 396, 4800, 900)  # fmt: skip
    assert [(total.net, total.tax, total.gross) for total in said.totals] == [(4404, 396, 4800)]
    assert said.notes == ("With thanks",)
    assert (invoice.minor, invoice.owner_key) == (4800, "reader-7")


@pytest.mark.usefixtures("seller")
def test_what_changes_afterwards_changes_no_invoice() -> None:
    before = service.issue(sale(), NOON).said
    Seller.objects.update(name="Another Press", vat_number="", address="Elsewhere")
    TaxRate.objects.all().delete()
    again = service.issue(sale(buyer=PETTIGREW, lines=(SaleLine("Other", 1, Kind.PRINT),)), IN_JANUARY)
    assert again.said == before == Invoice.objects.get().said
    assert Counter.objects.get().last == 1


@pytest.mark.usefixtures("seller")
def test_the_rate_is_that_of_the_day_of_supply_and_the_year_that_of_issuing() -> None:
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    TaxRate.objects.create(country="IE", kind="online", from_date=date(2027, 1, 1), basis_points=1350)
    old = service.issue(sale("a", paid_at=late), IN_JANUARY).said
    new = service.issue(sale("b", paid_at=IN_JANUARY), IN_JANUARY).said
    assert [(one.number, one.lines[0].share) for one in (old, new)] == [
        ("HG-2027-00001", 900), ("HG-2027-00002", 1350),
    ]  # fmt: skip
    assert old.supplied_on == date(2026, 12, 31)
    assert service.issue(sale("c", supplied_on=date(2026, 12, 1)), IN_JANUARY).said.lines[0].share == 900


@pytest.mark.usefixtures("seller")
def test_two_kinds_stand_apart_and_together_are_what_was_paid() -> None:
    said = service.issue(sale("x", (3600, Kind.ONLINE), (2400, Kind.PRINT), buyer=replace(SIOBHAN, country="CZ")), NOON).said  # fmt: skip
    assert [(line.kind, line.share) for line in said.lines] == [("online", 2100), ("print", 1200)]
    assert [total.share for total in said.totals] == [2100, 1200]
    assert sum(total.gross for total in said.totals) == 6000


@pytest.mark.usefixtures("seller")
def test_a_business_elsewhere_in_the_union_accounts_for_the_tax_itself() -> None:
    said = service.issue(sale(buyer=BOOKSHOP), NOON).said
    assert (said.lines[0].tax, said.notes) == (0, (REVERSE_CHARGE,))
    assert "Reverse charge" in said.notes[0]
    wrong = service.issue(sale("b", buyer=replace(BOOKSHOP, vat_number="DE136695977")), NOON).said
    assert wrong.lines[0].tax == 314
    assert service.issue(sale("c", buyer=replace(SIOBHAN, country="US")), NOON).said.notes == (OUTSIDE,)


@pytest.mark.django_db
def test_whoever_is_not_registered_charges_no_tax_and_needs_no_rates() -> None:
    said = service.issue(sale(), NOON).said
    assert (said.number, said.lines[0].tax) == ("INV-2026-00001", 0)
    assert said.notes == ("The seller is not registered for VAT: no VAT is charged.",)


@pytest.mark.usefixtures("seller")
def test_without_a_rate_nothing_is_issued_until_there_is_one() -> None:
    TaxRate.objects.filter(country="IE").delete()
    with pytest.raises(NoRate):
        service.issue(sale(), NOON)
    assert not Invoice.objects.exists()
    TaxRate.objects.create(country="IE", kind="online", from_date=date(2026, 1, 1), basis_points=900)
    assert service.issue(sale(), NOON).number == "HG-2026-00001"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        Sale("", SIOBHAN, (SaleLine("A", 1, Kind.ONLINE),), "EUR"),
        Sale("a", SIOBHAN, (), "EUR"),
        Sale("a", SIOBHAN, (SaleLine("A", 1, Kind.ONLINE),), "euro"),
        Sale("a", SIOBHAN, (SaleLine("A", -1, Kind.ONLINE),), "EUR"),
        Sale("a", SIOBHAN, (SaleLine("A", 1, Kind.ONLINE, quantity=0),), "EUR"),
        Sale("a", SIOBHAN, (SaleLine(" \u200b\u202e"[:1], 1, Kind.ONLINE),), "EUR"),
    ],
)
def test_what_is_no_sale_is_refused(wrong: Sale) -> None:
    with pytest.raises(NotASale):
        service.issue(wrong, NOON)
    assert not Counter.objects.exists()


@pytest.mark.usefixtures("seller")
def test_what_cannot_be_seen_or_turns_letters_around_is_left_out() -> None:
    odd = replace(SIOBHAN, name="Ada\x00\u202e evil\nLine\ud800", address=("", " \t ", "עברית"))
    said = service.issue(sale(buyer=odd, notes=("a\u2066b", "")), NOON).said
    assert said.buyer.name == "Ada evil Line"
    assert said.buyer.address == ("עברית",)
    assert said.notes == ("ab",)


def change(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.usefixtures("seller")
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE invoices_invoice SET minor = 1",
        "UPDATE invoices_invoice SET owner_key = ''",
        "DELETE FROM invoices_creditnote",
        "UPDATE invoices_creditnote SET facts = '{}'",
        "UPDATE invoices_counter SET last = last + 2",
        "UPDATE invoices_counter SET last = last - 1",
        "UPDATE invoices_counter SET year = 2027, last = last + 1",
        "DELETE FROM invoices_counter",
        "INSERT INTO invoices_invoice (key, reference, series, year, sequence, issued_at, currency, minor, facts, owner_key)"
        " VALUES ('k', 'r', 'HG', 2026, 7, now(), 'EUR', 1, '{}', '')",
    ],
)
def test_the_database_refuses_to_change_what_was_issued_and_how_it_was_numbered(sql: str) -> None:
    invoice = service.issue(sale(), NOON)
    service.credit(invoice, 100, "back", "A test", NOON)
    with pytest.raises(DatabaseError, match=r"issued is never|moves by one|never deleted|given last"):
        change(sql)


@pytest.mark.usefixtures("seller")
def test_neither_does_the_programme() -> None:
    invoice = service.issue(sale(), NOON)
    invoice.minor = 1
    with pytest.raises(DatabaseError), transaction.atomic():
        invoice.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        Invoice.objects.get().delete()
    assert Invoice.objects.get().minor == 4800


@pytest.mark.usefixtures("seller")
def test_control_other_tables_take_a_change() -> None:
    change("UPDATE invoices_seller SET name = 'Another Press'")
    assert Seller.objects.get().name == "Another Press"


@pytest.mark.usefixtures("seller")
def test_a_credit_is_never_more_than_the_invoice_and_the_same_for_the_same_reference() -> None:
    invoice = service.issue(sale(), NOON)
    first = service.credit(invoice, 3000, "refund 1", "Half of it was lost", NOON)
    assert first.said.because == "Half of it was lost"
    assert (first.said.invoice, first.number) == ("HG-2026-00001", "HG-CN-2026-00001")
    assert service.credit(invoice, 1, "refund 1", "again", IN_JANUARY) == first
    for too_much in (1801, 4800, 0, -1):
        with pytest.raises(CreditTooHigh):
            service.credit(invoice, too_much, f"refund of {too_much}", "", NOON)
    last = service.credit(invoice, 1800, "refund 2", "The rest", NOON)
    assert last.number == "HG-CN-2026-00002"
    assert sum(note.minor for note in CreditNote.objects.all()) == invoice.minor
    other = service.issue(sale("order 18"), NOON)
    with pytest.raises(service.ReferenceTaken):
        service.credit(other, 1, "refund 1", "", NOON)


@given(
    st.lists(
        st.tuples(st.integers(0, 5000), st.sampled_from([0, 210, 900, 2000, 2550])), min_size=1, max_size=5
    ),
    st.data(),
)
def test_credits_of_all_of_it_add_up_to_the_invoice_at_each_rate(
    parts: list[tuple[int, int]], data: st.DataObject
) -> None:
    lines = [
        line
        for gross, share in parts
        for line in rules.lines_of(
            Sale("s", SIOBHAN, (SaleLine("A", gross, Kind.ONLINE),), "EUR"), {Kind.ONLINE: Charge(share)}
        )
    ]
    totals = rules.totals_of(lines)
    earlier: list[tuple[rules.RateTotal, ...]] = []
    while left := rules.gross_of(totals) - sum(map(rules.gross_of, earlier)):
        minor = data.draw(st.integers(1, left)) if len(earlier) < 6 else left
        earlier.append(rules.credit_of(totals, earlier, minor))
        assert rules.gross_of(earlier[-1]) == minor
        assert all(one.net >= 0 and one.tax >= 0 and one.net + one.tax == one.gross for one in earlier[-1])
    for total in totals:
        back = [one for credit in earlier for one in credit if one.share == total.share]
        assert (sum(one.net for one in back), sum(one.tax for one in back)) == (total.net, total.tax)
    with pytest.raises(CreditTooHigh):
        rules.credit_of(totals, earlier, 1)  # fmt: skip


@pytest.mark.usefixtures("seller")
def test_deleting_an_account_keeps_its_invoices(dan: Reader, ada: Reader) -> None:
    key = queries.owner_of(dan)
    service.issue(sale("a", owner_key=key), NOON)
    service.issue(sale("b", owner_key=queries.owner_of(ada)), NOON)
    service.issue(sale("nobody's"), NOON)
    assert [one.reference for one in queries.invoices_of(key)] == ["a"]
    assert queries.invoices_of("") == []
    Reader.objects.get(pk=dan.pk).delete()
    assert [one.reference for one in queries.invoices_of(key)] == ["a"]


@pytest.mark.usefixtures("seller")
def test_no_relation_leads_from_an_invoice_to_a_reader() -> None:
    for model in (Invoice, CreditNote):
        related = {field.related_model for field in model._meta.get_fields() if field.is_relation}
        assert related <= {Invoice, CreditNote}


def test_nothing_of_the_rooms_of_orders_is_known_here() -> None:
    assert {field.name for field in Invoice._meta.get_fields()}.isdisjoint({"order", "reader", "payment"})
