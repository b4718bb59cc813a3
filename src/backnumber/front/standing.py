"""A page at hand: its facts in memory, its texts where they can be read, and the answers made from it so far."""

import zlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import msgspec

from backnumber.access import Asked
from backnumber.front.ready import Ready
from backnumber.pages.printed import ENCODER, NotPrinted, PrintedPage, Slot, Text, decoder, opened
from backnumber.pages.slots import main_cases

DAMAGED = "the file of pages is damaged"
PYTHON_BYTES = 1_500  # what a page costs in memory without an answer, measured with tracemalloc


class KeptText(msgspec.Struct, array_like=True, gc=False):
    """A text that is elsewhere: `at` is where its slots begin, after which it stands twice, compressed; `cases` are the bits of
    `slots.main_cases`.
    """

    digest: str
    cases: int
    at: int
    slots: int
    gzip: int
    brotli: int


class Kept(msgspec.Struct, array_like=True, gc=False):
    """The facts of a page that stands elsewhere; `keys` as the header that names them."""

    address: str
    kind: str
    keys: bytes
    good_until: datetime | None
    asked: Asked | None
    closed: KeptText
    whole: KeptText | None


class Source(Protocol):
    """Where texts stand."""

    def read(self, at: int, length: int) -> bytes: ...


@dataclass(slots=True)
class Standing:
    """A page at hand, and the answers made from it so far. `news` is how much had been heard when it was last found good."""

    kept: Kept
    news: int
    size: int
    source: Source
    begins: int
    ready: dict[object, Ready] = field(default_factory=dict)

    def printed(self, text: KeptText, coding: str) -> bytes:
        """Promise: the text as it was printed, in that coding ("br", "gzip" or ""). Errors: NotPrinted for a damaged file."""
        gzip = text.at + text.slots
        if coding == "br":
            return self._read(gzip + text.gzip, text.brotli)
        found = self._read(gzip, text.gzip)
        try:
            return found if coding == "gzip" else opened(found)
        except zlib.error as error:
            raise NotPrinted(DAMAGED) from error

    def text(self, text: KeptText) -> Text:
        """Promise: the text with its slots. Errors: NotPrinted for a damaged file."""
        try:
            slots = _SLOTS.decode(self._read(text.at, text.slots))
        except msgspec.MsgspecError as error:
            raise NotPrinted(DAMAGED) from error
        return Text(text.digest, slots, self.printed(text, "gzip"), self.printed(text, "br"))

    def _read(self, at: int, length: int) -> bytes:
        found = self.source.read(self.begins + at, length)
        if len(found) != length:
            raise NotPrinted(DAMAGED)
        return found


class InMemory(bytes):
    """Texts that are in no file."""

    def read(self, at: int, length: int) -> bytes:
        return self[at : at + length]


def passing(page: PrintedPage, news: int) -> Standing:
    """Promise: the page for those who ask for it now; nothing of it is in the file."""
    return in_memory(*apart(page), news)


def in_memory(kept: Kept, texts: bytes, news: int) -> Standing:
    return Standing(kept, news, len(texts) + PYTHON_BYTES, InMemory(texts), 0)


def apart(page: PrintedPage) -> tuple[Kept, bytes]:
    """Promise: the facts of a page, and the texts that follow them."""
    is_article = page.asked is not None
    closed, texts = _text_apart(page.closed, 0, allowed=False if is_article else None)
    whole = None
    if page.whole is not None:
        whole, of_whole = _text_apart(page.whole, len(texts), allowed=True)
        texts += of_whole
    keys = " ".join(page.keys).encode()
    return Kept(page.address, page.kind, keys, page.good_until, page.asked, closed, whole), texts


def _text_apart(text: Text, at: int, *, allowed: bool | None) -> tuple[KeptText, bytes]:
    slots = ENCODER.encode(text.slots)
    cases = main_cases(text, allowed=allowed)
    kept = KeptText(text.digest, cases, at, len(slots), len(text.gzip), len(text.brotli))
    return kept, b"".join((slots, text.gzip, text.brotli))


_SLOTS = decoder(tuple[Slot, ...])
