"""Printed pages at hand: all in a file of this process, the answers made from those asked for most in memory, all bounded.

A page that shows something that has changed since it was fetched is never given out.
"""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from backnumber.front.spool import Spool
from backnumber.front.standing import Standing, passing
from backnumber.pages.printed import unpacked

MOST_NAMED = 20_000  # things changed that are remembered one by one; with more, everything is fetched anew
FEWEST_REMEMBERED = 64
A_PART_LEFT = 16  # of the memory, the last, is for pages that are asked for again


class Shelf:
    """`most_bytes` bounds what is in memory, `most_file_bytes` the file."""

    def __init__(self, most_bytes: int, folder: Path | None = None, most_file_bytes: int = 4 << 30) -> None:
        self.news = 0
        self.most_bytes = most_bytes
        self.size = 0
        self._pages: OrderedDict[str, Standing] = OrderedDict()
        self._lately = Lately()
        self._changed: dict[str, int] = {}
        self._all_changed = 0
        self._spool = Spool(folder, most_file_bytes)

    def get(self, address: str, now: datetime) -> Standing | None:
        """Promise: the page at that address if it is at hand and nothing that it shows has changed; None otherwise."""
        in_memory = self._pages.get(address)
        standing = in_memory or self._spool.get(address)
        if standing is None:
            return None
        good_until = standing.kept.good_until
        if not self._still_good(standing) or (good_until is not None and now >= good_until):
            self.forget(address)
            return None
        if in_memory is None:
            self._keep(standing)
        else:
            self._pages.move_to_end(address)
        return standing

    def put(self, address: str, content: bytes, news: int) -> Standing:
        """Promise: the page, kept for the next who asks unless something it shows changed after `news`.

        Errors: pages.printed.NotPrinted.
        """
        page = unpacked(content)
        if not self._unchanged(page.keys, news):
            return passing(page, news)
        standing = self._spool.put(page, news)
        self._drop_from_memory(address)
        self._keep(standing)
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
        """The answers made from a page count too, where it is in memory."""
        standing.size += by
        if self._pages.get(standing.kept.address) is standing:
            self.size += by
            self._shrink()

    def forget(self, address: str) -> None:
        self._drop_from_memory(address)
        self._spool.forget(address)

    def _still_good(self, standing: Standing) -> bool:
        """Whether nothing that it shows has changed since; then it is as good as of now."""
        if standing.news == self.news:
            return True
        if not self._unchanged(standing.kept.keys.decode().split(" "), standing.news):
            return False
        standing.news = self.news
        return True

    def _unchanged(self, keys: Iterable[str], news: int) -> bool:
        """Whether none of these has changed since so much had been heard."""
        return news >= self._all_changed and all(self._changed.get(key, 0) <= news for key in keys)

    def _keep(self, standing: Standing) -> None:
        """While there is room for it and its answers; after that what is asked for twice: a page that is asked for once in a
        long while would drive out others that are asked for more.
        """
        address = standing.kept.address
        is_full = self.size + standing.size > self.most_bytes - self.most_bytes // A_PART_LEFT
        if is_full and not self._lately.saw(address, len(self._pages)):
            return
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
