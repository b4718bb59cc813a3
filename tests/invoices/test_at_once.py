"""Numbers have no gaps and are given once, however many issue at the same moment and however many of them come to nothing."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backnumber.invoices import service
from backnumber.invoices.models import Counter, CreditNote, Invoice
from backnumber.invoices.rules import CreditTooHigh
from tests.invoices.sales import NOON, ground, sale
from tests.parallel import together, tried

pytestmark = pytest.mark.django_db(transaction=True)


_RUNS = count(1)


class Away(RuntimeError):
    """What else was to be done in the transaction failed."""


def numbers(model: type[Invoice] | type[CreditNote], **of: object) -> list[int]:
    return sorted(model.objects.filter(**of).values_list("sequence", flat=True))


def issue(reference: str, *, fails: bool = False, now: datetime = NOON) -> Callable[[], Invoice]:
    def run() -> Invoice:
        with transaction.atomic():
            made = service.issue(sale(reference), now)
            if fails:
                raise Away
            return made

    return run


def test_many_at_once_have_numbers_without_gaps_or_doubles() -> None:
    ground()
    _, errors = tried(*(issue(f"order {n}") for n in range(12)))
    assert errors == []
    assert numbers(Invoice) == list(range(1, 13))


def test_control_without_the_lock_there_are_doubles(monkeypatch: pytest.MonkeyPatch) -> None:
    """The counter is read without its lock: two read the same last number. The database refuses the second of them."""
    ground()

    def unlocked(series: str, year: int) -> Counter:
        Counter.objects.bulk_create([Counter(series=series, year=year)], ignore_conflicts=True)
        found = Counter.objects.get(series=series, year=year)
        time.sleep(0.2)
        return found

    issue("the first")()
    monkeypatch.setattr(service, "_locked", unlocked)
    _, errors = tried(*(issue(f"order {n}") for n in range(6)))
    assert errors
    assert numbers(Invoice) != list(range(1, 8))


def test_control_a_sequence_of_the_database_leaves_gaps() -> None:
    """Why the number is no serial: what is rolled back has used its number up."""
    ground()
    for n, fails in enumerate((False, True, False)):
        tried(issue(f"order {n}", fails=fails))
    assert numbers(Invoice) == [1, 2]
    first, last = Invoice.objects.order_by("pk").values_list("pk", flat=True)
    assert last - first == 2


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=2, max_size=7))
def test_whoever_fails_and_whoever_asks_again_leaves_no_gap(asked: list[tuple[int, bool]]) -> None:
    """Several for the same sale at once, some of which fail afterwards: one invoice for each sale of which any held."""
    series = f"H{next(_RUNS)}"
    ground(prefix=series)
    answers, errors = tried(*(issue(f"{series} {which}", fails=fails) for which, fails in asked))
    assert all(isinstance(error, Away) for error in errors)
    held = {which for which, fails in asked if not fails}
    assert len({answer.pk for answer in answers}) == len(held)
    assert numbers(Invoice, series=series) == list(range(1, len(held) + 1))


def test_one_sale_is_one_invoice_however_many_ask_at_once() -> None:
    ground()
    answers = together(lambda _: service.issue(sale(), NOON).pk, list(range(8)))
    assert len(set(answers)) == 1
    assert numbers(Invoice) == [1]
    assert Counter.objects.get().last == 1


def test_one_sale_is_one_invoice_also_at_the_turn_of_the_year() -> None:
    """Two counters, so neither waits for the other's lock: the reference itself holds, and no number is lost."""
    ground()
    old = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    for n in range(4):
        jobs = [issue(f"order {n}", now=now) for now in (old, old + timedelta(seconds=2)) * 2]
        answers, errors = tried(*jobs)
        assert errors == []
        assert len({answer.pk for answer in answers}) == 1
    for year in (2026, 2027):
        found = numbers(Invoice, year=year)
        assert found == list(range(1, len(found) + 1))
    assert Invoice.objects.count() == 4


def test_credits_at_once_are_never_more_than_the_invoice() -> None:
    ground()
    invoice = service.issue(sale(), NOON)
    jobs = [lambda n=n: service.credit(invoice, 1000, f"refund {n}", "At once", NOON) for n in range(8)]
    answers, errors = tried(*jobs)
    assert len(answers) == 4
    assert all(isinstance(error, CreditTooHigh) for error in errors)
    assert numbers(CreditNote) == [1, 2, 3, 4]


def test_control_without_the_lock_of_the_invoice_credits_are_more_than_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ground()
    invoice = service.issue(sale(), NOON)
    seen = service.rules.credit_of

    def slow(*args: object) -> object:
        found = seen(*args)  # type: ignore[arg-type]
        time.sleep(0.3)
        return found

    monkeypatch.setattr(service.rules, "credit_of", slow)
    monkeypatch.setattr(type(Invoice.objects.all()), "select_for_update", lambda self: self)
    monkeypatch.setattr(service, "_locked", _own_counter)
    tried(*(lambda n=n: service.credit(invoice, 4000, f"refund {n}", "At once", NOON) for n in range(2)))
    assert sum(CreditNote.objects.values_list("minor", flat=True)) > invoice.minor


_COUNTERS = count(1)


def _own_counter(_series: str, year: int) -> Counter:
    """A series of its own for each, so that only the invoice's lock is missing."""
    return Counter.objects.create(series=f"T{next(_COUNTERS)}", year=year)


def test_one_refund_is_one_credit_note_however_many_ask_at_once() -> None:
    ground()
    invoice = service.issue(sale(), NOON)
    answers = together(lambda _: service.credit(invoice, 500, "refund", "Once", NOON).pk, list(range(6)))
    assert len(set(answers)) == 1
    assert numbers(CreditNote) == [1]


def test_one_reference_for_two_invoices_at_once_is_refused_to_one() -> None:
    ground()
    invoices = [service.issue(sale(f"order {n}"), NOON) for n in range(2)]
    answers, errors = tried(
        *(lambda one=one: service.credit(one, 500, "the same", "Twice", NOON) for one in invoices)
    )
    assert len(answers) == 1
    assert isinstance(errors[0], IntegrityError | service.ReferenceTaken)
    assert numbers(CreditNote) == [1]
