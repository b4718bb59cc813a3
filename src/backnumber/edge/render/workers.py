"""Processes that work off one batch after another. They end with the one that made them, however that one ends.

It must not know Django: a new process comes here before Django is ready.
"""

import signal
from collections.abc import Iterator
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any

import django


class WorkerLost(RuntimeError):
    """A process died at its work."""


class Workers:
    """`job` is "module:function"; the function is given one end of a pipe, and reads batches until the other end is shut."""

    def __init__(self, many: int, job: str) -> None:
        context = get_context("spawn")
        self._orders: list[Connection] = []
        for _ in range(many):
            ours, theirs = context.Pipe()
            context.Process(target=begin, args=(job, theirs), daemon=True).start()
            theirs.close()
            self._orders.append(ours)

    def __enter__(self) -> "Workers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for orders in self._orders:
            orders.close()

    def share_out(self, batches: Iterator[Any]) -> Iterator[Any]:
        """Promise: what came of each batch, in the order in which they are done. Errors: WorkerLost."""
        idle, busy = list(self._orders), 0
        for batch in batches:
            if not idle:
                for one, result in self._ready():
                    idle.append(one)
                    busy -= 1
                    yield result
            idle.pop().send(batch)
            busy += 1
        while busy:
            for _, result in self._ready():
                busy -= 1
                yield result

    def _ready(self) -> list[tuple[Connection, Any]]:
        try:
            return [(one, one.recv()) for one in wait(self._orders) if isinstance(one, Connection)]
        except EOFError as error:
            raise WorkerLost(
                "a process that was rendering  has ended; run the command again to go on"
            ) from error


def begin(job: str, orders: Connection) -> None:
    """The first thing a new process does. A Ctrl-C is for the one that made it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    django.setup()
    module, _, name = job.partition(":")
    try:
        getattr(import_module(module), name)(orders)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
