"""Runs the rows against one address: sows, asks, and clears away whatever happens."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils import timezone

from backnumber.prove import clearing
from backnumber.prove.asking import Door, door
from backnumber.prove.fixtures import plant
from backnumber.prove.row import Findings, Row, Site, Verdict
from backnumber.prove.rows import ALL


@dataclass(frozen=True, slots=True)
class Result:
    """What one row found at one address."""

    row: Row
    findings: Findings
    seconds: float

    @property
    def verdict(self) -> Verdict:
        return self.findings.verdict if self.row.check else Verdict.ELSEWHERE

    @property
    def is_good(self) -> bool:
        return self.verdict in (Verdict.HOLDS, Verdict.ELSEWHERE)


Tell = Callable[[Row], None]


def prove(address: str, site: str, rows: Sequence[Row] = ALL, tell: Tell = lambda _row: None) -> list[Result]:
    """Promise: a result for each row; nothing that was planted is left. `site` is the public address of what is asked at `address`.

    Errors: ValueError for what is no address, OSError when nobody answers there; then nothing was planted.
    """
    at = door(address, site)
    at.our_address()
    with _planted(at) as ready:
        return [_asked(one, ready, tell) for one in rows]


@contextmanager
def _planted(at: Door) -> Iterator[Site]:
    tested = plant(timezone.now())
    try:
        yield Site(at, tested)
    finally:
        time.sleep(clearing.WRITTEN_WITHIN)
        clearing.clear(tested.mark)


def _asked(row: Row, site: Site, tell: Tell) -> Result:
    findings, began = Findings(), time.monotonic()
    if row.check:
        tell(row)
        try:
            row.check(site, findings)
        except OSError as error:
            findings.control(False, f"could not be asked to the end: {error}")
    return Result(row, findings, time.monotonic() - began)
