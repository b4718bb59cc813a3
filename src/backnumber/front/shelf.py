"""Printed pages at hand: all in a file of this process, the answers made from those asked for most in memory, all bounded.

A page that shows something that has changed since it was fetched is never given out. The file has no name: it ends with the
process, and nothing can be left over in it.
"""

import ctypes
import logging
import marshal
import os
import struct
import tempfile
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from backnumber.front.ready import Ready
from backnumber.pages.printed import NotPrinted, PrintedPage, head_length, read_head, unpacked
from backnumber.pages.slots import main_cases

log = logging.getLogger(__name__)
MOST_NAMED = 20_000  # things changed that are remembered one by one; with more, everything is fetched anew
PYTHON_BYTES = 3_000  # what a page costs beside its texts, measured with tracemalloc
# Before each page in the file: the news it was fetched at, and the length of what is known of it.
_BEFORE = struct.Struct(">QI")
_LONGEST_HEAD = 1 << 20
_MOST_AT_ONCE = 1 << 18
# os.pread lets Python's lock go, for a read that takes two microseconds, and has to get it back from threads that are glad of it.
_pread = ctypes.PyDLL(None).pread
_pread.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int64]
_pread.restype = ctypes.c_ssize_t


class Known(NamedTuple):
    """What is worked out of a page once, when it comes: the cases in which each text is sent as printed, and its keys as a header."""

    closed: frozenset[str]
    whole: frozenset[str]
    keys: bytes


def known_of(page: PrintedPage) -> Known:
    is_article = page.asked is not None
    return Known(
        frozenset(main_cases(page.closed, allowed=False if is_article else None)),
        frozenset(main_cases(page.whole, allowed=True) if page.whole else ()),
        " ".join(page.keys).encode(),
    )


@dataclass(slots=True)
class Standing:
    """A page on the shelf, and the answers made from it so far. `news` is how much had been heard when it was last found good."""

    page: PrintedPage
    known: Known
    news: int
    size: int
    ready: dict[object, Ready] = field(default_factory=dict)


class Shelf:
    """`most_bytes` bounds what is in memory, `most_file_bytes` the file."""

    def __init__(self, most_bytes: int, folder: Path | None = None, most_file_bytes: int = 4 << 30) -> None:
        self.news = 0
        self.most_bytes = most_bytes
        self.size = 0
        self._pages: OrderedDict[str, Standing] = OrderedDict()
        self._changed: dict[str, int] = {}
        self._all_changed = 0
        self._spool = Spool(folder, most_file_bytes)

    def get(self, address: str, now: datetime) -> Standing | None:
        """Promise: the page at that address if it is at hand and nothing that it shows has changed; None otherwise."""
        standing = self._pages.get(address)
        if standing is None:
            standing = self._from_file(address)
            if standing is None:
                return None
        elif standing.news != self.news and not self._still_good(standing.page, standing.news):
            self.forget(address)
            return None
        page = standing.page
        if page.good_until is not None and now >= page.good_until:
            self.forget(address)
            return None
        standing.news = self.news
        self._pages.move_to_end(address)
        return standing

    def put(self, address: str, content: bytes, news: int) -> Standing:
        """Promise: the page, kept for the next who asks unless something it shows changed after `news`.

        Errors: pages.printed.NotPrinted.
        """
        page = unpacked(content)
        known = known_of(page)
        standing = Standing(page, known, news, len(content) + PYTHON_BYTES)
        if not self._still_good(page, news):
            return standing
        self._drop_from_memory(address)
        if self._spool.put(address, content, known, news) and (kept := self._from_file(address)) is not None:
            return kept
        self._keep(address, standing)
        return standing

    def hear(self, keys: list[str]) -> None:
        """Promise: no page that shows one of these is given out again; "*" is everything."""
        self.news += 1
        if "*" in keys or len(self._changed) + len(keys) > MOST_NAMED:
            self._all_changed = self.news
            self._changed.clear()
            self._pages.clear()
            self._spool.empty()
            self.size = 0
            return
        for key in keys:
            self._changed[key] = self.news

    def grown(self, standing: Standing, by: int) -> None:
        """The answers made from a page count too."""
        standing.size += by
        self.size += by
        self._shrink()

    def _still_good(self, page: PrintedPage, news: int) -> bool:
        if news == self.news:
            return True
        if news < self._all_changed:
            return False
        changed = self._changed
        return all(changed.get(key, 0) <= news for key in page.keys)

    def _from_file(self, address: str) -> Standing | None:
        found = self._spool.get(address)
        if found is None:
            return None
        news, known, page, size = found
        if page.address != address or not self._still_good(page, news):
            self._spool.forget(address)
            return None
        standing = Standing(page, known, news, size + PYTHON_BYTES)
        self._keep(address, standing)
        return standing

    def _keep(self, address: str, standing: Standing) -> None:
        self._drop_from_memory(address)
        self._pages[address] = standing
        self.size += standing.size
        self._shrink()

    def _shrink(self) -> None:
        while self.size > self.most_bytes and len(self._pages) > 1:
            self.size -= self._pages.popitem(last=False)[1].size

    def _drop_from_memory(self, address: str) -> None:
        standing = self._pages.pop(address, None)
        if standing is not None:
            self.size -= standing.size

    def forget(self, address: str) -> None:
        self._drop_from_memory(address)
        self._spool.forget(address)


