"""Prints many pages: finds those that are wanting, and shares them out among processes."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from multiprocessing.connection import Connection

from django.db import connection
from django.utils import timezone

from backnumber.press import queries, service
from backnumber.press.crew import Crew
from backnumber.press.printers import printers

log = logging.getLogger(__name__)
AT_ONCE = 20
LOOKED_UP_AT_ONCE = 1_000

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which pages: of these kinds (none: every kind), below this address; with `anew`, good ones too."""

    kinds: tuple[str, ...] = ()
    below: str = "/"
    anew: bool = False


@dataclass(slots=True)
class Printed:
    """What came of it. `gone` were withdrawn meanwhile; `failed` are in the log."""

    pages: int = 0
    gone: int = 0
    failed: list[str] = field(default_factory=list)

    def add(self, other: "Printed") -> None:
        self.pages += other.pages
        self.gone += other.gone
        self.failed += other.failed


def kinds() -> list[str]:
    return [printer.kind for printer in printers()]


def find(wanted: Wanted, now: datetime) -> tuple[list[str], int]:
    """Promise: the addresses to print, and how many there are in all."""
    found: list[str] = []
    of = 0
    for some in _batches(_addresses(wanted), LOOKED_UP_AT_ONCE):
        good = set() if wanted.anew else queries.good_among(some, now)
        found += [address for address in some if address not in good]
        of += len(some)
    return found, of


def _addresses(wanted: Wanted) -> Iterator[str]:
    for printer in printers():
        if not wanted.kinds or printer.kind in wanted.kinds:
            yield from (address for address in printer.addresses() if address.startswith(wanted.below))


def print_all(addresses: Sequence[str], workers: int, progress: Progress) -> Printed:
    """Promise: every page is in the store but those that failed. Killed and called again for what `find` finds, it goes on.

    Errors: crew.Lost when one of the processes dies.
    """
    done = Printed()
    for some in _prints(addresses, workers):
        done.add(some)
        progress(done.pages + done.gone + len(done.failed), len(addresses))
    return done


def _prints(addresses: Sequence[str], workers: int) -> Iterator[Printed]:
    batches = _batches(addresses, AT_ONCE)
    if workers < 2:
        yield from (print_some(batch, timezone.now()) for batch in batches)
        return
    with Crew(workers, "backnumber.press.printing:work") as crew:
        yield from crew.share_out(batches)


def print_some(addresses: Sequence[str], now: datetime) -> Printed:
    """Promise: each is printed; one that cannot be holds up no other, for then they are printed one by one."""
    with connection.cursor() as cursor:  # a page that a power cut takes away is printed again
        cursor.execute("SET synchronous_commit = off")
    try:
        pages = service.print_pages(addresses, now)
    except Exception as error:
        log.info("%s pages are printed one by one: %s", len(addresses), error)
        return _one_by_one(addresses, now)
    return Printed(pages, len(addresses) - pages)


def _one_by_one(addresses: Sequence[str], now: datetime) -> Printed:
    """Each in a transaction of its own."""
    done = Printed()
    for address in addresses:
        try:
            page = service.print_page(address, now)
        except Exception:
            log.exception("%s cannot be printed", address)
            done.failed.append(address)
        else:
            done.pages += page is not None
            done.gone += page is None
    return done


def work(orders: Connection) -> None:
    """Promise: prints what is ordered until there is nobody to order."""
    while True:
        orders.send(print_some(orders.recv(), timezone.now()))


def _batches(addresses: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(addresses)
    while some := list(islice(rest, size)):
        yield some
