"""The two imports. Each reads, then files one issue (or one batch of posts) in one transaction, so that a
killed import leaves whole issues and goes on from there when it is run again.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.utils import timezone

from backnumber.archive.models import Article, Authorship, Contributor, Issue, Section, Title
from backnumber.intake import rules
from backnumber.intake.filing import Filing
from backnumber.intake.folder import FolderImport
from backnumber.intake.foreign import called
from backnumber.intake.models import NAMED, Kind, Source
from backnumber.intake.pictures import Pictures
from backnumber.intake.posts import import_posts
from backnumber.intake.profile import Profile
from backnumber.intake.report import Report

COUNTED = (Issue, Article, Section, Contributor, Authorship)
LOCK = 0x626E_696E  # "bnin": the advisory lock of imports, with the title's number


class Busy(RuntimeError):
    """Another import of this title is running."""


class NothingToImport(ValueError):
    """The folder or file holds nothing that fits; the message says what was looked for."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far an import is: told after each file or batch."""

    done: int
    of: int
    what: str
    articles: int


Progress = Callable[[Step], None]


def silent(step: Step) -> None:
    """The progress of an import nobody watches."""


def import_html_issues(
    folder: Path,
    profile: Profile,
    *,
    dry_run: bool = False,
    progress: Progress = silent,
    now: datetime | None = None,
) -> Report:
    """Promise: each issue of the folder is in the archive, whole or not at all; run again, nothing changes.

    Errors: NothingToImport when no file fits the profile's pattern; Busy.
    """
    files = _issue_files(folder, profile)
    now = now or timezone.now()
    keys = asdict(profile.title)
    found = Title.objects.filter(slug=profile.title.slug).first() or _named(
        Kind.HTML_ISSUES, profile.title.slug
    )
    title = found or Title(**{**keys, "founded": profile.title.founded or None})
    with _alone(title, dry_run):
        filing = _filing(title, now, folder, dry_run)
        return FolderImport(folder, profile, filing, lambda *step: progress(Step(*step))).run(files)


def import_wxr(
    file: Path,
    *,
    title: str,
    media: Path | None = None,
    also: Sequence[Path] = (),
    dry_run: bool = False,
    progress: Progress = silent,
    now: datetime | None = None,
) -> Report:
    """Promise: each post of a WordPress export is in the archive under `title`, by the month of its date;
    only what was published there, without a password, is published here. Pictures are taken from `media`;
    nothing is fetched. `also` are further files of the same export, for their pictures and authors.

    Errors: NothingToImport when there is no such file; Busy.
    """
    for one in (file, *also):
        if not one.is_file():
            raise NothingToImport(f"There is no file {one}.")
        if said := called(one):
            raise NothingToImport(said)
    now = now or timezone.now()
    found = (
        Title.objects.filter(slug=rules.slug(title, "archive")).first()
        or Title.objects.filter(name__iexact=title).first()
        or _named(Kind.WXR, title)
    )
    of = found or Title(name=title, slug=rules.slug(title, "archive"))
    with _alone(of, dry_run):
        return import_posts(
            file,
            _filing(of, now, media, dry_run),
            lambda done, of_, articles: progress(Step(done, of_, file.name, articles)),
            also,
            named=title,
        )


def _named(kind: Kind, name: str) -> Title | None:
    """The title that was imported under that name, whatever an editor has called it since."""
    source = Source.objects.filter(**{f"values__{NAMED}": name, "kind": kind}).select_related("title").first()
    return source.title if source else None


def _filing(title: Title, now: datetime, folder: Path | None, dry_run: bool) -> Filing:
    filing = Filing(title, now, timezone.localdate(now), Pictures(folder, dry_run), dry_run)
    filing.look_up()
    return filing


@contextmanager
def _alone(title: Title, dry_run: bool) -> Iterator[None]:
    """One import of a title at a time; the lock falls with the connection, so a killed import leaves none.

    A new title is made, and goes again when nothing came into it.
    """
    if dry_run:
        yield
        return
    is_new = title.pk is None
    if is_new:
        title.save()
    key = title.pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, key])
        if not cursor.fetchone()[0]:
            raise Busy(f"Another import of {title.name} is running: wait until it has ended.")
    try:
        yield
        _take_stock()
    finally:
        if is_new and not title.issues.exists():
            title.delete()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, key])


def _take_stock() -> None:
    """PostgreSQL plans its queries by what it last counted: until it counts again, an archive that was empty still is."""
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in COUNTED)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")


def _issue_files(folder: Path, profile: Profile) -> list[Path]:
    if not folder.is_dir():
        raise NothingToImport(called(folder) or f"There is no folder {folder}.")
    named = sorted(
        p for p in folder.glob(profile.files.pattern) if not any(p.match(i) for i in profile.files.ignore)
    )
    if not named:
        others = (called(path) for path in sorted(folder.iterdir())[:200] if path.is_file())
        if said := next(filter(None, others), ""):
            raise NothingToImport(said)
        raise NothingToImport(
            f"No file in {folder} fits {profile.files.pattern!r} (the profile's `files.pattern`)."
        )
    return named
