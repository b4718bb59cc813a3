"""Printed pages at hand: all in a file of this process, the answers made from those asked for most in memory, all bounded.

A page that shows something that has changed since it was fetched is never given out. The file has no name: it ends with the
process, and nothing can be left over in it.
"""

import os
import struct
import tempfile
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from backnumber.front.ready import Ready
from backnumber.pages.printed import NotPrinted, PrintedPage, head_length, read_head, unpacked

MOST_NAMED = 20_000  # things changed that are remembered one by one; with more, everything is fetched anew
PYTHON_BYTES = 3_000  # what a page costs beside its texts, measured with tracemalloc
_NEWS = struct.Struct(">Q")  # before each page: the news it was fetched at
_LONGEST_HEAD = 1 << 20


@dataclass(slots=True)
class Standing:
    """A page on the shelf, and the answers made from it so far. `news` is how much had been heard when it was last found good."""

    page: PrintedPage
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
        if not self._still_good(page, news):
            return Standing(page, news, len(content) + PYTHON_BYTES)
        self._drop_from_memory(address)
        if self._spool.put(address, content, news) and (standing := self._from_file(address)) is not None:
            return standing
        standing = Standing(page, news, len(content) + PYTHON_BYTES)
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
        if news < self._all_changed:
            return False
        changed = self._changed
        return all(changed.get(key, 0) <= news for key in page.keys)

    def _from_file(self, address: str) -> Standing | None:
        found = self._spool.get(address)
        if found is None:
            return None
        news, page, size = found
        if page.address != address or not self._still_good(page, news):
            self._spool.forget(address)
            return None
        standing = Standing(page, news, size + PYTHON_BYTES)
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
        self.empty()

    def empty(self) -> None:
        self._file = _File(self._folder)
        self._end = 0
        self._places: dict[int, int] = {}

    def put(self, address: str, content: bytes, news: int) -> bool:
        """Promise: whether it is in the file now. On a full disk it is not: it is fetched again when it is asked for again."""
        length, head = _NEWS.size + len(content), head_length(content)
        if self._end + length > self._most:
            self.empty()
        try:
            written = os.pwrite(self._file.number, _NEWS.pack(news) + content, self._end)
        except OSError:
            return False
        if written != length or head >= _LONGEST_HEAD:
            return False
        self._places[hash(address)] = self._end * _LONGEST_HEAD + head
        self._end += length
        return True

    def get(self, address: str) -> tuple[int, PrintedPage, int] | None:
        """Promise: the news it was fetched at, the page, whose texts stay in the file, and what it takes in memory."""
        place = self._places.get(hash(address))
        if place is None:
            return None
        at, length = divmod(place, _LONGEST_HEAD)
        head = os.pread(self._file.number, _NEWS.size + length, at)
        page = read_head(head[_NEWS.size :], _reader(self._file, at + _NEWS.size))
        return int(_NEWS.unpack_from(head)[0]), page, length

    def forget(self, address: str) -> None:
        self._places.pop(hash(address), None)


class _File:
    """It is closed, and so gone, when nobody has it any more."""

    def __init__(self, folder: Path | None) -> None:
        self.number, path = tempfile.mkstemp(prefix="backnumber-pages-", dir=folder)
        os.unlink(path)

    def __del__(self) -> None:
        os.close(self.number)


def _reader(file: _File, begins: int) -> Callable[[int, int], bytes]:
    """Errors: NotPrinted when the file does not give back what was written."""

    def read(at: int, length: int) -> bytes:
        found = os.pread(file.number, length, begins + at)
        if len(found) != length:
            raise NotPrinted("the file of pages is damaged")
        return found

    return read
