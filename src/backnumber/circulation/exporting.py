"""CSV that a spreadsheet opens without running anything in it."""

import csv
import io
from collections.abc import Iterable, Sequence

from backnumber.circulation.countries import name_of_country
from backnumber.circulation.models import PrintSubscription

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """Promise: the text, with an apostrophe before it where a spreadsheet would take it for a formula.

    Source: OWASP, "CSV Injection". What stands behind leading spaces counts too.
    """
    return (
        f"'{text}"
        if text.startswith(_STARTS_A_FORMULA) or text.lstrip().startswith(_STARTS_A_FORMULA)
        else text
    )


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Promise: CSV after RFC 4180 with every cell safe and a byte order mark, so that spreadsheets read it as
    UTF-8.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([safe_cell(str(cell)) for cell in header])
    writer.writerows([[safe_cell(str(cell)) for cell in row] for row in rows])
    return "\ufeff" + out.getvalue()


def changed_addresses() -> str:
    """Promise: who moved, as told on the site and not yet repeated by the bureau, the latest last."""
    moved = PrintSubscription.objects.filter(address_changed_at__isnull=False).order_by(
        "address_changed_at", "number"
    )
    header = ("subscriber number", "name", "address", "postcode", "country", "changed on")
    return as_csv(
        header,
        (
            (
                s.number,
                s.name,
                ", ".join(s.address.splitlines()),
                s.postcode,
                name_of_country(s.country),
                f"{s.address_changed_at:%Y-%m-%d}",
            )
            for s in moved
        ),
    )