class Spool:
    """Pages in a file without a name. When it is full a new one is begun; the old one lasts as long as a page of it is at hand."""

    def __init__(self, folder: Path | None, most_bytes: int) -> None:
        self._folder = folder
        self._most = most_bytes
        self._file = _File(folder)
        self._end = 0
        self._places: dict[int, int] = {}

    def empty(self) -> None:
        """Promise: nothing is found any more. Where no new file can be had, nothing is kept until one can."""
        self._places.clear()
        try:
            self._file, self._end = _File(self._folder), 0
        except OSError:
            log.exception("pages cannot be kept in a file")
            self._end = self._most

    def put(self, address: str, content: bytes, known: Known, news: int) -> bool:
        """Promise: whether it is in the file now. On a full disk it is not: it is fetched again when it is asked for again."""
        told = marshal.dumps(tuple(known))
        record = b"".join((_BEFORE.pack(news, len(told)), told, content))
        head = len(record) - len(content) + head_length(content)
        if self._end + len(record) > self._most:
            self.empty()
        if self._end + len(record) > self._most or head >= _LONGEST_HEAD:
            return False
        try:
            written = os.pwrite(self._file.number, record, self._end)
        except OSError:
            return False
        if written != len(record):
            return False
        self._places[hash(address)] = self._end * _LONGEST_HEAD + head
        self._end += len(record)
        return True

    def get(self, address: str) -> tuple[int, Known, PrintedPage, int] | None:
        """Promise: the news it was fetched at, what is known of it, the page, whose texts stay in the file, and what it takes in
        memory.
        """
        place = self._places.get(hash(address))
        if place is None:
            return None
        at, length = divmod(place, _LONGEST_HEAD)
        head = self._file.read(at, length)
        if len(head) != length:
            log.error("the file of pages is damaged at byte %d", at)
            return None
        news, told = _BEFORE.unpack_from(head)
        begins = _BEFORE.size + told
        known = Known._make(marshal.loads(head[_BEFORE.size : begins]))  # noqa: S302  (our own, in a file nobody else can open)
        return news, known, read_head(head[begins:], _reader(self._file, at + begins)), length

    def forget(self, address: str) -> None:
        self._places.pop(hash(address), None)


class _File:
    """It is closed, and so gone, when nobody has it any more."""

    def __init__(self, folder: Path | None) -> None:
        self.number = -1
        self.number, path = tempfile.mkstemp(prefix="backnumber-pages-", dir=folder)
        os.unlink(path)
        self._buffer = ctypes.create_string_buffer(_MOST_AT_ONCE)
        self._view = memoryview(self._buffer).cast("B")

    def read(self, at: int, length: int) -> bytes:
        """Promise: what is there, as much as there is; for one thread at a time."""
        if length > _MOST_AT_ONCE:
            return os.pread(self.number, length, at)
        return bytes(self._view[: max(_pread(self.number, self._buffer, length, at), 0)])

    def __del__(self) -> None:
        if self.number >= 0:
            os.close(self.number)


def _reader(file: _File, begins: int) -> Callable[[int, int], bytes]:
    """Errors: NotPrinted when the file does not give back what was written."""

    def read(at: int, length: int) -> bytes:
        found = file.read(begins + at, length)
        if len(found) != length:
            raise NotPrinted("the file of pages is damaged")
        return found

    return read
