"""Takes a bureau file in: compares it with what is known, and in one transaction makes it so, claims already
granted included.
"""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from wagtail.log_actions import log

from backnumber.circulation.bureau import Rejected, Row, UnreadableFile, read_sheet
from backnumber.circulation.models import BureauFile, PrintSubscription
from backnumber.circulation.rules import continued_start, digits_key, number_key
from backnumber.circulation.service import follow_term
from backnumber.readers.models import Reader

__all__ = [
    "BureauReport",
    "Changed",
    "UnreadableFile",
    "apply_bureau_file",
    "discard_bureau_file",
    "import_bureau_file",
]

# In the admin's log.
FILE_TAKEN_IN, FILE_DISCARDED = "circulation.bureau_file", "circulation.bureau_file_discarded"

_COMPARED = ("name", "surname", "email", "starts_on", "ends_on", "status")


@dataclass(frozen=True, slots=True)
class Changed:
    """A subscriber whose line says something new: which fields."""

    line: int
    number: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BureauReport:
    """What a file came to, or in a dry run would come to. `ours` counts what was sold on the site: there the
    shop is the truth.
    """

    dry_run: bool
    new: tuple[str, ...]
    changed: tuple[Changed, ...]
    unchanged: int
    ours: int
    rejected: tuple[Rejected, ...]
    granted: int = 0
    revoked: int = 0

    def as_text(self) -> str:
        """The report as it is kept and as a terminal shows it."""
        head = f"{len(self.new)} new, {len(self.changed)} changed, {self.unchanged} unchanged"
        head += f", {len(self.rejected)} rejected"
        lines = [head + (" (dry run: nothing was written)" if self.dry_run else "")]
        if self.ours:
            lines.append(f"{self.ours} were sold on the site and are left as the shop knows them")
        if self.granted or self.revoked:
            lines.append(f"{self.granted} grants made, {self.revoked} revoked")
        lines += [f"line {c.line}: {c.number}: {', '.join(c.fields)} changed" for c in self.changed]
        lines += [f"line {r.line}: rejected: {r.reason}" for r in self.rejected]
        return "\n".join(lines)


@transaction.atomic
def import_bureau_file(path_or_file: Path | str | IO[bytes], now: datetime, dry_run: bool) -> BureauReport:
    """Promise: the file's subscribers are known as it says, all or none, and a report of every line; taken in
    again, nothing changes.

    Lines that are no good are left out and listed; subscribers the file does not name stay as they are. A
    claimed subscription's grants follow its new term. Errors: UnreadableFile when the file as a whole is no
    good.
    """
    sheet = read_sheet(_bytes(path_or_file))
    known = {
        s.number: s
        for s in PrintSubscription.objects.select_for_update().filter(
            number__in=[r.number for r in sheet.rows]
        )
    }
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    rejected = list(sheet.rejected)
    new: list[PrintSubscription] = []
    changed: list[tuple[Changed, PrintSubscription]] = []
    ours = unchanged = 0
    for row in sheet.rows:
        found = known.get(row.number)
        if row.status == "lapsed" and row.ends_on >= today:
            rejected.append(
                Rejected(row.line, f"the status is lapsed, but the term runs until {row.ends_on}")
            )
        elif found is None:
            new.append(_made(row))
        elif found.source == PrintSubscription.Source.CHECKOUT:
            ours += 1
        elif fields := _take_over(found, row):
            changed.append((Changed(row.line, row.number, fields), found))
        else:
            unchanged += 1
    granted, revoked = (0, 0) if dry_run else _write(new, [s for _, s in changed], now)
    return BureauReport(
        dry_run=dry_run,
        new=tuple(s.number for s in new),
        changed=tuple(c for c, _ in changed),
        unchanged=unchanged,
        ours=ours,
        rejected=tuple(sorted(rejected, key=lambda r: r.line)),
        granted=granted,
        revoked=revoked,
    )


@transaction.atomic
def apply_bureau_file(key: int, now: datetime, *, by: Reader | None) -> BureauReport | None:
    """Promise: an uploaded file is taken in once, and the log says by whom; its report is kept, its content is not. None when
    that was done before.
    """
    kept = (
        BureauFile.objects.select_for_update().filter(pk=key, applied_at=None, content__isnull=False).first()
    )
    if kept is None or kept.content is None:
        return None
    report = import_bureau_file(BytesIO(bytes(kept.content)), now, dry_run=False)
    kept.content, kept.applied_at, kept.report = None, now, report.as_text()
    kept.save()
    log(kept, FILE_TAKEN_IN, user=by, data={"what": f"{kept.name}: {kept.report.partition(chr(10))[0]}"})
    return report


def discard_bureau_file(key: int, *, by: Reader | None) -> bool:
    """Promise: a file that was not taken in is gone, and the log says by whom; False when there is none such."""
    kept = BureauFile.objects.filter(pk=key, applied_at=None).defer("content").first()
    if kept is None:
        return False
    log(kept, FILE_DISCARDED, user=by, data={"what": kept.name}, deleted=True)
    kept.delete()
    return True


def _bytes(path_or_file: Path | str | IO[bytes]) -> bytes:
    if isinstance(path_or_file, Path | str):
        return Path(path_or_file).read_bytes()
    return path_or_file.read()


def _filed(row: Row) -> str:
    return "\n".join((row.address, row.postcode, row.country))


def _made(row: Row) -> PrintSubscription:
    return PrintSubscription(
        number=row.number,
        claim_number=number_key(row.number),
        claim_digits=digits_key(row.number),
        address=row.address,
        postcode=row.postcode,
        country=row.country,
        filed_address=_filed(row),
        **{field: getattr(row, field) for field in _COMPARED},
    )


def _take_over(found: PrintSubscription, row: Row) -> tuple[str, ...]:
    """Puts what the line says into `found`, unsaved; which fields are new. An address the bureau repeats does
    not undo a reader's own.
    """
    says: dict[str, object] = {field: getattr(row, field) for field in _COMPARED}
    says["starts_on"] = continued_start(found.starts_on, found.ends_on, row.starts_on)
    filed_anew = found.filed_address != _filed(row)
    if filed_anew:
        says |= {"address": row.address, "postcode": row.postcode, "country": row.country}
        found.filed_address = _filed(row)
        found.address_changed_at = None
    fields = [field for field, value in says.items() if getattr(found, field) != value]
    for field in fields:
        setattr(found, field, says[field])
    if filed_anew and not {"address", "postcode", "country"} & set(fields):
        fields.append("address (as the reader wrote it here)")
    return tuple(_label(field) for field in fields)


def _label(field: str) -> str:
    return {"starts_on": "start", "ends_on": "end", "email": "e-mail"}.get(field, field)


def _write(new: list[PrintSubscription], changed: list[PrintSubscription], now: datetime) -> tuple[int, int]:
    PrintSubscription.objects.bulk_create(new, batch_size=1000)
    written = [*_COMPARED, "address", "postcode", "country", "filed_address", "address_changed_at"]
    PrintSubscription.objects.bulk_update(changed, written, batch_size=500)
    followed = [follow_term(s, now) for s in changed if s.reader_id]
    return sum(f.granted for f in followed), sum(f.revoked for f in followed)
