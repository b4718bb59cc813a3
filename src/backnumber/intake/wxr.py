"""A WordPress export (WXR 1.2, https://wordpress.org/documentation/article/tools-export-screen/) read item by
item.

Never in memory as a whole, no document type, no entities of its own, nothing from outside. Knows no Django.
"""

import codecs
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from backnumber.intake.decoding import codec_of

CHUNK = 1 << 16
DEEPEST = 40
BIGGEST_ITEM = 20_000_000
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)""")


class Broken(ValueError):
    """The export cannot be read from here on; what came before stands."""

    def __init__(self, line: int, reason: str, is_final: bool = False) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason
        self.is_final = is_final


@dataclass(frozen=True, slots=True)
class Site:
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Author:
    login: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    domain: str
    name: str
    nicename: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A post, a page, an attachment. `fields` by their names without the prefix; `content_line` is where the
    body begins.
    """

    line: int
    content_line: int
    fields: dict[str, str]
    categories: tuple[Category, ...]
    meta: dict[str, str]
    comments: int

    def get(self, name: str) -> str:
        return self.fields.get(name, "").strip()


@dataclass(frozen=True, slots=True)
class Doubt:
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """An item that could not be read; what follows it could."""

    line: int
    reason: str


Event = Site | Author | Item | Doubt | Skipped
PROLOG = "<rss><channel>"
_ITEM_STARTS, _ITEM_ENDS = re.compile(rb"<item[\s>]"), b"</item>"
_CDATA = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")


def read(path: Path) -> Iterator[Event]:
    """Promise: what the export holds, in its order. Errors: Broken, with the line, after everything whole
    before it.
    """
    reader = _Reader()
    with path.open("rb") as file:
        first = file.read(CHUNK)
        decoder = _Decoder(first)
        chunk: bytes = first
        while chunk:
            text = decoder.decode(chunk)
            yield from decoder.doubts()
            yield from reader.feed(text)
            chunk = file.read(CHUNK)
        yield from reader.feed(decoder.decode(b"", True), True)


class _Decoder:
    """Bytes to text as declared; a byte that does not fit is read as Windows-1252, once said so."""

    def __init__(self, first: bytes) -> None:
        found = _DECLARED.match(first.removeprefix(codecs.BOM_UTF8))
        name = found[1].decode("ascii") if found else "utf-8"
        if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            name = "utf-16"
        codec = codec_of(name) if name != "utf-16" else name
        codec = codec or "utf-8"
        self.codec = "utf-8-sig" if codec == "utf-8" else codec
        self.decoder = codecs.getincrementaldecoder(self.codec)("strict")
        self.line = 1
        self.waiting: list[Doubt] = []
        self.told: set[str] = set()

    def decode(self, chunk: bytes, final: bool = False) -> str:
        try:
            text = self.decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            self._tell(
                f"it says it is {self.codec.removesuffix('-sig')} but is not; read as Windows-1252",
                error.object[: error.start],
            )
            text = error.object.decode("cp1252", "replace")
            self.decoder = codecs.getincrementaldecoder("cp1252")("replace")
        if _ILLEGAL.search(text):
            self._tell("control characters were taken out", b"")
            text = _ILLEGAL.sub("", text)
        self.line += text.count("\n")
        return text

    def _tell(self, reason: str, before: bytes | bytearray) -> None:
        if reason not in self.told:
            self.told.add(reason)
            self.waiting.append(Doubt(self.line + bytes(before).count(b"\n"), reason))

    def doubts(self) -> list[Doubt]:
        waiting, self.waiting = self.waiting, []
        return waiting


@dataclass
class _Building:
    """An item being read."""

    line: int
    content_line: int = 0
    size: int = 0
    comments: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    categories: list[Category] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)


