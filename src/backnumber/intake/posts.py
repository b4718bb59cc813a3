"""The posts of a WordPress export filed as articles, in the issue of their month."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from html import escape
from pathlib import Path

from django.db import connection, transaction

from backnumber.archive.blocks import Block, Paragraph, plain, text_of, words_in
from backnumber.intake import balance, wxr
from backnumber.intake.balance import Run, Words
from backnumber.intake.export import QUIET, Contents, moment_of, sections_of
from backnumber.intake.filing import Filing
from backnumber.intake.incoming import Incoming
from backnumber.intake.issues import words_filed
from backnumber.intake.models import NAMED, Kind, Piece, Source
from backnumber.intake.months import Months, Place
from backnumber.intake.pieces import LONGEST_HEADLINE, PieceRead
from backnumber.intake.reading import PictureSeen, Unreadable, in_words
from backnumber.intake.report import Finding, IssueLine, Report, Tally, Weight
from backnumber.intake.wordpress import Body, body_of, words_between
from backnumber.intake.wxr import Broken, Item

READER = "2"
BATCH = 100
SHOWN = 20  # how many of what was left out the report names
Progress = Callable[[int, int, int], None]
Content = tuple[Block | PictureSeen, ...]


def import_posts(
    file: Path, filing: Filing, progress: Progress, also: Sequence[Path] = (), *, named: str = ""
) -> Report:
    """Promise: as `service.import_wxr`."""
    fingerprint = _fingerprint((file, *also))
    source = (
        Source.objects.filter(title=filing.title, kind=Kind.WXR, key=file.name).first()
        if filing.title.pk
        else None
    )
    if source and source.fingerprint == fingerprint:
        return _as_before(source, filing)
    return _WxrImport(file, also, filing, source, progress).run(fingerprint, named)


def _fingerprint(files: Sequence[Path]) -> str:
    made = hashlib.sha256(READER.encode())
    for file in files:
        with file.open("rb") as opened:
            made.update(hashlib.file_digest(opened, "sha256").digest())
    return made.hexdigest()


def _as_before(source: Source, filing: Filing) -> Report:
    """The file is as it was: what was said of it is said again."""
    words = source.values.get("words", {})
    months = tuple(
        IssueLine(
            source.file,
            month,
            Tally(unchanged=int(number)),
            skipped=True,
            words=Words(*words.get(month, ())),
        )
        for month, number in source.values.get("months", {}).items()
    )
    findings = tuple(Finding(Weight(weight), *rest) for weight, *rest in source.findings)
    return Report(
        filing.title.name, filing.dry_run, 1, months, findings, counted=source.values.get("counted", {})
    )


@dataclass(frozen=True, slots=True)
class _Post:
    """A post as it was read, where it goes, and its words."""

    item: Item
    read: PieceRead
    place: Place
    words: Words


class _WxrImport:
    """One run over one export."""

    def __init__(
        self,
        file: Path,
        also: Sequence[Path],
        filing: Filing,
        source: Source | None,
        progress: Progress,
    ) -> None:
        self.file, self.also, self.filing, self.source, self.progress = file, also, filing, source, progress
        self.contents = Contents()
        self.months = Months(filing, file.name)
        self.links: dict[str, str] = {}
        self.places: list[Place] = []
        self.tallies: dict[str, Tally] = {}
        self.words: dict[str, Words] = {}
        self.findings: list[Finding] = []

    def run(self, fingerprint: str, named: str) -> Report:
        self._look_through()
        self._open_source(named)
        is_whole = self._file_all()
        if is_whole:
            self._gone()
        report = self._report()
        if self.source is not None and is_whole:
            lasting = [f for f in report.findings if f.weight is not Weight.CONFLICT]
            self.source.findings = [[f.weight, f.file, f.line, f.piece, f.reason] for f in lasting]
            self.source.values = {
                **self.source.values,
                "months": {m: t.articles for m, t in self.tallies.items()},
                "words": {m: list(astuple(w)) for m, w in self.words.items()},
                "counted": report.counted,
            }
            self.source.fingerprint, self.source.file = fingerprint, self.file.name
            self.source.save()
        return report

    def _file_all(self) -> bool:
        """Promise: whether every post was gone through; if not, one finding says why."""
        done = 0
        try:
            for batch in _batches(self._posts(), BATCH):
                if not self._file(batch):
                    return False
                done += len(batch)
                self.progress(done, len(self.contents.posts), done)
        except KeyboardInterrupt:
            self._say(Weight.REFUSED, 0, "", "stopped here by Ctrl-C: run the same command again to go on")
            return False
        return True

    def _say(self, weight: Weight, line: int, piece: str, reason: str) -> None:
        self.findings.append(Finding(weight, self.file.name, line, piece[:120], reason))

    # The first, quick reading.

    def _look_through(self) -> None:
        for event in self._events(say=True):
            self.contents.take(event)
            if isinstance(event, Item) and event.get("post_type") not in QUIET | {"post"}:
                kind = event.get("post_type") or "item without a type"
                reason = f"it is a {kind}, not a post"
                self._say(Weight.LEFT_OUT, event.line, plain(event.get("title")), reason)
        beside = Contents()
        for file in self.also:
            for event in wxr.read(file):
                beside.take(event)
        self.contents.library = {**beside.library, **self.contents.library}
        self.contents.authors = {**beside.authors, **self.contents.authors}
        self.contents.guests = {**beside.guests, **self.contents.guests}
        self.months.look_up()
        self.places = self.months.places(self.contents)
        self.links = self.months.addresses(self.places)
        for kind, names in self.contents.left.items():
            shown = ", ".join(f"{name} ({number})" for name, number in names.most_common(SHOWN))
            more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            self._say(Weight.LEFT_OUT, 0, "", f"{names.total()} {kind} were left out: {shown}{more}")

    def _events(self, say: bool = False) -> Iterator[wxr.Event]:
        try:
            for event in wxr.read(self.file):
                if isinstance(event, wxr.Doubt | wxr.Skipped):
                    weight = Weight.DOUBTFUL if isinstance(event, wxr.Doubt) else Weight.REFUSED
                    if say:
                        self._say(weight, event.line, "", event.reason)
                else:
                    yield event
        except Broken as error:
            if say:
                self._say(Weight.REFUSED, error.line, "", error.reason)

    def _open_source(self, named: str) -> None:
        if self.filing.dry_run:
            return
        if self.source is None:
            self.source = Source(title=self.filing.title, kind=Kind.WXR, key=self.file.name)
        self.source.file, self.source.fingerprint = self.file.name, ""
        self.source.values = {**self.source.values, NAMED: named}
        self.source.save()

    # The posts.

    def _posts(self) -> Iterator[_Post]:
        at = -1
        for event in self._events():
            if isinstance(event, Item) and event.get("post_type") == "post":
                at += 1
                title = plain(event.get("title"))
                try:
                    yield self._read(event, self.places[at])
                except Unreadable as error:
                    self._say(Weight.REFUSED, error.line, title, error.reason)
                except Exception as error:  # one post must not cost the others
                    self._say(Weight.REFUSED, event.line, title, f"it could not be read: {in_words(error)}")

    def _read(self, item: Item, place: Place) -> _Post:
        body = body_of(item, self.contents.library, self.links, self.contents.address)
        moment = moment_of(item, self.filing.now)
        headline, content = self._headline(item, body.content)
        for line, reason in body.doubts:
            self._say(Weight.DOUBTFUL, line, headline, reason)
        if not content:
            self._say(Weight.DOUBTFUL, item.line, headline, "it has no content")
        if closed := _why_closed(item, moment, self.filing.now):
            self._say(Weight.CLOSED, item.line, headline, closed)
        if moment is None and not closed.startswith("it has no date"):
            reason = f"{item.get('post_date')!r} is no date; it stands in the month of this import"
            self._say(Weight.DOUBTFUL, item.line, headline, reason)
        names = self.contents.authors_of(item)
        content = self._with_featured(content, item, headline)
        read = PieceRead(
            headline=headline,
            section=next(iter(sections_of(item)), ""),
            position=_position(moment or self.filing.now),
            line=item.line,
            content=content,
            byline="; ".join(names),
            contributors=names,
            standfirst=words_between(item.fields.get("excerpt:encoded", "")),
            live=not closed,
            words=words_in(block for block in content if not isinstance(block, PictureSeen)),
        )
        return _Post(item, read, place, self._balance(item, body, read))

    def _balance(self, item: Item, body: Body, read: PieceRead) -> Words:
        """Words in and words out, as of an issue's file."""
        of_item = [words_between(item.get("title")), words_between(item.fields.get("excerpt:encoded", ""))]
        source = [
            *(Run(item.line, tuple(balance.words(text))) for text in of_item if balance.words(text)),
            *body.source,
        ]
        filed = words_filed(replace(read, byline=""))
        left_out = [word for one in body.left_out for word in balance.words(one.text)]
        missing = balance.gaps(source, [*filed, *left_out])
        for gap in missing:
            self._say(Weight.LOST, gap.line, read.headline, str(gap))
        lost = sum(len(gap.words) for gap in missing)
        return Words(sum(len(run.words) for run in source), len(filed), len(left_out), lost)

    def _headline(self, item: Item, content: Content) -> tuple[str, Content]:
        headline = words_between(item.get("title"))
        if not headline:
            first = next((text_of(b) for b in content if not isinstance(b, PictureSeen)), "")
            words = first.split()
            headline = " ".join(words[:8]) + ("…" if len(words) > 8 else "") if words else "Untitled"
            self._say(
                Weight.DOUBTFUL, item.line, headline, "it has no title; its first words stand in its place"
            )
        if len(headline) > LONGEST_HEADLINE:
            reason = f"its title has {len(headline)} characters: it was cut, and stands whole above the text"
            content = (Paragraph(escape(headline, quote=False)), *content)
            headline = headline[: LONGEST_HEADLINE - 1].rstrip() + "…"
            self._say(Weight.DOUBTFUL, item.line, headline, reason)
        return headline, content

    def _with_featured(self, content: Content, item: Item, headline: str) -> Content:
        """The featured picture opens the article, unless it stands in it anyway."""
        number = item.meta.get("_thumbnail_id", "")
        featured = self.contents.library.get(number)
        if featured is None:
            if number.strip("0-") and number.isdigit():
                reason = f"its featured picture, attachment {number}, is not in this export: give the file it is in with --also"
                self._say(Weight.MISSING, item.line, headline, reason)
            return content
        if any(isinstance(b, PictureSeen) and featured.url in (b.src, *b.originals) for b in content):
            return content
        return (PictureSeen(featured.url, featured.alt, featured.caption), *content)

    # Filing.

    def _file(self, batch: list[_Post]) -> bool:
        """Promise: the batch is in, or each post that is not has its finding; whether there is sense in going on."""
        try:
            self._file_together(batch)
        except Exception as error:
            if not connection.is_usable():
                reason = f"stopped here: the database went away ({in_words(error)}); run the same command again to go on"
                self._say(Weight.REFUSED, batch[0].item.line, batch[0].read.headline, reason)
                return False
            self._undo(batch)
            for one in batch:
                self._file_alone(one)
        return True

    def _file_alone(self, one: _Post) -> None:
        try:
            self._file_together([one])
        except Exception as error:
            self._undo([one])
            reason = f"it could not be brought in: {in_words(error)}"
            self._say(Weight.REFUSED, one.item.line, one.read.headline, reason)

    def _undo(self, batch: list[_Post]) -> None:
        self.filing.look_up()
        self.filing.pictures.taken.clear()
        self.months.forget(one.place.month for one in batch)

    def _file_together(self, batch: list[_Post]) -> None:
        with transaction.atomic():
            incoming = [
                Incoming(
                    one.place.key,
                    self.file.name,
                    self.months.issue_for(one.place),
                    one.place.slug,
                    one.read,
                    one.place.old,
                )
                for one in batch
            ]
            tallies, findings = self.filing.file(self.source, incoming)
            for one, piece in zip(batch, incoming, strict=True):
                if piece.read.live and not self.months.is_deleted(one.place):
                    self.filing.publish(piece.issue)
        self.findings += findings
        months = {id(piece.issue): f"{piece.issue.sort_date:%Y-%m}" for piece in incoming}
        for issue, tally in tallies.items():
            self.tallies[months[issue]] = self.tallies.get(months[issue], Tally()) + tally
        for one, piece in zip(batch, incoming, strict=True):
            month = months[id(piece.issue)]
            self.words[month] = self.words.get(month, Words()) + one.words

    def _gone(self) -> None:
        """Pieces of this export that it no longer holds; a broken export proves nothing."""
        if self.source is None or any(f.weight is Weight.REFUSED and not f.piece for f in self.findings):
            return
        keys = [place.key for place in self.places]
        for piece in self.source.pieces.exclude(key__in=keys).filter(gone=False).select_related("article"):
            name = piece.article.headline if piece.article else piece.key
            self._say(
                Weight.GONE, piece.line, name, "no longer in the source; the article stays in the archive"
            )
            Piece.objects.filter(pk=piece.pk).update(gone=True)

    def _report(self) -> Report:
        contents = self.contents
        counted = Counter({"comments were left out": contents.comments})
        counted["pages, menus and other items were left out"] = contents.others.total()
        counted["categories beyond a post's first were left out"] = 0
        for kind, names in contents.left.items():
            counted[f"{kind} were left out"] = names.total()
        return Report(
            title=self.filing.title.name,
            dry_run=self.filing.dry_run,
            files=1,
            issues=tuple(
                IssueLine(self.file.name, month, tally, words=self.words.get(month, Words()))
                for month, tally in sorted(self.tallies.items())
            ),
            findings=tuple(self.findings),
            new_contributors=len(self.filing.new_contributors),
            new_sections=len(self.filing.new_sections),
            counted=dict(counted),
        )


def _batches(posts: Iterator[_Post], size: int) -> Iterator[list[_Post]]:
    batch = []
    for post in posts:
        batch.append(post)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _position(moment: datetime) -> int:
    """The minute of its month: whatever else the month holds, the order is theirs, and it never changes."""
    return ((moment.day - 1) * 24 + moment.hour) * 60 + moment.minute + 1


def _why_closed(item: Item, moment: datetime | None, now: datetime) -> str:
    """Why a post is not published here; empty when it is. Only what anyone could read there is open."""
    status = item.get("status")
    if item.get("post_password"):
        return "it is protected by a password: brought in, not published"
    if status != "publish":
        return f"its status is {status or 'missing'}: brought in, not published"
    if moment is None:
        return f"it has no date ({item.get('post_date') or 'none is given'}): brought in, not published, in the month of this import"
    return "its date is in the future: brought in, not published" if moment > now else ""
