"""Load from a process of its own: wrk where it is installed, else `generator.py`, which asks the same."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random

from door.asking import BROWSER

CONNECTIONS = 32
HERE = Path(__file__).parent
DRAWN = 400_000


@dataclass(frozen=True, slots=True)
class Asks:
    """What is asked: addresses, in this order of their numbers, and for each request the next of the sets of headers."""

    addresses: Sequence[str]
    heads: Sequence[Mapping[str, str]]
    order: Sequence[int] = (0,)

    def write(self, folder: Path) -> None:
        (folder / "addresses").write_text("\n".join(self.addresses))
        (folder / "order").write_text("\n".join(map(str, self.order)))
        heads = (
            "".join(f"{n}: {v}\r\n" for n, v in {**BROWSER, **head}.items()) + "\r\n" for head in self.heads
        )
        (folder / "heads").write_bytes("\0".join(heads).encode("latin-1"))


@dataclass(frozen=True, slots=True)
class Load:
    """What the generator saw. `p50`, `p99` and `worst` are milliseconds."""

    requests: int
    errors: int
    seconds: float
    p50: float
    p99: float
    worst: float


def has_wrk() -> bool:
    return shutil.which("wrk") is not None


def put(port: int, asks: Asks, seconds: float, *, pause: int = 0, to_the_last: bool = False) -> Load:
    """Promise: `seconds` of load over 32 connections, with a pause of so many milliseconds on average between two requests of one.

    `to_the_last`: the requests under way at the end are waited for, which wrk does not; for servers so slow that these count.
    """
    with tempfile.TemporaryDirectory(prefix="bench-pages-") as folder:
        asks.write(Path(folder))
        if has_wrk() and not to_the_last:
            return _said(_wrk(port, folder, seconds, pause))
        return _said(_own(port, folder, "--seconds", str(seconds), "--pause", str(pause)))


def put_once(port: int, asks: Asks) -> Load:
    """Promise: everything was asked for once, in that order."""
    with tempfile.TemporaryDirectory(prefix="bench-pages-") as folder:
        asks.write(Path(folder))
        return _said(_own(port, folder, "--once"))


def _wrk(port: int, folder: str, seconds: float, pause: int) -> list[str]:
    timing = ["-t1", f"-c{CONNECTIONS}", f"-d{max(round(seconds), 1)}s", "--timeout", "20s"]
    return ["wrk", *timing, "-s", str(HERE / "wrk.lua"), f"http://127.0.0.1:{port}", "--", folder, str(pause)]


def _own(port: int, folder: str, *more: str) -> list[str]:
    return [sys.executable, str(HERE / "generator.py"), str(port), folder, str(CONNECTIONS), *more]


def _said(command: list[str]) -> Load:
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    line = next(li for li in done.stdout.splitlines() if li.startswith("MEASURE "))
    return Load(**json.loads(line.removeprefix("MEASURE ")))


def zipf(many: int, draw: int = 0) -> list[int]:
    """Promise: numbers below `many`, drawn with a weight of 1 by rank; the same ones for the same `draw`. The ranks never change, and
    neighbours have unlike ones.
    """
    by_rank = list(range(many))
    Random(1_949).shuffle(by_rank)
    weights = list(accumulate(1 / rank for rank in range(1, many + 1)))
    return Random(draw).choices(by_rank, cum_weights=weights, k=DRAWN)


def uniform(many: int, draw: int = 0) -> list[int]:
    return Random(draw).choices(range(many), k=DRAWN)
