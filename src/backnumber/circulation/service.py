"""Commands of circulation: a print subscription begins, ends, moves, and follows its term into the ledger of grants."""

from datetime import date

from django.db import connection, transaction

from backnumber.circulation.models import PrintSubscription
from backnumber.circulation.rules import surname_of
from backnumber.readers.models import Reader


@transaction.atomic
def begin_print_subscription(
    reader: Reader,
    *,
    name: str,
    address_lines: list[str],
    postcode: str,
    country: str,
    starts_on: date,
    ends_on: date,
    order_key: str,
) -> PrintSubscription:
    """Promise: exactly one print subscription for this order, with a number of its own; asked again, the first is returned unchanged.

    It gives no grant: the order's payment does. Errors: ValueError without an order key, or when the order was another reader's.
    """
    if not order_key.strip():
        raise ValueError("no print subscription without an order")
    found = PrintSubscription.objects.filter(order_key=order_key).first() or PrintSubscription.objects.get_or_create(
        order_key=order_key,
        defaults={
            "number": f"W-{_next_key():06d}",
            "name": name,
            "surname": surname_of(name),
            "email": reader.email,
            "address": "\n".join(line.strip() for line in address_lines if line.strip()),
            "postcode": postcode,
            "country": country,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "source": PrintSubscription.Source.CHECKOUT,
            "reader": reader,
        },
    )[0]
    if found.reader_id not in (None, reader.pk):
        raise ValueError(f"order {order_key} already serves another reader")
    return found


def _next_key() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('circulation_printsubscription', 'id'))")
        return int(cursor.fetchone()[0])


@transaction.atomic
def end_print_subscription(order_key: str, *, on: date) -> bool:
    """Promise: the order's print subscription sends no copy after `on`, and is cancelled; whether this call did it.

    Asked again, nothing changes; a term that ended earlier stays as it was.
    """
    found = PrintSubscription.objects.select_for_update().filter(order_key=order_key).first()
    if found is None or found.status == PrintSubscription.Status.CANCELLED:
        return False
    found.status = PrintSubscription.Status.CANCELLED
    found.ends_on = max(found.starts_on, min(found.ends_on, on))
    found.save(update_fields=["status", "ends_on"])
    return True
