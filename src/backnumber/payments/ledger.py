"""The ledger of money: what moved, noted once, never changed."""

from datetime import datetime

from django.db.models import Sum

from backnumber.payments.models import LedgerEntry, Payment
from backnumber.payments.rules import Balance, balance


def noted(payment: Payment) -> Balance:
    """Promise: what the ledger holds of the payment; one query."""
    sums = dict(
        LedgerEntry.objects.filter(payment=payment)
        .order_by()
        .values_list("kind")
        .annotate(total=Sum("minor"))
    )
    return Balance(**{kind.value: sums.get(kind.value, 0) for kind in LedgerEntry.Kind})


def note(payment: Payment, now: datetime) -> list[LedgerEntry]:
    """Promise: the ledger says of the payment what its truth says: what is missing is added, and nothing twice. The caller holds
    the order's lock.
    """
    stands, should = noted(payment), balance(payment.truth)
    moments = {
        LedgerEntry.Kind.PAYMENT: payment.paid_at,
        LedgerEntry.Kind.REFUND: payment.refunded_at,
        LedgerEntry.Kind.DISPUTE: payment.disputed_at,
    }
    return [
        LedgerEntry.objects.create(
            payment=payment,
            kind=kind,
            minor=missing,
            currency=payment.currency,
            at=moments[kind] or now,
            noted_at=now,
        )
        for kind in LedgerEntry.Kind
        if (missing := getattr(should, kind.value) - getattr(stands, kind.value))
    ]
