"""One text of a page: compressed once, with the few places in it that vary from one asker to another."""

import hashlib
import zlib
from dataclasses import dataclass
from typing import NamedTuple

import brotli

_GZIP = 16 + zlib.MAX_WBITS  # with gzip's own head and end (zlib's manual, "wbits")


class Slot(NamedTuple):
    """Bytes `start` to `end` of the main text, which are `main`, vary. `choices` by name; none where the door writes them
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


def text_of(main: bytes, slots: tuple[Slot, ...]) -> Text:
    """Promise: the text compressed for keeping: well once, so that sending it costs nothing.

    Brotli at 8 takes a quarter longer than at 6, for two thousandths of a page; at 9 ten times as long (measured on 37 kB of
    English).
    """
    packer = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
    gzip = packer.compress(main) + packer.flush()
    slots = tuple(slot._replace(main=main[slot.start : slot.end]) for slot in slots)
    return Text(digest(main), slots, gzip, brotli.compress(main, quality=6, lgwin=18))


def opened(gzip: bytes) -> bytes:
    """Promise: the text that was compressed. Errors: zlib.error."""
    return zlib.decompress(gzip, _GZIP)


def digest(content: bytes) -> str:
    """Promise: sixteen hexadecimal figures that differ when the content does."""
    return hashlib.blake2b(content, digest_size=8).hexdigest()
