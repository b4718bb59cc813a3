"""A list of another house is taken over, line by line, each with the evidence that its reader consented."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path

from django.db import transaction

from backnumber.longread.models import Consent, Recipient, Suppression
from backnumber.longread.rules import digest_of
from backnumber.longread.service import Shown, note
from backnumber.mail.addresses import deliverable

COLUMNS = ("email", "consented", "evidence")


class UnreadableList(Exception):
    """The file is no CSV in UTF-8 with the columns; the words say what is wrong."""


@dataclass
class ImportReport:
    """`refused`: the line's number and why."""

    added: int = 0
    known: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


class _DryRun(Exception):
    pass


def import_list(path: Path, now: datetime, *, dry_run: bool = False) -> ImportReport:
    """Promise: each good line's address is on the list, with the evidence kept; whoever left, or is suppressed, stays away; what is
    refused is told with its line, and the rest goes on. A dry run writes nothing. Errors: UnreadableList.
    """
    report = ImportReport()
    try:
        with transaction.atomic():
            for number, row in _rows(path):
                _take(row, number, now, report)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise UnreadableList(
                    f"its first line lacks {', '.join(missing)}; it must have {', '.join(COLUMNS)}"
                )
            for row in reader:
                yield reader.line_num, {name: (row.get(name) or "").strip() for name in COLUMNS}
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableList(f"it is no CSV file in UTF-8: {error}") from None


def _take(row: dict[str, str], number: int, now: datetime, report: ImportReport) -> None:
    try:
        email, at = deliverable(row["email"]), _moment(row["consented"], now)
    except ValueError as fault:
        report.refused.append((number, str(fault)))
        return
    if not row["evidence"]:
        report.refused.append((number, "it has no evidence: where they consented, and to which words"))
    elif Suppression.objects.filter(pk=digest_of(email)).exists() or _has_left(email):
        report.refused.append((number, "they left, or mails to them came back: they must ask themselves"))
    else:
        recipient, is_new = Recipient.objects.get_or_create(
            email=email, defaults={"asked_at": at, "confirmed_at": at}
        )
        if is_new:
            note(recipient, Consent.Kind.IMPORTED, at, Shown("import", row["evidence"][:2000]))
        report.added, report.known = report.added + is_new, report.known + (not is_new)


def _has_left(email: str) -> bool:
    left = Consent.objects.filter(digest=digest_of(email)).order_by("-at", "-pk").first()
    gone = left is not None and left.kind == Consent.Kind.LEFT
    return gone or Recipient.objects.filter(email=email).exclude(left_at=None).exists()


def _moment(text: str, now: datetime) -> datetime:
    """Errors: ValueError whose words are fit to be shown."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("write the day of consent like 2024-05-31") from None
    at = read if read.tzinfo else datetime.combine(read.date(), read.time() or time.min, UTC)
    if at > now:
        raise ValueError("the day of consent is to come")
    return at
