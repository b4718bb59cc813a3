"""Printed pages at hand: the ones asked for most in memory, the others in a file of this process, all of them bounded.

A page that shows something that has changed since it was fetched is never given out. The file is deleted as soon as it is
opened: it ends with the process, and nothing can be left over in it.
"""

import hashlib
import os
import struct
import tempfile
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from backnumber.front.ready import Ready
from backnumber.pages.printed import PrintedPage, unpacked

MOST_NAMED = 20_000  # things changed that are remembered one by one; with more, everything is fetched anew
PYTHON_BYTES = 3_000  # what a page costs beside its texts, measured with tracemalloc
_RECORD = struct.Struct(">QQ")  # the news it was fetched at, the length


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
            self._forget(address)
            return None
        page = standing.page
        if page.good_until is not None and now >= page.good_until:
            self._forget(address)
            return None
        standing.news = self.news
        self._pages.move_to_end(address)
        return standing

    def put(self, address: str, content: bytes, news: int) -> Standing:
        """Promise: the page, kept for the next who asks unless something it shows changed after `news`.

        Errors: pages.printed.NotPrinted.
        """
        page = unpacked(content)
        standing = Standing(page, news, len(content) + PYTHON_BYTES)
        if self._still_good(page, news):
            self._spool.put(address, content, news)
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
        news, content = found
        page = unpacked(content)
        if page.address != address or not self._still_good(page, news):
            self._spool.forget(address)
            return None
        standing = Standing(page, news, len(content) + PYTHON_BYTES)
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

    def _forget(self, address: str) -> None:
        self._drop_from_memory(address)
        self._spool.forget(address)


class Spool:
    """Pages in a file without a name, found by a digest of their address; when it is full it begins anew."""

    def __init__(self, folder: Path | None, most_bytes: int) -> None:
        self._folder = folder
        self._most = most_bytes
        self._places: dict[int, int] = {}
        self._end = 0
        self._file = self._opened()

    def _opened(self) -> int:
        number, path = tempfile.mkstemp(prefix="backnumber-pages-", dir=self._folder)
        os.unlink(path)
        return number

    def put(self, address: str, content: bytes, news: int) -> None:
        record = _RECORD.pack(news, len(content)) + content
        if self._end + len(record) > self._most:
            self.empty()
        try:
            written = os.pwrite(self._file, record, self._end)
        except OSError:  # a full disk: the page is fetched again when it is asked for again
            return
        if written == len(record):
            self._places[_digest(address)] = self._end
            self._end += written

    def get(self, address: str) -> tuple[int, bytes] | None:
        at = self._places.get(_digest(address))
        if at is None:
            return None
        news, length = _RECORD.unpack(os.pread(self._file, _RECORD.size, at))
        return news, os.pread(self._file, length, at + _RECORD.size)

    def forget(self, address: str) -> None:
        self._places.pop(_digest(address), None)

    def empty(self) -> None:
        self._places.clear()
        self._end = 0
        os.ftruncate(self._file, 0)


def _digest(address: str) -> int:
    return int.from_bytes(hashlib.blake2b(address.encode("utf-8", "surrogateescape"), digest_size=8).digest())
