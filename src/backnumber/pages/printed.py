"""A printed page: the texts it can show, compressed once, and the few slots in them that vary.

An article has a closed text (the lead-in and the gate) and a whole one; every other page has a closed text only, which anyone
may read. Which of the two is sent is for `access.decide` to say, from the facts that are printed along.
"""

import hashlib
import struct
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, TypeVar
from zoneinfo import ZoneInfo

import brotli
import msgspec

from backnumber.access import Asked

FORMAT = 2
_SEALED = struct.Struct(">B16s")  # format, digest of all that follows
_LENGTHS = struct.Struct(">IIIII")  # of the facts and of each compressed text
_HEAD = _SEALED.size + _LENGTHS.size
GZIP = 16 + zlib.MAX_WBITS


class NotPrinted(ValueError):
    """What was read from the store is no printed page of this format."""


class Slot(NamedTuple):
    """Bytes `start` to `end` of the main text, which are `main`, vary. `choices` by name; none where the front writes them
    itself (`slots.py`).
    """

    name: str
    start: int
    end: int
    choices: dict[str, bytes]
    main: bytes = b""


T = TypeVar("T")


class Later(Collection[T]):
    """What was packed, read when somebody looks at it. Errors, then: msgspec.MsgspecError."""

    __slots__ = ("_decoder", "_found", "_raw")

    def __init__(self, raw: msgspec.Raw, decoder: "msgspec.msgpack.Decoder[tuple[T, ...]]") -> None:
        self._raw = raw
        self._decoder = decoder
        self._found: tuple[T, ...] | None = None

    def __iter__(self) -> Iterator[T]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def __contains__(self, one: object) -> bool:
        return one in self._read()

    def _read(self) -> tuple[T, ...]:
        if self._found is None:
            self._found = self._decoder.decode(self._raw)
        return self._found


class Compressed(Protocol):
    """A text compressed twice."""

    @property
    def gzip(self) -> bytes: ...
    @property
    def brotli(self) -> bytes: ...


class AtHand(NamedTuple):
    """Both in memory."""

    gzip: bytes
    brotli: bytes


@dataclass(slots=True)
class Elsewhere:
    """Each is read when it is asked for: `read` is given where it begins in the packed page, and its length."""

    read: Callable[[int, int], bytes]
    at: int
    lengths: tuple[int, int]

    @property
    def gzip(self) -> bytes:
        return self.read(self.at, self.lengths[0])

    @property
    def brotli(self) -> bytes:
        return self.read(self.at + self.lengths[0], self.lengths[1])


@dataclass(slots=True)
class Text:
    """One text of a page as most are sent it, the digest of that, and the slots in it in their order."""

    digest: str
    slots: Collection[Slot]
    compressed: Compressed

    @property
    def plain(self) -> bytes:
        return zlib.decompress(self.compressed.gzip, GZIP)

    def filled(self, chosen: dict[str, bytes]) -> bytes:
        """Promise: the text with other fillings; a slot that is not named keeps the main one."""
        main = self.plain
        parts, at = [], 0
        for slot in self.slots:
            if slot.name in chosen:
                parts += [main[at : slot.start], chosen[slot.name]]
                at = slot.end
        return b"".join((*parts, main[at:]))

    def is_main(self, chosen: dict[str, bytes]) -> bool:
        """Promise: whether these fillings give the main text."""
        return all(chosen.get(slot.name, slot.main) == slot.main for slot in self.slots)


@dataclass(slots=True)
class PrintedPage:
    """`keys` name all that the page shows (`article:7`, `issue:70`, `shop`): when one of them changes the page is void.

    After `good_until` it is void too: what it shows changes with the calendar.
    """

    address: str
    kind: str
    closed: Text
    whole: Text | None = None
    asked: Asked | None = None
    keys: Collection[str] = ()
    good_until: datetime | None = None


class _Facts(msgspec.Struct, array_like=True):
    """All of a page but its texts. What is raw is seldom looked at."""

    address: str
    kind: str
    keys: msgspec.Raw
    good_until: datetime | None
    asked: Asked | None
    closed: tuple[str, msgspec.Raw]
    whole: tuple[str, msgspec.Raw] | None


