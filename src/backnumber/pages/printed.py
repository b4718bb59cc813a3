"""A printed page: the texts it can show, compressed once, and the few slots in them that vary.

An article has a closed text (the lead-in and the gate) and a whole one; every other page has a closed text only, which anyone
may read. Which of the two is sent is for `access.decide` to say, from the facts that are printed along.
"""

import hashlib
import json
import struct
import zlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import brotli

from backnumber.access import Anniversary, Asked, FreeWindow, Policy, Wall

FORMAT = 1
_SEALED = struct.Struct(">B16s")  # format, digest of all that follows
_LENGTHS = struct.Struct(">IIIII")  # of the facts and of each compressed text
GZIP = 16 + zlib.MAX_WBITS


class NotPrinted(ValueError):
    """What was read from the store is no printed page of this format."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Bytes `start` to `end` of the main text vary. `choices` by name; none where the front writes them itself (`slots.py`)."""

    name: str
    start: int
    end: int
    choices: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a page as most are sent it, compressed twice, and the slots in it in their order."""

    gzip: bytes
    brotli: bytes
    slots: tuple[Slot, ...]

    @property
    def plain(self) -> bytes:
        return zlib.decompress(self.gzip, GZIP)

    def filled(self, chosen: dict[str, bytes]) -> bytes:
        """Promise: the text with other fillings; a slot that is not named keeps the main one."""
        main = self.plain
        parts, at = [], 0
        for slot in self.slots:
            if slot.name in chosen:
                parts += [main[at : slot.start], chosen[slot.name]]
                at = slot.end
        return b"".join((*parts, main[at:]))


@dataclass(frozen=True, slots=True)
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


def text_of(main: bytes, slots: tuple[Slot, ...]) -> Text:
    """Promise: the text compressed for keeping: well once, so that sending it costs nothing.

    Brotli at 9 takes ten times as long as at 8, for a thousandth of a page (measured on 32 kB of English).
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, GZIP)
    return Text(packer.compress(main) + packer.flush(), brotli.compress(main, quality=8, lgwin=18), slots)


def digest(content: bytes) -> str:
    """Promise: sixteen hexadecimal figures that differ when the content does."""
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def packed(page: PrintedPage) -> bytes:
    """Promise: the page as bytes for the store; `unpacked` gives it back."""
    facts = {
        "address": page.address,
        "kind": page.kind,
        "keys": page.keys,
        "good_until": _stamp(page.good_until),
        "asked": _asked_facts(page.asked) if page.asked else None,
        "closed": _slot_facts(page.closed),
        "whole": _slot_facts(page.whole) if page.whole else None,
    }
    head = json.dumps(facts, separators=(",", ":"), ensure_ascii=False).encode()
    texts = [
        page.closed.gzip,
        page.closed.brotli,
        *((page.whole.gzip, page.whole.brotli) if page.whole else (b"", b"")),
    ]
    content = b"".join((_LENGTHS.pack(len(head), *map(len, texts)), head, *texts))
    return _SEALED.pack(FORMAT, _whole(content)) + content


def unpacked(content: bytes) -> PrintedPage:
    """Errors: NotPrinted for anything but what `packed` made."""
    try:
        form, whole = _SEALED.unpack_from(content)
        inside = content[_SEALED.size :]
        if form != FORMAT or whole != _whole(inside):
            raise NotPrinted("another format, or not whole")
        return _page(*_parts(inside))
    except _UNREADABLE as error:
        raise NotPrinted(str(error)) from error


# Besides what was damaged: facts of a later program that still calls its format by our number.
_UNREADABLE = (struct.error, LookupError, TypeError, ValueError, AttributeError, OSError, RecursionError)


def _whole(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()


def _parts(content: bytes) -> list[bytes]:
    at, parts = _LENGTHS.size, []
    for length in _LENGTHS.unpack_from(content):
        parts.append(content[at : at + length])
        at += length
    return parts


def _page(
    head: bytes, closed_gzip: bytes, closed_brotli: bytes, whole_gzip: bytes, whole_brotli: bytes
) -> PrintedPage:
    facts = json.loads(head)
    return PrintedPage(
        facts["address"],
        facts["kind"],
        Text(closed_gzip, closed_brotli, _slots(facts["closed"])),
        Text(whole_gzip, whole_brotli, _slots(facts["whole"])) if facts["whole"] is not None else None,
        _asked(facts["asked"]) if facts["asked"] else None,
        tuple(facts["keys"]),
        _moment(facts["good_until"]),
    )


def _slot_facts(text: Text) -> list[Any]:
    return [
        [s.name, s.start, s.end, {name: html.decode() for name, html in s.choices.items()}]
        for s in text.slots
    ]


def _slots(facts: list[Any]) -> tuple[Slot, ...]:
    return tuple(
        Slot(name, start, end, {k: v.encode() for k, v in choices.items()})
        for name, start, end, choices in facts
    )


def _asked_facts(asked: Asked) -> dict[str, Any]:
    return {
        "ids": [asked.article, asked.issue, asked.title],
        "cover_date": asked.cover_date.isoformat(),
        "policy": asked.policy.value if asked.policy else None,
        "windows": [[_stamp(w.starts), _stamp(w.until), w.why] for w in asked.windows],
        "anniversaries": [[a.month, a.day, a.why] for a in asked.anniversaries],
        "wall": [asked.wall.paid_after_weeks, asked.wall.free_after_years],
        "on_sale": _stamp(asked.on_sale),
        "zone": str(asked.zone),
    }


def _asked(facts: dict[str, Any]) -> Asked:
    article, issue, title = facts["ids"]
    return Asked(
        article,
        issue,
        title,
        date.fromisoformat(facts["cover_date"]),
        Policy(facts["policy"]) if facts["policy"] in set(Policy) else None,
        tuple(FreeWindow(_instant(starts), _instant(until), why) for starts, until, why in facts["windows"]),
        tuple(Anniversary(*one) for one in facts["anniversaries"]),
        Wall(*facts["wall"]),
        _moment(facts["on_sale"]),
        UTC if facts["zone"] == "UTC" else ZoneInfo(facts["zone"]),
    )


def _stamp(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def _instant(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)


def _moment(stamp: str | None) -> datetime | None:
    return _instant(stamp) if stamp else None
