"""Renders many pages: finds those that are missing, and shares them out among processes."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from multiprocessing.connection import Connection

from django.db import connection
from django.utils import timezone

from backnumber.edge.render import queries, service
from backnumber.edge.render.renderers import renderers
from backnumber.edge.render.workers import Workers

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
class Outcome:
    """What came of it. `gone` were withdrawn meanwhile; `failed` are in the log."""

    pages: int = 0
    gone: int = 0
    failed: list[str] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        self.pages += other.pages
        self.gone += other.gone
        self.failed += other.failed


def kinds() -> list[str]:
    return [renderer.kind for renderer in renderers()]


def find(wanted: Wanted, now: datetime) -> tuple[list[str], int]:
    """Promise: the addresses to render, and how many there are in all."""
    found: list[str] = []
    of = 0
    for some in _batches(_addresses(wanted), LOOKED_UP_AT_ONCE):
        good = set() if wanted.anew else queries.good_among(some, now)
        found += [address for address in some if address not in good]
        of += len(some)
    return found, of


def _addresses(wanted: Wanted) -> Iterator[str]:
    for renderer in renderers():
        if not wanted.kinds or renderer.kind in wanted.kinds:
            yield from (address for address in renderer.addresses() if address.startswith(wanted.below))


def render_all(addresses: Sequence[str], workers: int, progress: Progress) -> Outcome:
    """Promise: every page is in the store but those that failed. Killed and called again for what `find` finds, it goes on.

    Errors: workers.WorkerLost when one of the processes dies.
    """
    done = Outcome()
    for some in _outcomes(addresses, workers):
        done.add(some)
        progress(done.pages + done.gone + len(done.failed), len(addresses))
    return done


def _outcomes(addresses: Sequence[str], workers: int) -> Iterator[Outcome]:
    batches = _batches(addresses, AT_ONCE)
    if workers < 2:
        yield from (render_some(batch, timezone.now()) for batch in batches)
        return
    with Workers(workers, "backnumber.edge.render.bulk:work") as processes:
        yield from processes.share_out(batches)


def render_some(addresses: Sequence[str], now: datetime) -> Outcome:
    """Promise: each is rendered; one that cannot be holds up no other, for then they are rendered one by one."""
    with connection.cursor() as cursor:  # a page that a power cut takes away is rendered again
        cursor.execute("SET synchronous_commit = off")
    try:
        pages = service.render_pages(addresses, now)
    except Exception as error:
        log.info("%s pages are rendered one by one: %s", len(addresses), error)
        return _one_by_one(addresses, now)
    return Outcome(pages, len(addresses) - pages)


def _one_by_one(addresses: Sequence[str], now: datetime) -> Outcome:
    """Each in a transaction of its own."""
    done = Outcome()
    for address in addresses:
        try:
            page = service.render_page(address, now)
        except Exception:
            log.exception("%s cannot be rendered", address)
            done.failed.append(address)
        else:
            done.pages += page is not None
            done.gone += page is None
    return done


def work(orders: Connection) -> None:
    """Promise: renders what is ordered until there is nobody to order."""
    while True:
        orders.send(render_some(orders.recv(), timezone.now()))


def _batches(addresses: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(addresses)
    while some := list(islice(rest, size)):
        yield some
