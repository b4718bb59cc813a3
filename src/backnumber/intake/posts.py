"""The posts of a WordPress export filed as articles, in the issue of their month."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote

from django.db import DatabaseError, transaction

from backnumber.archive.blocks import Block, plain, text_of, words_in
from backnumber.archive.models import Issue
from backnumber.intake import rules, wxr
from backnumber.intake.filing import Filing
from backnumber.intake.incoming import Incoming
from backnumber.intake.models import Kind, Piece, Source
from backnumber.intake.pieces import LONGEST_HEADLINE, PieceRead
from backnumber.intake.reading import PictureSeen, Unreadable
from backnumber.intake.report import Finding, IssueLine, Report, Tally, Weight
from backnumber.intake.wordpress import Attachment, body_of
from backnumber.intake.wxr import Broken, Item

READER = "1"
BATCH = 100
QUIET = frozenset(
    {
        "attachment",
        "nav_menu_item",
        "wp_navigation",
        "wp_global_styles",
        "wp_template",
        "wp_template_part",
        "custom_css",
        "revision",
    }
)
Progress = Callable[[int, int, int], None]
Contents = tuple[Block | PictureSeen, ...]


@dataclass
class _Contents:
    """What a first, quick reading of the export tells: what is in it, where, and where it breaks."""

    address: str = ""
    authors: dict[str, str] = field(default_factory=dict)
    library: dict[str, Attachment] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    posts: int = 0
    comments: int = 0
    others: dict[str, int] = field(default_factory=dict)
    further_categories: int = 0


def import_posts(file: Path, filing: Filing, progress: Progress) -> Report:
    """Promise: as `service.import_wxr`."""
    fingerprint = _fingerprint(file)
    source = (
        Source.objects.filter(title=filing.title, kind=Kind.WXR, key=file.name).first()
        if filing.title.pk
        else None
    )
    if source and source.fingerprint == fingerprint:
        return _as_before(source, filing)
    return _WxrImport(file, filing, source, progress).run(fingerprint)


def _fingerprint(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.sha256(READER.encode() + hashlib.file_digest(opened, "sha256").digest()).hexdigest()


def _as_before(source: Source, filing: Filing) -> Report:
    """The file is as it was: what was said of it is said again."""
    months = tuple(
        IssueLine(source.file, month, Tally(unchanged=int(number)), skipped=True)
        for month, number in source.values.get("months", {}).items()
    )
    findings = tuple(Finding(Weight(weight), *rest) for weight, *rest in source.findings)
    return Report(
        filing.title.name, filing.dry_run, 1, months, findings, counted=source.values.get("counted", {})
    )


class _WxrImport:
    """One run over one export."""

    def __init__(self, file: Path, filing: Filing, source: Source | None, progress: Progress) -> None:
        self.file, self.filing, self.source, self.progress = file, filing, source, progress
        self.contents = _Contents()
        self.tallies: dict[str, Tally] = {}
        self.findings: list[Finding] = []
        self.issues: dict[tuple[int, str], Issue] = {}
        self.keys: set[str] = set()

    def run(self, fingerprint: str) -> Report:
        self._look_through()
        self._open_source()
        done = 0
        for batch in _batches(self._posts(), BATCH):
            self._file(batch)
            done += len(batch)
            self.progress(done, self.contents.posts, done)
        self._gone()
        report = self._report()
        if self.source is not None:
            lasting = [f for f in report.findings if f.weight is not Weight.CONFLICT]
            self.source.findings = [[f.weight, f.file, f.line, f.piece, f.reason] for f in lasting]
            self.source.values = {
                "months": {m: t.articles for m, t in self.tallies.items()},
                "counted": report.counted,
            }
            self.source.fingerprint, self.source.file = fingerprint, self.file.name
            self.source.save()
        return report

    def _say(self, weight: Weight, line: int, piece: str, reason: str) -> None:
        self.findings.append(Finding(weight, self.file.name, line, piece[:120], reason))

    def _look_through(self) -> None:
        """Promise: what the posts need of the rest of the file: authors, library, keys, and where it breaks."""
        contents, seen = self.contents, set[str]()
        for event in self._events(say=True):
            match event:
                case wxr.Site(_, address):
                    contents.address = address
                case wxr.Author(login, name):
                    contents.authors[login] = name
                case Item() if event.get("post_type") == "attachment":
                    contents.library[event.get("post_id")] = _attachment(event)
                case Item() if event.get("post_type") == "post":
                    contents.posts += 1
                    contents.comments += event.comments
                    contents.keys[event.line] = rules.unique(self._identity(event), seen)
                case Item():
                    kind = event.get("post_type") or "item without a type"
                    contents.others[kind] = contents.others.get(kind, 0) + 1
                    if kind not in QUIET:
                        self._say(
                            Weight.LEFT_OUT,
                            event.line,
                            plain(event.get("title")),
                            f"it is a {kind}, not a post",
                        )

    def _identity(self, item: Item) -> str:
        """WordPress never changes a post's guid (https://developer.wordpress.org/reference/functions/the_guid/)."""
        own = item.get("guid") or f"{self.contents.address}#{item.get('post_id') or item.line}"
        return f"wxr:{own}"[:290]

    def _events(self, say: bool = False) -> Iterator[wxr.Event]:
        try:
            for event in wxr.read(self.file):
                if not isinstance(event, wxr.Doubt):
                    yield event
                elif say:
                    self._say(Weight.DOUBTFUL, event.line, "", event.reason)
        except Broken as error:
            if say:
                self._say(Weight.REFUSED, error.line, "", error.reason)

    def _open_source(self) -> None:
        if self.filing.dry_run:
            return
        if self.source is None:
            self.source = Source(title=self.filing.title, kind=Kind.WXR, key=self.file.name)
        self.source.file, self.source.fingerprint = self.file.name, ""
        self.source.save()

    def _posts(self) -> Iterator[tuple[Item, PieceRead, date]]:
        for event in self._events():
            if isinstance(event, Item) and event.get("post_type") == "post":
                try:
                    yield self._read(event)
                except Unreadable as error:
                    self._say(Weight.REFUSED, error.line, plain(event.get("title")), error.reason)

    def _read(self, item: Item) -> tuple[Item, PieceRead, date]:
        body = body_of(item, self.contents.library)
        day, moment = self._date(item)
        headline = self._headline(item, body.content)
        for line, reason in body.doubts:
            self._say(Weight.DOUBTFUL, line, headline, reason)
        if not body.content:
            self._say(Weight.DOUBTFUL, item.line, headline, "it has no content")
        closed = _why_closed(item, moment, self.filing.now)
        if closed:
            self._say(Weight.CLOSED, item.line, headline, closed)
        names = tuple(filter(None, [self._author(item)]))
        content = _with_featured(body.content, item, self.contents.library)
        self.contents.further_categories += max(len(_sections(item)) - 1, 0)
        read = PieceRead(
            headline=headline,
            section=next(iter(_sections(item)), ""),
            position=_position(moment),
            line=item.line,
            content=content,
            byline="; ".join(names),
            contributors=names,
            standfirst=plain(item.fields.get("excerpt:encoded", ""))[:1000],
            live=not closed,
            words=words_in(block for block in content if not isinstance(block, PictureSeen)),
        )
        return item, read, day

    def _date(self, item: Item) -> tuple[date, datetime]:
        """The post's month is its issue. A draft without a date goes to the month of the export."""
        for name in ("post_date", "post_date_gmt", "pubDate"):
            if (found := _moment(item.get(name))) is not None:
                return found.date().replace(day=1), found
        shown = item.get("post_date")
        self._say(
            Weight.DOUBTFUL,
            item.line,
            plain(item.get("title")),
            f"{shown!r} is no date; it stands in the month of this import",
        )
        return self.filing.today.replace(day=1), self.filing.now

    def _headline(self, item: Item, content: Contents) -> str:
        headline = plain(item.get("title"))
        if not headline:
            first = next((text_of(b) for b in content if not isinstance(b, PictureSeen)), "")
            words = first.split()
            headline = " ".join(words[:8]) + ("…" if len(words) > 8 else "") if words else "Untitled"
            self._say(
                Weight.DOUBTFUL, item.line, headline, "it has no title; its first words stand in its place"
            )
        if len(headline) > LONGEST_HEADLINE:
            self._say(
                Weight.DOUBTFUL, item.line, headline, f"its title has {len(headline)} characters and was cut"
            )
            headline = headline[: LONGEST_HEADLINE - 1].rstrip() + "…"
        return headline

    def _author(self, item: Item) -> str:
        login = item.get("creator").strip("<> ")
        return self.contents.authors.get(login, login)

    def _file(self, batch: list[tuple[Item, PieceRead, date]]) -> None:
        try:
            with transaction.atomic():
                incoming = [self._incoming(*one) for one in batch]
                tallies, findings = self.filing.file(self.source, incoming)
                for piece in incoming:
                    if piece.read.live:
                        self.filing.publish(piece.issue)
        except DatabaseError as error:
            self.filing.look_up()
            self.issues.clear()
            for item, read, _ in batch:
                self._say(Weight.REFUSED, item.line, read.headline, f"it could not be brought in: {error}")
            return
        self.findings += findings
        months = {id(piece.issue): f"{piece.issue.sort_date:%Y-%m}" for piece in incoming}
        for issue, tally in tallies.items():
            self.tallies[months[issue]] = self.tallies.get(months[issue], Tally()) + tally

    def _incoming(self, item: Item, read: PieceRead, month: date) -> Incoming:
        slug = month.strftime("%B").lower()
        if (month.year, slug) not in self.issues:
            cover_date = month.strftime("%B %Y")
            issue, _ = self.filing.issue(
                "", slug, cover_date, month, live=False
            )  # until one of its articles is
            self.issues[month.year, slug] = issue
        wished = rules.slug(unquote(item.get("post_name")), "") or rules.slug(
            read.headline, f"post-{item.get('post_id') or item.line}"
        )
        key = self.contents.keys[item.line]
        self.keys.add(key)
        return Incoming(key, self.file.name, self.issues[month.year, slug], wished, read)

    def _gone(self) -> None:
        """Pieces of this export that it no longer holds; a broken export proves nothing."""
        if self.source is None or any(f.weight is Weight.REFUSED and not f.piece for f in self.findings):
            return
        for piece in (
            self.source.pieces.exclude(key__in=self.keys).filter(gone=False).select_related("article")
        ):
            name = piece.article.headline if piece.article else piece.key
            self._say(
                Weight.GONE, piece.line, name, "no longer in the source; the article stays in the archive"
            )
            Piece.objects.filter(pk=piece.pk).update(gone=True)

    def _report(self) -> Report:
        contents = self.contents
        return Report(
            title=self.filing.title.name,
            dry_run=self.filing.dry_run,
            files=1,
            issues=tuple(
                IssueLine(self.file.name, month, tally) for month, tally in sorted(self.tallies.items())
            ),
            findings=tuple(self.findings),
            new_contributors=len(self.filing.new_contributors),
            new_sections=len(self.filing.new_sections),
            counted={
                "comments were left out": contents.comments,
                "pages, menus and other items were left out": sum(contents.others.values()),
                "categories beyond a post's first were left out": contents.further_categories,
            },
        )


