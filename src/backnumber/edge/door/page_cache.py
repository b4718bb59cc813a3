"""The pages that this process has: all in a file of its own, those asked for most with their responses in memory, all bounded.

A page that shows something that has changed since it was fetched is never given out.
"""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from backnumber.edge.door.cached_page import CachedPage, in_memory
from backnumber.edge.door.page_file import PageFile
from backnumber.edge.page.stored import read

MOST_NAMED = 20_000  # things changed that are remembered one by one; with more, everything is fetched anew
FEWEST_REMEMBERED = 64
A_PART_LEFT = 16  # of the memory, the last, is for pages that are asked for again


class PageCache:
    """`most_bytes` bounds what is in memory, `most_file_bytes` the file."""

    def __init__(self, most_bytes: int, folder: Path | None = None, most_file_bytes: int = 4 << 30) -> None:
        self.heard = 0
        self.most_bytes = most_bytes
        self.size = 0
        self._pages: OrderedDict[str, CachedPage] = OrderedDict()
        self._lately = Lately()
        self._changed: dict[str, int] = {}
        self._all_changed = 0
        self._file = PageFile(folder, most_file_bytes)

    def get(self, address: str, now: datetime) -> CachedPage | None:
        """Promise: the page of that address if this process has it and nothing that it shows has changed; None otherwise."""
        remembered = self._pages.get(address)
        page = remembered or self._file.get(address)
        if page is None:
            return None
        good_until = page.facts.good_until
        if not self._still_good(page) or (good_until is not None and now >= good_until):
            self.forget(address)
            return None
        if remembered is None:
            self._keep(page)
        else:
            self._pages.move_to_end(address)
        return page

    def put(self, address: str, content: bytes, heard: int) -> CachedPage:
        """Promise: the page, kept for the next who asks unless something it shows changed after `heard` notifications.

        Errors: UnreadablePage.
        """
        stored = read(content)
        if not self._unchanged(stored.keys, heard):
            return in_memory(stored, heard)
        page = self._file.put(stored, heard)
        self._drop_from_memory(address)
        self._keep(page)
        return page

    def hear(self, keys: list[str]) -> None:
        """Promise: no page that shows one of these is given out again; "*" is everything."""
        self.heard += 1
        if "*" in keys or len(self._changed) + len(keys) > MOST_NAMED:
            self._all_changed = self.heard
            self._changed.clear()
            self._pages.clear()
            self._file.empty()
            self.size = 0
            return
        for key in keys:
            self._changed[key] = self.heard

    def grown(self, page: CachedPage, by: int) -> None:
        """The responses made from a page count too, where it is in memory."""
        page.size += by
        if self._pages.get(page.facts.address) is page:
            self.size += by
            self._shrink()

    def forget(self, address: str) -> None:
        self._drop_from_memory(address)
        self._file.forget(address)

    def _still_good(self, page: CachedPage) -> bool:
        """Whether nothing that it shows has changed since; then it is as good as of now."""
        if page.heard == self.heard:
            return True
        if not self._unchanged(page.facts.keys.decode().split(" "), page.heard):
            return False
        page.heard = self.heard
        return True

    def _unchanged(self, keys: Iterable[str], heard: int) -> bool:
        """Whether none of these has changed since so much had been heard."""
        return heard >= self._all_changed and all(self._changed.get(key, 0) <= heard for key in keys)

    def _keep(self, page: CachedPage) -> None:
        """While there is room for it and its responses; after that what is asked for twice: a page that is asked for once in a
        long while would drive out others that are asked for more.
        """
        address = page.facts.address
        is_full = self.size + page.size > self.most_bytes - self.most_bytes // A_PART_LEFT
        if is_full and not self._lately.saw(address, len(self._pages)):
            return
        self._pages[address] = page
        self.size += page.size
        self._shrink()

    def _shrink(self) -> None:
        while self.size > self.most_bytes and len(self._pages) > 1:
            self.size -= self._pages.popitem(last=False)[1].size

    def _drop_from_memory(self, address: str) -> None:
        page = self._pages.pop(address, None)
        if page is not None:
            self.size -= page.size


class Lately:
    """Which addresses were asked for lately, as their hashes."""

    def __init__(self) -> None:
        self._now: set[int] = set()
        self._before: set[int] = set()

    def saw(self, address: str, most: int) -> bool:
        """Promise: whether it was asked for among the last `most` to twice `most` others; it has been now."""
        name = hash(address)
        if name in self._now or name in self._before:
            return True
        if len(self._now) >= max(most, FEWEST_REMEMBERED):
            self._before, self._now = self._now, set()
        self._now.add(name)
        return False