def text_of(main: bytes, slots: tuple[Slot, ...]) -> Text:
    """Promise: the text compressed for keeping: well once, so that sending it costs nothing.

    Brotli at 8 takes a quarter longer than at 6, for two thousandths of a page; at 9 ten times as long (measured on 37 kB of
    English).
    """
    packer = zlib.compressobj(6, zlib.DEFLATED, GZIP)
    gzip = packer.compress(main) + packer.flush()
    slots = tuple(slot._replace(main=main[slot.start : slot.end]) for slot in slots)
    return Text(digest(main), slots, AtHand(gzip, brotli.compress(main, quality=6, lgwin=18)))


def digest(content: bytes) -> str:
    """Promise: sixteen hexadecimal figures that differ when the content does."""
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def packed(page: PrintedPage) -> bytes:
    """Promise: the page as bytes for the store; `unpacked` gives it back."""
    closed, whole = page.closed, page.whole
    facts = _Facts(
        page.address,
        page.kind,
        _raw(tuple(page.keys)),
        page.good_until,
        page.asked,
        (closed.digest, _raw(tuple(closed.slots))),
        (whole.digest, _raw(tuple(whole.slots))) if whole else None,
    )
    head = _ENCODER.encode(facts)
    kept = [closed.compressed, whole.compressed if whole else AtHand(b"", b"")]
    texts = [part for one in kept for part in (one.gzip, one.brotli)]
    content = b"".join((_LENGTHS.pack(len(head), *map(len, texts)), head, *texts))
    return _SEALED.pack(FORMAT, _whole(content)) + content


def unpacked(content: bytes) -> PrintedPage:
    """Errors: NotPrinted for anything but what `packed` made."""
    try:
        form, whole = _SEALED.unpack_from(content)
        if form != FORMAT or whole != _whole(memoryview(content)[_SEALED.size :]):
            raise NotPrinted("another format, or not whole")
        page = read_head(content[: head_length(content)], lambda at, length: content[at : at + length])
        return _looked_through(page)
    except _UNREADABLE as error:
        raise NotPrinted(str(error)) from error


def _looked_through(page: PrintedPage) -> PrintedPage:
    page.keys = tuple(page.keys)
    for text in (page.closed, page.whole):
        if text is not None:
            text.slots = tuple(text.slots)
            text.compressed = AtHand(text.compressed.gzip, text.compressed.brotli)
    return page


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


def head_length(content: bytes) -> int:
    """Promise: how many bytes of a packed page its facts end at: what `read_head` wants. Errors: struct.error."""
    return _HEAD + int(_LENGTHS.unpack_from(content, _SEALED.size)[0])


def read_head(head: bytes, read: Callable[[int, int], bytes]) -> PrintedPage:
    """Promise: the page of which `head` is the beginning, and whose texts are read with `read` when they are asked for.

    It must have been unpacked whole before: here nothing is checked but its form. Errors: msgspec.MsgspecError, struct.error.
    """
    _, closed_gzip, closed_brotli, whole_gzip, whole_brotli = _LENGTHS.unpack_from(head, _SEALED.size)
    facts = _DECODER.decode(memoryview(head)[_HEAD:])
    closed = Elsewhere(read, len(head), (closed_gzip, closed_brotli))
    after = len(head) + closed_gzip + closed_brotli
    return PrintedPage(
        facts.address,
        facts.kind,
        _text(facts.closed, closed),
        _text(facts.whole, Elsewhere(read, after, (whole_gzip, whole_brotli))) if facts.whole else None,
        facts.asked,
        Later(facts.keys, _KEYS),
        facts.good_until,
    )


def _text(facts: tuple[str, msgspec.Raw], compressed: Compressed) -> Text:
    return Text(facts[0], Later(facts[1], _SLOTS), compressed)


def _raw(value: tuple[object, ...]) -> msgspec.Raw:
    return msgspec.Raw(_ENCODER.encode(value))


def _whole(content: bytes | memoryview) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()


def _told(value: Any) -> str:
    """Errors: NotImplementedError for anything but a zone."""
    if isinstance(value, tzinfo):
        return str(value)
    raise NotImplementedError(f"{type(value)} is not packed")


@lru_cache(64)
def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_told)
_KEYS = msgspec.msgpack.Decoder(tuple[str, ...])
_SLOTS = msgspec.msgpack.Decoder(tuple[Slot, ...])
_DECODER = msgspec.msgpack.Decoder(_Facts, dec_hook=lambda wanted, told: _zone(told))
