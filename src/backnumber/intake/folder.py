"""A folder of issues, one HTML file each, filed as articles: one transaction an issue."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import astuple
from pathlib import Path

from django.db import connection, transaction

from backnumber.archive.models import Issue, Volume
from backnumber.intake import rules
from backnumber.intake.balance import Words
from backnumber.intake.filing import Filing, body_digest
from backnumber.intake.incoming import Incoming
from backnumber.intake.issues import IssueRead, read_issue
from backnumber.intake.models import NAMED, Kind, Piece, Source
from backnumber.intake.profile import Profile
from backnumber.intake.reading import Unreadable, in_words
from backnumber.intake.report import Finding, IssueLine, Report, Tally, Weight

READER = "2"  # raised when reading changes, so that files are read again
BIGGEST_ISSUE = 30 * 1024 * 1024
Progress = Callable[[int, int, str, int], None]


class FolderImport:
    """One run over one folder."""

    def __init__(self, folder: Path, profile: Profile, filing: Filing, progress: Progress) -> None:
        self.root, self.folder = folder, folder.resolve()
        self.profile, self.filing, self.progress = profile, filing, progress
        self.lines: list[IssueLine] = []
        self.findings: list[Finding] = []
        self.seen: dict[str, str] = {}
        self.dropped = 0
        self.left_out: dict[str, int] = {}
        sources = (
            Source.objects.filter(title=filing.title, kind=Kind.HTML_ISSUES)
            if filing.title.pk
            else Source.objects.none()
        )
        self.sources = {source.key: source for source in sources.select_related("issue")}
        self.by_file = {source.file: source for source in self.sources.values()}

    def run(self, files: list[Path]) -> Report:
        for done, path in enumerate(files, 1):
            if not self._guarded(path):
                break
            articles = sum(line.tally.articles for line in self.lines)
            self.progress(done, len(files), self._name(path), articles)
        order = sorted(self.lines, key=lambda line: line.issue)
        return Report(
            title=self.filing.title.name,
            dry_run=self.filing.dry_run,
            files=len(files),
            issues=tuple(order),
            findings=tuple(dict.fromkeys(self.findings)),
            new_contributors=len(self.filing.new_contributors),
            new_sections=len(self.filing.new_sections),
            counted={
                "elements that the profile drops were left out": self.dropped,
                **{f"words {why} were left out": number for why, number in sorted(self.left_out.items())},
            },
        )

    def _guarded(self, path: Path) -> bool:
        """Promise: the file is in, or one finding says why not; whether there is sense in going on."""
        try:
            self._one(path)
        except Unreadable as error:
            self._refuse(path, error.line, error.reason)
        except KeyboardInterrupt:
            self._refuse(path, 0, "stopped here by Ctrl-C: run the same command again to go on")
            return False
        except Exception as error:  # one file must not cost the others, nor the report
            self._refuse(path, 0, f"it could not be brought in: {in_words(error)}")
            if not connection.is_usable():
                self._refuse(path, 0, "the database went away: run the same command again to go on")
                return False
            self.filing.look_up()
        return True

    def _count(self, left_out: Mapping[str, int]) -> None:
        for why, number in left_out.items():
            self.left_out[why] = self.left_out.get(why, 0) + number

    def _refuse(self, path: Path, line: int, reason: str) -> None:
        self.findings.append(Finding(Weight.REFUSED, self._name(path), line, "", reason))

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _one(self, listed: Path) -> None:
        path = self._text_of(listed)
        raw = path.read_bytes()
        fingerprint = hashlib.sha256(
            b"\0".join([READER.encode(), repr(self.profile).encode(), raw])
        ).hexdigest()
        name = self._name(path)
        known = self.by_file.get(name)
        if known and known.issue and known.fingerprint == fingerprint and known.key not in self.seen:
            self._as_before(known)
            return
        issue, findings = read_issue(
            name, raw, self.profile, path.suffix.lower() == ".txt", self.filing.today
        )
        if other := self.seen.get(issue.key):
            raise Unreadable(
                1, f"it is number {issue.number}, as {other} is: the first of the two was brought in"
            )
        self.seen[issue.key] = name
        source = self._known_as(issue)
        if source and source.issue is None:
            self._leave_deleted(issue, source)
            return
        with transaction.atomic():
            self._file(issue, source, fingerprint, findings)

    def _known_as(self, read: IssueRead) -> Source | None:
        """The source a file was brought in as: by its number and date, or, where these were mended, by its name and its pieces."""
        if source := self.sources.get(read.key):
            return source
        source = self.by_file.get(read.file)
        if source is None or source.key in self.seen or not self._is_same(read, source):
            return None
        del self.sources[source.key]
        source.key = read.key
        self.sources[read.key] = source
        return source

    def _is_same(self, read: IssueRead, source: Source) -> bool:
        """Whether at least half of a file's pieces are those of that source: another issue under an old name is another issue."""
        tails = {rules.tail(key) for key in source.pieces.values_list("key", flat=True)}
        alike = sum(rules.tail(key) in tails for key in _keys(read))
        return 2 * alike >= len(read.pieces)

    def _leave_deleted(self, read: IssueRead, source: Source) -> None:
        reason = "an editor deleted the issue: it does not come back"
        self.findings.append(Finding(Weight.LEFT_OUT, read.file, 0, "", reason))
        if not self.filing.dry_run:
            source.save()

    def _text_of(self, listed: Path) -> Path:
        """The file to read for a file of the folder. Errors: Unreadable for one outside of it, or too large."""
        path = listed.parent / self.profile.files.instead.get(listed.name, listed.name)
        try:
            real = path.resolve()
        except RuntimeError:  # as Python calls links that lead round in a circle
            raise Unreadable(0, "it is a link that leads round in a circle") from None
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
        unsigned, dropped = (int(source.values.get(name, 0)) for name in ("unsigned", "dropped"))
        tally = Tally(unchanged=source.pieces.filter(gone=False).count(), unsigned=unsigned)
        self.dropped += dropped
        words = Words(*source.values.get("words", ()))
        self._count(source.values.get("left_out", {}))
        self.lines.append(IssueLine(source.file, source.key, tally, skipped=True, words=words))
        self.findings += [Finding(Weight(weight), *rest) for weight, *rest in source.findings]

    def _file(
        self, read: IssueRead, source: Source | None, fingerprint: str, findings: list[Finding]
    ) -> None:
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
        said = [*findings, *more, *self._gone(read, before, {piece.key for piece in incoming})]
        if source is not None:
            source.findings = [
                [f.weight, f.file, f.line, f.piece, f.reason] for f in said if f.weight is not Weight.CONFLICT
            ]
            source.fingerprint, source.file = fingerprint, read.file
            counted = {
                NAMED: self.profile.title.slug,
                "unsigned": tally.unsigned,
                "dropped": read.dropped,
                "words": list(astuple(read.words)),
                "left_out": dict(read.left_out),
            }
            source.values = {**rules.digests(_issue_values(read)), **counted}
            source.save()
        self._count(dict(read.left_out))
        self.lines.append(IssueLine(read.file, read.key, tally, words=read.words))
        self.findings += said
        self.dropped += read.dropped

    def _issue(self, read: IssueRead, source: Source | None, findings: list[Finding]) -> Issue:
        if source and source.issue:
            return self._update_issue(source, source.issue, read, findings)
        issue, made = self.filing.issue(
            read.number,
            read.slug,
            read.cover_date,
            read.sort_date,
            live=read.live,
            volume=self._volume(read),
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
        made.values = {**made.values, NAMED: self.profile.title.slug}
        made.save()
        return made

    def _incoming(self, read: IssueRead, issue: Issue, before: list[Piece]) -> list[Incoming]:
        keys = _keys(read)
        if before:
            pairs = zip(keys, read.pieces, strict=True)
            now = [rules.Known(key, p.headline, p.section, body_digest(p.content)) for key, p in pairs]
            keys = rules.keys_for(
                now, [rules.Known(p.key, *_was(p), str(p.values.get("body", ""))) for p in before]
            )
        return [
            Incoming(key, read.file, issue, rules.slug(piece.headline, "article"), piece)
            for key, piece in zip(keys, read.pieces, strict=True)
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


def _keys(read: IssueRead) -> list[str]:
    return rules.numbered(
        f"html:{read.key}#{rules.slug(p.section, '')}/{rules.slug(p.headline, 'piece')}" for p in read.pieces
    )


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
