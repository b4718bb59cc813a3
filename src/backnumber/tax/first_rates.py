"""The rates a new magazine begins with, in `first_rates.csv` beside this file. They are a help, not advice: staff must check them."""

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from backnumber.tax.models import TaxRate

FILE = Path(__file__).with_name("first_rates.csv")


def first_rates() -> Iterator[TaxRate]:
    """Promise: each row of the file, not yet stored."""
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield TaxRate(
                country=row["country"],
                kind=row["kind"],
                from_date=date.fromisoformat(row["from"]),
                basis_points=int(Decimal(row["percent"]) * 100),
                name=row["name"],
                source=row["source"],
                note=row["note"],
            )
