"""A stored page, in the one form in which it lies in the database and in the door's file, and from which it is sent.

An article has a closed text (the lead-in and the gate) and a whole one; every other page has a closed text only, which anyone
may read. Which of the two is sent is for `access.decide` to say, from the facts that are stored along.
"""

import hashlib
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from backnumber.access import Asked
from backnumber.edge.page.slots import main_cases
from backnumber.edge.page.text import Slot, Text, opened

FORMAT = 3
_SEAL = struct.Struct(">B16s")  # format, digest of all that follows
_LENGTH = struct.Struct(">I")  # of the facts
HEAD_BYTES = _SEAL.size + _LENGTH.size
T = TypeVar("T")


class UnreadablePage(ValueError):
    """What was read is no stored page of this format, or is damaged."""


class TextFacts(msgspec.Struct, array_like=True, gc=False):
    """Of one text: `at` is where its slots begin, after which it lies twice, compressed; the last three are lengths in bytes.
    `cases` are the bits of the cases in which it is sent as it lies there (`slots.main_cases`).
    """

    digest: str
    cases: int
    at: int
    slots: int
    gzip: int
    brotli: int


class PageFacts(msgspec.Struct, array_like=True, gc=False):
    """All of a page but its texts. `keys` name what it shows (`article:7 issue:70 shop`), as the header that is sent says
    them: when one of them changes the page is void. After `good_until` it is void too: what it shows changes with the calendar.
    """

    address: str
    kind: str
    keys: bytes
    good_until: datetime | None
    asked: Asked | None
    closed: TextFacts
    whole: TextFacts | None


class Source(Protocol):
    """Where texts lie: a file, or memory."""

    def read(self, at: int, length: int) -> bytes: ...


class InMemory(bytes):
    """Texts that lie in no file."""

    def read(self, at: int, length: int) -> bytes:
        return self[at : at + length]


@dataclass(slots=True)
class StoredPage:
    """`content` is what is stored; its texts begin at byte `begins`."""

    facts: PageFacts
    content: bytes
    begins: int

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self.facts.keys.decode().split())

    @property
    def closed(self) -> Text:
        return text_in(InMemory(self.content), self.begins, self.facts.closed)

    @property
    def whole(self) -> Text | None:
        return text_in(InMemory(self.content), self.begins, self.facts.whole) if self.facts.whole else None


def compressed_in(source: Source, begins: int, text: TextFacts, coding: str) -> bytes:
    """Promise: the main text in that coding ("br", "gzip" or "", as it is). Errors: UnreadablePage."""
    gzip = text.at + text.slots
    if coding == "br":
        return _read(source, begins + gzip + text.gzip, text.brotli)
    found = _read(source, begins + gzip, text.gzip)
    try:
        return found if coding == "gzip" else opened(found)
    except zlib.error as error:
        raise UnreadablePage(str(error)) from error


def text_in(source: Source, begins: int, text: TextFacts) -> Text:
    """Promise: the text with its slots. Errors: UnreadablePage."""
    try:
        slots = _SLOTS.decode(_read(source, begins + text.at, text.slots))
    except msgspec.MsgspecError as error:
        raise UnreadablePage(str(error)) from error
    gzip, packed = (compressed_in(source, begins, text, coding) for coding in ("gzip", "br"))
    return Text(text.digest, slots, gzip, packed)


def _read(source: Source, at: int, length: int) -> bytes:
    found = source.read(at, length)
    if len(found) != length:
        raise UnreadablePage("it is cut short")
    return found


def stored_page(
    address: str,
    kind: str,
    closed: Text,
    whole: Text | None = None,
    *,
    asked: Asked | None = None,
    keys: Iterable[str] = (),
    good_until: datetime | None = None,
) -> StoredPage:
    """Promise: the page in its stored form. A page without `asked` is no article: anyone may read it."""
    of_closed, texts = _laid_out(closed, 0, allowed=None if asked is None else False)
    of_whole = None
    if whole is not None:
        of_whole, more = _laid_out(whole, len(texts), allowed=True)
        texts += more
    facts = PageFacts(address, kind, " ".join(keys).encode(), good_until, asked, of_closed, of_whole)
    encoded = ENCODER.encode(facts)
    content = b"".join((_LENGTH.pack(len(encoded)), encoded, texts))
    return StoredPage(facts, _SEAL.pack(FORMAT, _digest_of(content)) + content, HEAD_BYTES + len(encoded))


def _laid_out(text: Text, at: int, *, allowed: bool | None) -> tuple[TextFacts, bytes]:
    slots = ENCODER.encode(text.slots)
    cases = main_cases(text, allowed=allowed)
    facts = TextFacts(text.digest, cases, at, len(slots), len(text.gzip), len(text.brotli))
    return facts, b"".join((slots, text.gzip, text.brotli))


# Besides what was damaged: facts of a later program that still calls its format by our number.
_UNREADABLE = (
    msgspec.MsgspecError,
    struct.error,
    LookupError,
    TypeError,
    ValueError,
    OSError,
    RecursionError,
)


def read(content: bytes) -> StoredPage:
    """Promise: the page that was stored. Errors: UnreadablePage for anything but what `sealed` made."""
    try:
        form, found = _SEAL.unpack_from(content)
        if form != FORMAT or found != _digest_of(memoryview(content)[_SEAL.size :]):
            raise UnreadablePage("it has another format, or is damaged")
        begins = begin_of_texts(content)
        return StoredPage(facts_in(content[:begins]), content, begins)
    except _UNREADABLE as error:
        raise UnreadablePage(str(error)) from error


def begin_of_texts(content: bytes) -> int:
    """Promise: where the facts end. Errors: struct.error."""
    (length,) = _LENGTH.unpack_from(content, _SEAL.size)
    return HEAD_BYTES + int(length)


def facts_in(head: bytes | memoryview) -> PageFacts:
    """`head`: a stored page up to where its texts begin. Errors: msgspec.MsgspecError."""
    return _FACTS.decode(memoryview(head)[HEAD_BYTES:])


def _digest_of(content: bytes | memoryview) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()


def _named(value: Any) -> str:
    """Errors: NotImplementedError for anything but a zone."""
    if isinstance(value, tzinfo):
        return str(value)
    raise NotImplementedError(f"{type(value)} is not stored")


@lru_cache(64)
def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)


def decoder(form: type[T]) -> "msgspec.msgpack.Decoder[T]":
    """Promise: what reads back what `ENCODER` has written of that form. Errors, then: msgspec.MsgspecError."""
    return msgspec.msgpack.Decoder(form, dec_hook=lambda _wanted, name: _zone(name))


ENCODER = msgspec.msgpack.Encoder(enc_hook=_named)
_SLOTS = decoder(tuple[Slot, ...])
_FACTS = decoder(PageFacts)
