"""A printed page: the texts it can show, compressed once, and the few slots in them that vary.

An article has a closed text (the lead-in and the gate) and a whole one; every other page has a closed text only, which anyone
may read. Which of the two is sent is for `access.decide` to say, from the facts that are printed along.
"""

import hashlib
import struct
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import brotli
import msgspec

from backnumber.access import Asked

FORMAT = 2
_SEALED = struct.Struct(">B16s")  # format, digest of all that follows
_LENGTHS = struct.Struct(">IIIII")  # of the facts and of each compressed text
_HEAD = _SEALED.size + _LENGTHS.size
GZIP = 16 + zlib.MAX_WBITS
T = TypeVar("T")


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


@dataclass(slots=True)
class Text:
    """One text of a page as most are sent it, the digest of that, and the slots in it in their order."""

    digest: str
    slots: tuple[Slot, ...]
    gzip: bytes
    brotli: bytes

    @property
    def plain(self) -> bytes:
        return opened(self.gzip)

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
    keys: tuple[str, ...] = ()
    good_until: datetime | None = None


class _Facts(msgspec.Struct, array_like=True):
    """All of a page but its compressed texts."""

    address: str
    kind: str
    keys: tuple[str, ...]
    good_until: datetime | None
    asked: Asked | None
    closed: tuple[str, tuple[Slot, ...]]
    whole: tuple[str, tuple[Slot, ...]] | None


def text_of(main: bytes, slots: tuple[Slot, ...]) -> Text:
    """Promise: the text compressed for keeping: well once, so that sending it costs nothing.

    Brotli at 8 takes a quarter longer than at 6, for two thousandths of a page; at 9 ten times as long (measured on 37 kB of
    English).
    """
    packer = zlib.compressobj(6, zlib.DEFLATED, GZIP)
    gzip = packer.compress(main) + packer.flush()
    slots = tuple(slot._replace(main=main[slot.start : slot.end]) for slot in slots)
    return Text(digest(main), slots, gzip, brotli.compress(main, quality=6, lgwin=18))


def opened(gzip: bytes) -> bytes:
    """Promise: the text that was compressed. Errors: zlib.error."""
    return zlib.decompress(gzip, GZIP)


def digest(content: bytes) -> str:
    """Promise: sixteen hexadecimal figures that differ when the content does."""
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def packed(page: PrintedPage) -> bytes:
    """Promise: the page as bytes for the store; `unpacked` gives it back."""
    closed, whole = page.closed, page.whole
    facts = _Facts(
        page.address,
        page.kind,
        page.keys,
        page.good_until,
        page.asked,
        (closed.digest, closed.slots),
        (whole.digest, whole.slots) if whole else None,
    )
    texts = [closed.gzip, closed.brotli, *((whole.gzip, whole.brotli) if whole else (b"", b""))]
    parts = [ENCODER.encode(facts), *texts]
    content = b"".join((_LENGTHS.pack(*map(len, parts)), *parts))
    return _SEALED.pack(FORMAT, _whole(content)) + content


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


def unpacked(content: bytes) -> PrintedPage:
    """Errors: NotPrinted for anything but what `packed` made."""
    try:
        form, whole = _SEALED.unpack_from(content)
        if form != FORMAT or whole != _whole(memoryview(content)[_SEALED.size :]):
            raise NotPrinted("another format, or not whole")
        return _read(content)
    except _UNREADABLE as error:
        raise NotPrinted(str(error)) from error


def _read(content: bytes) -> PrintedPage:
    ends = list(accumulate(_LENGTHS.unpack_from(content, _SEALED.size), initial=_HEAD))
    head, *texts = [content[begins:end] for begins, end in pairwise(ends)]
    facts = _DECODER.decode(head)
    return PrintedPage(
        facts.address,
        facts.kind,
        Text(*facts.closed, *texts[:2]),
        Text(*facts.whole, *texts[2:]) if facts.whole else None,
        facts.asked,
        facts.keys,
        facts.good_until,
    )


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


def decoder(form: type[T]) -> "msgspec.msgpack.Decoder[T]":
    """Promise: what reads back what `ENCODER` has written of that form. Errors, then: msgspec.MsgspecError."""
    return msgspec.msgpack.Decoder(form, dec_hook=lambda wanted, told: _zone(told))


ENCODER = msgspec.msgpack.Encoder(enc_hook=_told)
_DECODER = decoder(_Facts)
