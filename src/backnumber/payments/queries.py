"""Reads of payments and events."""

from datetime import datetime, timedelta

from django.db.models import Max, Min, Q

from backnumber.payments.models import Comparison, Difference, LedgerEntry, Payment, Refund, WebhookEvent
from backnumber.payments.provider import PaymentState

_WAITING = (PaymentState.OPEN.value, PaymentState.PENDING.value)


def order_key_of(provider: str, payment_key: str) -> str | None:
    """Promise: the key of the order this payment was begun for; None when we began no such payment."""
    return (
        Payment.objects.filter(provider=provider, key=payment_key).values_list("order_key", flat=True).first()
    )


def orders_waiting(begun_before: datetime, limit: int) -> list[str]:
    """Promise: keys of orders with a payment that was begun before then and is not settled, oldest first."""
    rows = Payment.objects.filter(state__in=_WAITING, begun_at__lt=begun_before).order_by("begun_at")
    return list(dict.fromkeys(rows.values_list("order_key", flat=True)[:limit]))


def orders_paid_lately(now: datetime, days: int) -> list[str]:
    """Promise: keys of orders paid in the last days, whose money may have gone back since."""
    return list(
        Payment.objects.filter(state=PaymentState.PAID, paid_at__gte=now - timedelta(days=days)).values_list(
            "order_key", flat=True
        )
    )


def is_under_way(order_key: str, since: datetime) -> bool:
    """Whether money for the order may be on its way: a payment is pending, or the payer's own page was opened after `since` and is open."""
    rows = Payment.objects.filter(order_key=order_key)
    is_open = Q(state=PaymentState.OPEN, charged="", begun_at__gt=since)
    return rows.filter(Q(state=PaymentState.PENDING) | is_open).exists()


def was_heard(provider: str, event_id: str) -> bool:
    """Whether the event was recorded before."""
    return WebhookEvent.objects.filter(provider=provider, event_id=event_id).exists()


def refunds_asked_for() -> list[Refund]:
    """Promise: refunds whose provider has not been asked yet, or has not answered; one query."""
    return list(Refund.objects.filter(state="asked").select_related("payment"))


def last_payment(order_key: str) -> Payment | None:
    """Promise: the last attempt to pay the order; one query."""
    return Payment.objects.filter(order_key=order_key).order_by("-attempt").first()


def payments_of(order_key: str) -> list[Payment]:
    return list(Payment.objects.filter(order_key=order_key).order_by("attempt"))


def events_of(payments: list[Payment]) -> list[WebhookEvent]:
    """Promise: what was heard of these payments, latest first; one query."""
    keys = [p.key for p in payments if p.key]
    return list(
        WebhookEvent.objects.filter(payment_key__in=keys, provider__in={p.provider for p in payments})
    )


def orders_with_problems() -> list[str]:
    """Promise: keys of orders with a payment that staff must look at."""
    return list(Payment.objects.exclude(problem="").values_list("order_key", flat=True).distinct())


def has_problem(provider: str, payment_key: str) -> bool:
    return Payment.objects.filter(provider=provider, key=payment_key).exclude(problem="").exists()


def providers_used() -> list[str]:
    """Promise: the names of the providers at which payments were begun; one query."""
    return sorted(Payment.objects.order_by().values_list("provider", flat=True).distinct())


def compared_since(provider: str, otherwise: datetime) -> datetime:
    """Promise: when the last comparison began that was finished; `otherwise` when there is none, or when it is longer ago."""
    last = Comparison.objects.filter(provider=provider).exclude(finished_at=None).first()
    return max(last.began_at, otherwise) if last else otherwise


def changed_here(provider: str, since: datetime) -> list[str]:
    """Promise: the provider's keys of payments of which our ledger has noted something since then; one query."""
    entries = LedgerEntry.objects.filter(payment__provider=provider, noted_at__gte=since).order_by("id")
    return [key for key in entries.values_list("payment__key", flat=True) if key]


def keys_that_differ(provider: str) -> list[str]:
    """Promise: the provider's keys of payments that were found to differ, and still do as far as is known."""
    rows = Difference.objects.filter(provider=provider, mended_at=None).order_by("id")
    return list(rows.values_list("payment_key", flat=True))


def differences_open() -> list[Difference]:
    """Promise: what staff have not seen to, latest first; one query."""
    return list(Difference.objects.filter(mended_at=None, seen_at=None))


def not_compared_since() -> dict[str, datetime]:
    """Promise: for each provider at which payments were begun, when it was last compared to the end, or, where it never was, when the
    first of them was begun. Two queries.
    """
    first = Payment.objects.order_by().values_list("provider").annotate(Min("begun_at"))
    done = (
        Comparison.objects.order_by()
        .exclude(finished_at=None)
        .values_list("provider")
        .annotate(Max("finished_at"))
    )
    return {**dict(first), **dict(done)}