class _Reader:
    """Expat's handlers: whatever is whole goes to `events`. An item that is no XML is passed over, and the next one read."""

    def __init__(self, line: int = 1) -> None:
        self.events: deque[Event] = deque()
        self.channel: dict[str, str] = {}
        self.kept, self.kept_from, self.kept_line = b"", 0, line
        self.ended: tuple[int, int] | None = None
        self.is_broken: Broken | None = None
        self.failed_at = 0
        self._begin(line)

    def _begin(self, line: int) -> None:
        """A parser at the start of what it is fed next, which begins on that line of the file."""
        self.before = line - 1
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._entity
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.path: list[str] = []
        self.words: list[str] = []
        self.attributes: dict[str, str] = {}
        self.building: _Building | None = None
        self.inner: dict[str, str] = {}

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber + self.before

    def feed(self, text: str, final: bool = False) -> Iterator[Event]:
        """Errors: Broken, after everything whole before it."""
        failure = self._take(text.encode("utf-8", "replace"), final)
        while self.events:
            yield self.events.popleft()
        if failure:
            raise failure

    def _take(self, fed: bytes, final: bool) -> Broken | None:
        self.kept += fed
        while True:
            if self.is_broken is None:
                self.is_broken = self._parse(fed, final)
            self._forget()
            if self.is_broken is None:
                return None
            failed_at = max(self.failed_at - self.kept_from, 0)
            found = _ITEM_STARTS.search(self.kept)
            ends = self.kept.find(_ITEM_ENDS, failed_at if found else len(self.kept))
            if (
                found is None
                or found.start() > failed_at
                or self.is_broken.is_final
                or (ends < 0 and (final or len(self.kept) > BIGGEST_ITEM))
            ):
                return self.is_broken
            if ends < 0:
                return None  # the item's end is still to come
            fed = self._pass_over(found.start(), ends + len(_ITEM_ENDS))

    def _broken(self, reason: str, *, is_final: bool = False) -> Broken:
        self.failed_at = self.parser.CurrentByteIndex
        return Broken(self.line, reason, is_final)

    def _parse(self, fed: bytes, final: bool) -> Broken | None:
        try:
            self.parser.Parse(fed, final)
        except expat.ExpatError as error:
            self.failed_at = self.parser.ErrorByteIndex
            return Broken(error.lineno + self.before, _in_words(error, bool(self.path)))
        except Broken as error:
            return error
        return None

    def _forget(self) -> None:
        """What stands before the last whole item's end is needed no more."""
        if self.ended is not None:
            at, line = self.ended
            self.kept, self.kept_from, self.kept_line = self.kept[at - self.kept_from :], at, line
            self.ended = None

    def _pass_over(self, starts: int, ends: int) -> bytes:
        """Promise: what follows the broken item; the item itself comes in if a bare "&" was all that ailed it."""
        self.kept_line += self.kept[:starts].count(b"\n")
        self.kept = self.kept[starts:]
        ends -= starts
        item, rest = self.kept[:ends], self.kept[ends:]
        line, broken = self.kept_line, self.is_broken
        mended = _mended(item.decode("utf-8", "replace"), line)
        if mended is not None:
            self.events += [
                Doubt(line, "a bare “&” or an entity of HTML stood in its XML; it was mended"),
                mended,
            ]
        else:
            self.events.append(
                Skipped(line, f"the item could not be read ({broken.reason if broken else ''})")
            )
        self.kept_line += item.count(b"\n")
        self._begin(self.kept_line)
        self.parser.Parse(PROLOG.encode(), False)
        self.kept, self.kept_from, self.ended, self.is_broken = rest, len(PROLOG), None, None
        return rest

    def _doctype(self, *_: object) -> None:
        raise self._broken(
            "it has a document type, which no WordPress export has: refused, it could hold a bomb of entities",
            is_final=True,
        )

    def _entity(self, *_: object) -> None:
        raise self._broken("it declares an entity: refused", is_final=True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self.path and name != "rss":
            raise self._broken(
                f"it begins with <{name}>, not with <rss>: is it a WordPress export?",
            )
        self.path.append(name)
        if len(self.path) > DEEPEST:
            raise self._broken(f"elements are nested more than {DEEPEST} deep")
        if name == "item" and len(self.path) == 3:
            self.building = _Building(self.line)
        if name == "content:encoded" and self.building is not None:
            self.building.content_line = self.line
        if name in {"wp:author", "wp:postmeta"}:
            self.inner = {}
        self.words, self.attributes = [], attributes

    def _text(self, text: str) -> None:
        if self.building is not None:
            self.building.size += len(text)
            if self.building.size > BIGGEST_ITEM:
                raise self._broken(
                    f"one item is larger than {BIGGEST_ITEM // 1_000_000} million characters",
                    is_final=True,
                )
        self.words.append(text)

    def _end(self, name: str) -> None:
        words, self.words = "".join(self.words), []
        self.path.pop()
        parent = self.path[-1] if self.path else ""
        if name == "item" and self.building is not None:
            self._item(self.building)
        elif self.building is not None:
            self._in_item(self.building, name, parent, words)
        elif parent == "wp:author":
            self.inner[name.removeprefix("wp:author_")] = words.strip()
        elif name == "wp:author":
            login = self.inner.get("login", "")
            self.events.append(
                Author(login, self.inner.get("display_name") or login, self.inner.get("description", ""))
            )
        elif parent == "channel":
            self._in_channel(name, words.strip())

    def _in_channel(self, name: str, words: str) -> None:
        self.channel.setdefault(name, words)
        if name == "wp:base_site_url" or (name == "link" and "title" in self.channel):
            address = self.channel.get("link") or self.channel.get("wp:base_site_url", "")
            self.events.append(Site(self.channel.get("title", ""), address))

    def _in_item(self, building: _Building, name: str, parent: str, words: str) -> None:
        if name == "wp:comment":
            building.comments += 1
        elif parent == "wp:postmeta":
            self.inner[name] = words
        elif name == "wp:postmeta":
            building.meta[self.inner.get("wp:meta_key", "").strip()] = self.inner.get(
                "wp:meta_value", ""
            ).strip()
        elif name == "category" and parent == "item":
            given = self.attributes
            category = Category(given.get("domain", "category"), words.strip(), given.get("nicename", ""))
            building.categories.append(category)
        elif parent == "item":
            building.fields.setdefault(
                name if name in {"content:encoded", "excerpt:encoded"} else name.rpartition(":")[2], words
            )

    def _item(self, building: _Building) -> None:
        self.building = None
        self.ended = (self.parser.CurrentByteIndex, self.line)
        self.events.append(
            Item(
                building.line,
                building.content_line or building.line,
                building.fields,
                tuple(building.categories),
                building.meta,
                building.comments,
            )
        )


def _mended(text: str, line: int) -> Item | None:
    """The item with each bare "&" of its XML written as it should be; None when more than that is wrong."""
    whole = _CDATA.split(text)
    parts = [_BARE.sub("&amp;", part) for part in whole]
    sections = _CDATA.findall(text)
    repaired = "".join(part + section for part, section in zip(parts, [*sections, ""], strict=True))
    reader = _Reader(line)
    try:
        reader.parser.Parse(f"{PROLOG}{repaired}</channel></rss>", True)
    except (expat.ExpatError, Broken):
        return None
    return next((event for event in reader.events if isinstance(event, Item)), None)


def _in_words(error: expat.ExpatError, begun: bool) -> str:
    text = expat.errors.messages.get(error.code, str(error))
    if text in {"no element found", "unclosed CDATA section", "unclosed token"} and begun:
        return "it ends in the middle: the last item is not whole and was left out"
    return f"it is no XML from here on ({text}); what follows was left out"
