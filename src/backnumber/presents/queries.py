"""Reads of gifts that were bought."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from backnumber.presents import codes
from backnumber.presents.models import Present
from backnumber.readers.models import Reader


def _whole() -> "QuerySet[Present]":
    return Present.objects.select_related("product", "donor", "redeemed_by")


def present_by_code(typed: str) -> Present | None:
    """Promise: the gift whose present code was typed, paid for; one query, none for what cannot be a code."""
    plain = codes.plain(typed)
    return _whole().filter(code_digest=codes.digest_of(plain)).first() if plain else None


def present_of_order(order_key: str) -> Present | None:
    """Promise: the gift that the order bought; one query."""
    return _whole().filter(order_key=order_key).first()


def present_for_update(**found_by: Any) -> Present:
    """Promise: the gift, locked until the transaction ends. Errors: Present.DoesNotExist."""
    return _whole().select_for_update(of=("self",), no_key=True).get(**found_by)


def given_by(reader: Reader) -> "QuerySet[Present]":
    """What the reader bought for others and paid for, or is paying for; latest first."""
    return _whole().filter(donor=reader)


def received_by(reader: Reader) -> "QuerySet[Present]":
    """What the reader redeemed, latest first, with the order that has its term."""
    return _whole().select_related("redeemed_order").filter(redeemed_by=reader)


def due(today: date) -> list[str]:
    """Promise: keys of gifts that are to be sent by mail by this day; one query."""
    waiting = Present.objects.filter(state=Present.State.WAITING, by=Present.By.MAIL, arrives_on__lte=today)
    return list(waiting.order_by("arrives_on", "id").values_list("key", flat=True))


def not_known_to_have_failed() -> "QuerySet[Present]":
    """Gifts sent by mail whose mail may turn out to be refused."""
    return Present.objects.filter(state=Present.State.SENT, by=Present.By.MAIL, bounced_at=None)


def kept_about(reader: Reader) -> dict[str, Any]:
    """Promise: what is kept of gifts the reader bought or redeemed, fit for JSON; one query."""
    rows = Present.objects.filter(Q(donor=reader) | Q(redeemed_by=reader)).order_by("ordered_at", "id")
    bought, received = [], []
    for one in rows:
        facts = {"what": one.label, "from": one.donor_name, "for": one.recipient_name, "message": one.message}
        if one.donor_id == reader.pk:
            bought.append(
                {
                    **facts,
                    "sent to": one.sent_to,
                    "posted to": one.address,
                    "day": one.arrives_on,
                    "state": one.get_state_display(),
                    "ordered": one.ordered_at,
                    "redeemed": one.redeemed_at,
                }
            )
        if one.redeemed_by_id == reader.pk:
            received.append({**facts, "redeemed": one.redeemed_at, "state": one.get_state_display()})
    return {"gifts bought": bought, "gifts redeemed": received}
