"""A cache whose keys strangers choose: bounded by the bytes it holds, never by their number alone. Pure."""

from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")
ENTRY_BYTES = 600  # of Python's own, for the dictionary's row and a small value
LARGEST_PART = 64  # one entry may take this part of the whole; a longer one is worked out anew each time


class BoundedCache(dict[K, V]):
    """A dictionary that forgets everything before it holds more than `most_bytes`."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__()
        self.most_bytes = most_bytes
        self.held_bytes = 0

    def remember(self, key: K, value: V, size: int) -> V:
        """Promise: the value; it is kept unless it is too large. `size` is the bytes of the key and of what the value holds."""
        size += ENTRY_BYTES
        if size > self.most_bytes // LARGEST_PART:
            return value
        if self.held_bytes + size > self.most_bytes:
            self.clear()
            self.held_bytes = 0
        self[key] = value
        self.held_bytes += size
        return value
