"""Stored pages in a file of this process, which has no name: it ends with the process, and nothing can be left over in it.

A page lies there as it was stored. Its facts stand first, as short as can be, for they are read each time; the texts follow,
and are read when they are sent.
"""

import ctypes
import logging
import os
import struct
import tempfile
from pathlib import Path

import msgspec

from backnumber.edge.door.cached_page import PYTHON_BYTES, CachedPage, in_memory
from backnumber.edge.page.stored import StoredPage, facts_in

log = logging.getLogger(__name__)
_HEARD = struct.Struct(
    ">Q"
)  # stands before each page: how many notifications had been heard when it was put there
_LONGEST_FACTS = 1 << 20
_MOST_AT_ONCE = 1 << 18
# os.pread lets Python's lock go, for a read that takes two microseconds, and has to get it back from threads that are glad of it.
_pread = ctypes.PyDLL(None).pread
_pread.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int64]
_pread.restype = ctypes.c_ssize_t


class PageFile:
    """When the file is full a new one is begun; the old one lasts as long as a page of it is used."""

    def __init__(self, folder: Path | None, most_bytes: int) -> None:
        self._folder = folder
        self._most = most_bytes
        self._file = _File(folder)
        self._end = 0
        self._positions: dict[int, int] = {}

    def empty(self) -> None:
        """Promise: nothing is found any more. Where no new file can be had, nothing is kept until one can."""
        self._positions.clear()
        try:
            self._file, self._end = _File(self._folder), 0
        except OSError:
            log.exception("pages cannot be kept in a file")
            self._end = self._most

    def put(self, page: StoredPage, heard: int) -> CachedPage:
        """Promise: the page, in the file if there is room: else it is in memory, and has to be fetched again once it has gone."""
        record = _HEARD.pack(heard) + page.content
        if self._end + len(record) > self._most:
            self.empty()
        if not self._has_room(page, record) or not self._written(record):
            return in_memory(page, heard)
        at = self._end
        begins = _HEARD.size + page.begins
        self._positions[hash(page.facts.address)] = at * _LONGEST_FACTS + begins
        self._end += len(record)
        return CachedPage(page.facts, heard, PYTHON_BYTES, self._file, at + begins)

    def get(self, address: str) -> CachedPage | None:
        """Promise: the page of that address, as it was put; its texts stay in the file."""
        position = self._positions.get(hash(address))
        if position is None:
            return None
        at, length = divmod(position, _LONGEST_FACTS)
        head = self._file.read(at, length)
        try:
            (heard,) = _HEARD.unpack_from(head)
            facts = facts_in(memoryview(head)[_HEARD.size :])
        except (struct.error, msgspec.MsgspecError):
            log.error("the file of pages is damaged at byte %d", at)
            return None
        if facts.address != address:
            return None
        return CachedPage(facts, heard, PYTHON_BYTES, self._file, at + length)

    def forget(self, address: str) -> None:
        self._positions.pop(hash(address), None)

    def _has_room(self, page: StoredPage, record: bytes) -> bool:
        return self._end + len(record) <= self._most and page.begins < _LONGEST_FACTS - _HEARD.size

    def _written(self, record: bytes) -> bool:
        """Not on a full disk."""
        try:
            return os.pwrite(self._file.number, record, self._end) == len(record)
        except OSError:
            return False


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
