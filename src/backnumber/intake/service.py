"""The two imports. Each reads, then files one issue (or one batch of posts) in one transaction, so that a killed import
leaves whole issues and goes on from there when it is run again.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from backnumber.archive.models import Issue, Title, Volume
from backnumber.intake import posts, rules
from backnumber.intake.filing import Filing, Incoming, body_digest
from backnumber.intake.issues import IssueRead, read_issue
from backnumber.intake.lines import Unreadable
from backnumber.intake.models import Kind, Piece, Source
from backnumber.intake.pictures import Pictures
from backnumber.intake.profile import Profile
from backnumber.intake.report import Finding, IssueLine, Report, Tally, Weight

READER = "1"  # raised when reading changes, so that files are read again
BIGGEST_ISSUE = 30 * 1024 * 1024
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
    title = _title(profile, dry_run)
    with _alone(title, dry_run):
        return _HtmlImport(folder.resolve(), profile, _filing(title, now, folder, dry_run), progress).run(
            files
        )


def import_wxr(
    file: Path,
    *,
    title: str,
    media: Path | None = None,
    dry_run: bool = False,
    progress: Progress = silent,
    now: datetime | None = None,
) -> Report:
    """Promise: each post of a WordPress export is in the archive under `title`, by the month of its date; only what was
    published there, without a password, is published here. Pictures are taken from `media`; nothing is fetched.

    Errors: NothingToImport when there is no such file; Busy.
    """
    if not file.is_file():
        raise NothingToImport(f"There is no file {file}.")
    now = now or timezone.now()
    found = (
        Title.objects.filter(slug=rules.slug(title, "archive")).first()
        or Title.objects.filter(name__iexact=title).first()
    )
    of = found or Title(name=title, slug=rules.slug(title, "archive"))
    if not of.pk and not dry_run:
        of.save()
    with _alone(of, dry_run):
        return posts.import_posts(
            file,
            _filing(of, now, media, dry_run),
            lambda done, of_, articles: progress(Step(done, of_, file.name, articles)),
        )


def _filing(title: Title, now: datetime, folder: Path | None, dry_run: bool) -> Filing:
    filing = Filing(title, now, timezone.localdate(now), Pictures(folder, dry_run), dry_run)
    filing.look_up()
    return filing


def _title(profile: Profile, dry_run: bool) -> Title:
    keys = {name: value for name, value in asdict(profile.title).items() if name != "slug"}
    found = Title.objects.filter(slug=profile.title.slug).first()
    made = found or Title(slug=profile.title.slug, **{**keys, "founded": profile.title.founded or None})
    if not made.pk and not dry_run:
        made.save()
    return made


@contextmanager
def _alone(title: Title, dry_run: bool) -> Iterator[None]:
    """One import of a title at a time; the lock falls with the connection, so a killed import leaves none."""
    if dry_run or title.pk is None:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, title.pk])
        if not cursor.fetchone()[0]:
            raise Busy(f"Another import of {title.name} is running: wait until it has ended.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, title.pk])


def _issue_files(folder: Path, profile: Profile) -> list[Path]:
    if not folder.is_dir():
        raise NothingToImport(f"There is no folder {folder}.")
    named = sorted(
        p for p in folder.glob(profile.files.pattern) if not any(p.match(i) for i in profile.files.ignore)
    )
    if not named:
        raise NothingToImport(
            f"No file in {folder} fits {profile.files.pattern!r} (the profile's `files.pattern`)."
        )
    return named


class _HtmlImport:
    """One run over one folder."""

    def __init__(self, folder: Path, profile: Profile, filing: Filing, progress: Progress) -> None:
        self.folder, self.profile, self.filing, self.progress = folder, profile, filing, progress
        self.lines: list[IssueLine] = []
        self.findings: list[Finding] = []
        self.seen: dict[str, str] = {}
        sources = (
            Source.objects.filter(title=filing.title, kind=Kind.HTML_ISSUES)
            if filing.title.pk
            else Source.objects.none()
        )
        self.sources = {source.key: source for source in sources.select_related("issue")}
        self.by_file = {source.file: source for source in self.sources.values()}

    def run(self, files: list[Path]) -> Report:
        for done, path in enumerate(files, 1):
            try:
                self._one(path)
            except Unreadable as error:
                self.findings.append(Finding(Weight.REFUSED, path.name, error.line, "", error.reason))
            except (OSError, DatabaseError) as error:
                self.filing.look_up()
                self.findings.append(
                    Finding(Weight.REFUSED, path.name, 0, "", f"it could not be brought in: {error}")
                )
            articles = sum(line.tally.articles for line in self.lines)
            self.progress(Step(done, len(files), path.name, articles))
        order = sorted(self.lines, key=lambda line: line.issue)
        return Report(
            title=self.filing.title.name,
            dry_run=self.filing.dry_run,
            files=len(files),
            issues=tuple(order),
            findings=tuple(self.findings),
            new_contributors=len(self.filing.new_contributors),
            new_sections=len(self.filing.new_sections),
        )

    def _one(self, listed: Path) -> None:
        path = self._text_of(listed)
        raw = path.read_bytes()
        fingerprint = hashlib.sha256(
            b"\0".join([READER.encode(), repr(self.profile).encode(), raw])
        ).hexdigest()
        known = self.by_file.get(path.name)
        if known and known.fingerprint == fingerprint and known.key not in self.seen:
            self._as_before(known)
            return
        issue, findings = read_issue(path.name, raw, self.profile, path.suffix.lower() == ".txt")
        if other := self.seen.get(issue.key):
            raise Unreadable(
                1, f"it is number {issue.number}, as {other} is: the first of the two was brought in"
            )
        self.seen[issue.key] = path.name
        with transaction.atomic():
            self._file(issue, fingerprint, findings)

    def _text_of(self, listed: Path) -> Path:
        """The file to read for a file of the folder. Errors: Unreadable for one outside of it, or too large."""
        path = listed.with_name(self.profile.files.instead.get(listed.name, listed.name))
        real = path.resolve()
        if not real.is_relative_to(self.folder):
            raise Unreadable(0, "it is a link to a file outside of the folder")
        if not real.is_file():
            raise Unreadable(0, f"{path.name}, which the profile names instead of it, is not there")
        if real.stat().st_size > BIGGEST_ISSUE:
            raise Unreadable(0, f"it is larger than {BIGGEST_ISSUE // 1024 // 1024} MB")
        return path

    def _as_before(self, source: Source) -> None:
        """The file is as it was: what was said of it is said again."""
        self.seen[source.key] = source.file
        unsigned = source.values.get("unsigned", 0)
        tally = Tally(unchanged=source.pieces.filter(gone=False).count(), unsigned=int(unsigned))
        self.lines.append(IssueLine(source.file, source.key, tally, skipped=True))
        self.findings += [Finding(Weight(weight), *rest) for weight, *rest in source.findings]

    def _file(self, read: IssueRead, fingerprint: str, findings: list[Finding]) -> None:
        source = self.sources.get(read.key)
        before = (
            list(source.pieces.select_related("article__section").filter(gone=False))
            if source and source.pk
            else []
        )
        issue = self._issue(read, source, findings)
        source = self._source(read, source, issue)
        incoming = self._incoming(read, issue, before)
        tallies, more = self.filing.file(source, incoming)
        tally = tallies.get(id(issue), Tally())
        gone = self._gone(read, before, {piece.key for piece in incoming})
        said = [*findings, *more, *gone]
        self.lines.append(IssueLine(read.file, read.key, tally))
        self.findings += said
        if source is not None:
            lasting = [
                f
                for f in said
                if f.weight in {Weight.DOUBTFUL, Weight.LEFT_OUT, Weight.MISSING, Weight.GONE, Weight.REFUSED}
            ]
            source.findings = [[f.weight, f.file, f.line, f.piece, f.reason] for f in lasting]
            source.fingerprint, source.file = fingerprint, read.file
            source.values = {**rules.digests(_issue_values(read)), "unsigned": tally.unsigned}
            source.save()

    def _issue(self, read: IssueRead, source: Source | None, findings: list[Finding]) -> Issue:
        if source and source.issue:
            return self._update_issue(source, source.issue, read, findings)
        issue, made = self.filing.issue(
            read.number,
            read.slug,
            read.cover_date,
            read.sort_date,
            self._volume(read),
            first_page=read.first_page,
            last_page=read.last_page,
        )
        if not made:
            findings.append(
                Finding(
                    Weight.DOUBTFUL,
                    read.file,
                    0,
                    "",
                    f"the archive had an issue at {read.key} already; its articles were added to it",
                )
            )
        return issue

    def _update_issue(self, source: Source, issue: Issue, read: IssueRead, findings: list[Finding]) -> Issue:
        values = _issue_values(read)
        present = {name: str(getattr(issue, name)) for name in values}
        settled = rules.settle(source.values, rules.digests(present), rules.digests(values))
        if settled.kept:
            findings.append(
                Finding(
                    Weight.CONFLICT,
                    read.file,
                    0,
                    "",
                    f"an editor changed the issue's {', '.join(settled.kept)}; that stays",
                )
            )
        if settled.take and not self.filing.dry_run:
            for name in settled.take:
                setattr(issue, name, getattr(read, name))
            issue.save()
        return issue

    def _volume(self, read: IssueRead) -> Volume | None:
        if not read.volume or self.filing.dry_run:
            return None
        return Volume.objects.get_or_create(
            title=self.filing.title, number=read.volume, defaults={"years": read.volume_years}
        )[0]

    def _source(self, read: IssueRead, source: Source | None, issue: Issue) -> Source | None:
        if self.filing.dry_run:
            return None
        made = source or Source(title=self.filing.title, kind=Kind.HTML_ISSUES, key=read.key)
        made.file, made.issue = read.file, issue
        made.save()
        return made

    def _incoming(self, read: IssueRead, issue: Issue, before: list[Piece]) -> list[Incoming]:
        own = rules.numbered(
            f"html:{read.key}#{rules.slug(p.section, '')}/{rules.slug(p.headline, 'piece')}"
            for p in read.pieces
        )
        now = [
            rules.Known(key, p.headline, p.section, body_digest(p.content))
            for key, p in zip(own, read.pieces, strict=True)
        ]
        known = [rules.Known(p.key, *_was(p), str(p.values.get("body", ""))) for p in before]
        keys = rules.keys_for(now, known) if known else own
        return [
            Incoming(key, read.file, issue, rules.slug(p.headline, "article"), p)
            for key, p in zip(keys, read.pieces, strict=True)
        ]

    def _gone(self, read: IssueRead, before: list[Piece], keys: set[str]) -> list[Finding]:
        gone = [piece for piece in before if piece.key not in keys]
        if not self.filing.dry_run:
            Piece.objects.filter(pk__in=[piece.pk for piece in gone]).update(gone=True)
        reason = "no longer in the source; the article stays in the archive"
        return [
            Finding(Weight.GONE, read.file, p.line, p.article.headline if p.article else p.key, reason)
            for p in gone
        ]


def _was(piece: Piece) -> tuple[str, str]:
    article = piece.article
    if article is None:
        return piece.key.rpartition("/")[2], ""
    return article.headline, article.section.name if article.section else ""


def _issue_values(read: IssueRead) -> dict[str, str]:
    return {
        "number": read.number,
        "cover_date": read.cover_date,
        "sort_date": str(read.sort_date),
        "first_page": read.first_page,
        "last_page": read.last_page,
    }
