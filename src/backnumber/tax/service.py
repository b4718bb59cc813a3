"""Commands on the table of rates."""

from django.db import connection, transaction
from wagtail.log_actions import log

from backnumber.tax.first_rates import first_rates
from backnumber.tax.models import TaxRate

RATE_CHANGED = "tax.rate"


@transaction.atomic
def load_first_rates() -> int:
    """Promise: an empty table is filled with the first rates; how many. One that staff have kept, also by emptying half of it, is left
    as it is.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE tax_taxrate IN SHARE ROW EXCLUSIVE MODE")
    if TaxRate.objects.exists():
        return 0
    return len(TaxRate.objects.bulk_create(first_rates()))


def log_rate(rate: TaxRate, before: str) -> None:
    """Promise: the log holds what the row says now and what it said before, by who is at work in the admin; nothing where it
    says the same.
    """
    after = as_logged(rate)
    if after != before:
        log(instance=rate, action=RATE_CHANGED, data={"from": before, "to": after})


def as_logged(rate: TaxRate) -> str:
    """Promise: all of a row that an invoice could come to bear."""
    return f"{rate.name} {rate.percent} on {rate.kind} in {rate.country} from {rate.from_date.isoformat()}"
