"""Runs what has a loop of its own, whatever else the process has done: a browser that a test has opened leaves its loop
running in the main thread until the last test, and a second one may not run there.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run(story: Coroutine[Any, Any, T]) -> T:
    """Promise: what the coroutine returns. Errors: its own."""
    return apart(lambda: asyncio.run(story))


def apart(work: Callable[[], T]) -> T:
    """Promise: what it returns, from a thread of its own. Errors: its own."""
    with ThreadPoolExecutor(1) as other:
        return other.submit(work).result()
