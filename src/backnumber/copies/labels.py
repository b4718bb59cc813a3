"""Label sheets as PDF: A4, three by eight (63.5 by 33.9 mm), in the order of the labels' places. Names and addresses are handed over as
data, which typst never takes for markup.
"""

import msgspec

from backnumber.copies import rules
from backnumber.copies.models import Label, Run
from backnumber.copies.rows import LAST_ISSUE, issue_in_words
from backnumber.copies.setting import NotSet as NotSet
from backnumber.copies.setting import sheets_of

IN_A_PART = 4800  # labels in one PDF: 200 sheets


def parts(labels: int) -> int:
    """Promise: how many PDFs so many labels make."""
    return -(-labels // IN_A_PART)


def sheets(run: Run, part: int = 1) -> bytes:
    """Promise: a part of the labels of a frozen run, counted from 1; the same bytes each time. Errors: NotSet."""
    assert run.frozen_at is not None
    frozen = Label.objects.filter(
        run=run, place__gt=(part - 1) * IN_A_PART, place__lte=part * IN_A_PART
    ).order_by("place")
    home = str(run.layout["home_country"])
    said = {"issue": issue_in_words(run.issue), "labels": [_said(label, home) for label in frozen]}
    return sheets_of(msgspec.json.encode(said), int(run.frozen_at.timestamp()))


def _said(label: Label, home: str) -> dict[str, object]:
    address = rules.Address(tuple(label.lines.splitlines()), label.town, label.postcode, label.country)
    head = [
        label.number,
        f"{label.copies} copies" if label.copies > 1 else "",
        LAST_ISSUE if label.is_last else "",
    ]
    return {
        "head": " · ".join(part for part in head if part),
        "bundle": label.bundle,
        "lines": rules.envelope(label.name, address, home),
    }