def _batches(
    posts: Iterator[tuple[Item, PieceRead, date]], size: int
) -> Iterator[list[tuple[Item, PieceRead, date]]]:
    batch = []
    for post in posts:
        batch.append(post)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _attachment(item: Item) -> Attachment:
    return Attachment(
        url=item.get("attachment_url") or item.get("guid"),
        alt=item.meta.get("_wp_attachment_image_alt", ""),
        caption=plain(item.fields.get("excerpt:encoded", "")),
        parent=item.get("post_parent").strip("0"),
    )


def _with_featured(content: Contents, item: Item, library: dict[str, Attachment]) -> Contents:
    """The featured picture opens the article, unless it stands in it anyway."""
    featured = library.get(item.meta.get("_thumbnail_id", ""))
    if featured is None or any(isinstance(b, PictureSeen) and b.src == featured.url for b in content):
        return content
    return (PictureSeen(featured.url, featured.alt, featured.caption), *content)


def _sections(item: Item) -> list[str]:
    names = [
        c.name
        for c in item.categories
        if c.domain == "category" and c.name.casefold() not in {"uncategorized", "uncategorised"}
    ]
    return list(dict.fromkeys(names))


def _moment(text: str) -> datetime | None:
    """A date of WordPress, or of RSS; None for one that is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, TypeError, IndexError):
        return None


def _position(moment: datetime) -> int:
    """The minute of its month: whatever else the month holds, the order is theirs, and it never changes."""
    return ((moment.day - 1) * 24 + moment.hour) * 60 + moment.minute + 1


def _why_closed(item: Item, moment: datetime, now: datetime) -> str:
    """Why a post is not published here; empty when it is. Only what anyone could read there is open."""
    status = item.get("status")
    if item.get("post_password"):
        return "it is protected by a password: brought in, not published"
    if status != "publish":
        return f"its status is {status or 'missing'}: brought in, not published"
    return "its date is in the future: brought in, not published" if moment > now else ""
