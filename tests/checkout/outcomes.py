"""What paying leaves behind: the order, its grants, payments and printed copies, and the mails."""

from typing import Any

from django.core import mail

from backnumber.access import Evidence
from backnumber.checkout.models import Order
from backnumber.circulation.models import PrintSubscription
from backnumber.grants.models import Grant
from backnumber.payments.models import Payment


def grants(placed: Order) -> list[Grant]:
    return list(Grant.objects.filter(evidence=Evidence.PAYMENT.value, evidence_key=placed.key))


def mails(placed: Order) -> list[str]:
    return [m.subject.partition(":")[0] for m in mail.outbox if placed.key in m.extra_headers["Message-ID"]]


def state(placed: Order) -> dict[str, Any]:
    """All that paying leaves behind."""
    placed.refresh_from_db()
    fields = ("state", "paid_at", "refunded_at", "begins", "until", "anchor", "months_before")
    copies = PrintSubscription.objects.filter(order_key=placed.key).values_list(
        "starts_on", "ends_on", "status"
    )
    return {
        "order": {name: getattr(placed, name) for name in fields},
        "grants": [(g.starts, g.until, g.revoked_at, g.scope) for g in grants(placed)],
        "payments": list(
            Payment.objects.filter(order_key=placed.key).values_list("state", "paid_at", "problem")
        ),
        "copies": list(copies),
        "mails": sorted(mails(placed)),
    }
