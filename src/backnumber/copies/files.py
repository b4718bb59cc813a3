"""The files of a run: made once from its frozen labels and kept, so that they can be sent again byte for byte."""

import hashlib
import zlib
from collections.abc import Iterator
from datetime import datetime
from string import ascii_uppercase

from django.db import transaction
from wagtail.log_actions import log

from backnumber.archive.models import Issue
from backnumber.copies import labels
from backnumber.copies import layout as layouts
from backnumber.copies.models import Label, Profile, Run, SentFile
from backnumber.copies.rows import row_of
from backnumber.copies.service import NotNow
from backnumber.readers.models import Reader

FILE_MADE = "copies.file_made"
_LETTERS = ascii_uppercase + "0123456789"


@transaction.atomic
def file_of(run: Run, kind: SentFile.Kind, part: int = 1, *, by: Reader | None, now: datetime) -> SentFile:
    """Promise: the file of that kind of a frozen run: made the first time, the same ever after. Label sheets come in parts, counted
    from 1. Errors: NotNow for an open run, or a part that is not there.
    """
    held = (
        Run.objects.select_for_update(of=("self",)).select_related("issue__volume", "profile").get(pk=run.pk)
    )
    if not held.is_frozen:
        raise NotNow("Freeze the run first: an open one has no files.")
    found = SentFile.objects.filter(run=held, kind=kind, part=part).first()
    if found is not None:
        return found
    lines = held.labels.count()
    if not 1 <= part <= (labels.parts(lines) if kind == SentFile.Kind.LABELS else 1):
        raise NotNow("The run has no such part.")
    content = made(held, kind, part)
    return keep(content, held.profile, kind, held.issue, lines=lines, run=held, part=part, by=by, now=now)


def made(run: Run, kind: SentFile.Kind, part: int = 1) -> bytes:
    """Promise: the file's bytes, made anew from what is frozen."""
    return labels.sheets(run, part) if kind == SentFile.Kind.LABELS else mailing_file(run)


def mailing_file(run: Run) -> bytes:
    """Promise: a line for every label in the columns that the run was frozen with, in the order of their places."""
    return layouts.written(layouts.from_json(run.layout), _rows(run))


def _rows(run: Run) -> Iterator[dict[str, str]]:
    frozen = Label.objects.filter(run=run).order_by("place")
    return (row_of(label, run.issue) for label in frozen.iterator(chunk_size=2000))


def keep(
    content: bytes,
    profile: Profile,
    kind: SentFile.Kind,
    issue: Issue | None,
    *,
    lines: int,
    run: Run | None = None,
    part: int = 1,
    by: Reader | None,
    now: datetime,
) -> SentFile:
    """Promise: the content is kept under a name of eight characters that no file ever had. The log says by whom. Errors: NotNow."""
    Profile.objects.select_for_update(of=("self",)).get(pk=profile.pk)
    file = SentFile.objects.create(
        name=free_name(profile.code, issue, "pdf" if kind == SentFile.Kind.LABELS else "csv"),
        kind=kind,
        profile=profile,
        run=run,
        part=part,
        content=zlib.compress(content, 6),
        digest=hashlib.sha256(content).hexdigest(),
        lines=lines,
        made_at=now,
        made_by=by,
    )
    log(file, FILE_MADE, user=by, data={"what": f"{file.name}, {lines} lines"}, timestamp=now)
    return file


def content_of(file: SentFile) -> bytes:
    """Promise: the very bytes that were made. Errors: ValueError when they are not."""
    content = zlib.decompress(bytes(file.content))
    if hashlib.sha256(content).hexdigest() != file.digest:
        raise ValueError(f"{file.name} is not as it was made")
    return content


def free_name(code: str, issue: Issue | None, ending: str) -> str:
    """Promise: title, year and month of the issue and a letter, HRG9909A; of changes title, C and a number, HRGC0001. Never one that was
    given. The caller holds the profile. Errors: NotNow.
    """
    stem = f"{code}{issue.sort_date:%y%m}" if issue else f"{code}C"
    taken = {
        name[:8] for name in SentFile.objects.filter(name__startswith=stem).values_list("name", flat=True)
    }
    ends = _LETTERS if issue else (f"{n:04d}" for n in range(1, 10_000))
    free = next((stem + end for end in ends if stem + end not in taken), None)
    if free is None:
        raise NotNow(f"Every name that begins with {stem} is given. Give the profile another code.")
    return f"{free}.{ending}"
