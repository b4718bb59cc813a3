"""Measures as Markdown: tables, verdicts on targets, the machine, and their place in docs/benchmarks.md."""

import os
import platform
import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

from psycopg import connect
from psycopg.conninfo import make_conninfo

from door.site import ROOT, VAR, start_postgresql

PAGE = ROOT / "docs" / "benchmarks.md"
RESULTS = VAR / "results"
BEGIN, END = "<!-- pages -->", "<!-- /pages -->"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target: what was measured may be at most `limit`; with `at_least`, must be no less."""

    what: str
    measured: float
    limit: float
    unit: str = ""
    at_least: bool = False

    def row(self) -> list[str]:
        sign = "at least" if self.at_least else "at most"
        return [
            self.what,
            f"{sign} {self.limit:,.10g}{self.unit}",
            f"{self.measured:,.3g}{self.unit}" if self.measured < 100 else f"{self.measured:,.0f}{self.unit}",
            self._word(),
        ]

    def _word(self) -> str:
        beyond = self.measured / self.limit - 1
        if (beyond >= 0) if self.at_least else (beyond <= 0):
            return "met"
        return f"**missed** by {abs(beyond):.0%}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def verdicts(all_of: Sequence[Verdict]) -> str:
    return table(["target", "", "measured", ""], [one.row() for one in all_of])


def middle(values: Sequence[float], shown: str = ".4f") -> str:
    """The median, and from the lowest to the highest."""
    return f"{median(values):{shown}} ({min(values):{shown}} to {max(values):{shown}})"


@dataclass(frozen=True, slots=True)
class Moment:
    """How busy the machine is, and how much of its processors' time had gone to other machines on the same host (proc_stat(5))."""

    load: str
    stolen: int
    elapsed: int


def moment() -> Moment:
    ticks = [int(one) for one in Path("/proc/stat").read_text().partition("\n")[0].split()[1:9]]
    return Moment(" ".join(f"{one:.1f}" for one in os.getloadavg()), ticks[7], sum(ticks))


def stamp(before: Moment, command: str) -> str:
    after, when = moment(), f"{datetime.now(UTC):%-d %B %Y %H:%M} UTC"
    stolen = (after.stolen - before.stolen) / max(after.elapsed - before.elapsed, 1)
    return (
        f"{when}; load of the machine {before.load} before, {after.load} after; {stolen:.1%} of its processors' time went to "
        f"other machines on the host; `{command}`."
    )


def keep(part: str, text: str) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{part}.md").write_text(text, encoding="utf-8")


def publish(parts: Sequence[str]) -> None:
    """Replaces what stands between the markers by all that was measured so far; adds them when they are not there."""
    kept = [path.read_text(encoding="utf-8") for part in parts if (path := RESULTS / f"{part}.md").exists()]
    section = "\n\n".join([f"## The door\n\n{introduction()}", *kept])
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else "# Benchmarks\n"
    if BEGIN not in text:
        text = f"{text.rstrip()}\n\n{BEGIN}\n{END}\n"
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{section}\n{END}{after}", encoding="utf-8")


def introduction() -> str:
    return f"""Made-up articles whose whole page has about 25,000 bytes of HTML, in an embedded database on the same machine, the site
set up as in production, every setting that may be left out at its default. Load comes over 32 connections that stay open, from
{_generator()} in a process of its own. Processor time is that of the server's processes, all threads, user and system, as the
kernel counts it; the load generator's and the database's are not in it. What a target asks of us is judged beside it.

{machine()}."""


def machine() -> str:
    names = ("granian", "Django", "wagtail", "psycopg", "brotli")
    programs = ", ".join([*(f"{name} {version(name)}" for name in names), *_programs()])
    where = f"{os.cpu_count()} cores ({_processor()}), {_memory():.0f} GB, {platform.system()} {platform.release()}"
    return f"{where}; Python {platform.python_version()}, {programs}; commit {_commit()}"


def _generator() -> str:
    return _said(["wrk", "-v"], r"wrk \S+") or "`bench/door/generator.py`"


def _programs() -> list[str]:
    with connect(make_conninfo(**start_postgresql(), dbname="postgres")) as connection:
        number = connection.info.server_version
    postgresql = f"PostgreSQL {number // 10_000}.{number % 10_000}"
    return [postgresql, _said(["/usr/sbin/nginx", "-v"], r"nginx/\S+").replace("/", " ") or "no nginx"]


def _said(command: list[str], pattern: str) -> str:
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError:
        return ""
    found = re.search(pattern, done.stdout)
    return found.group() if found else ""


def _processor() -> str:
    found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.machine()


def _memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def _commit() -> str:
    said = _said(["git", "-C", str(ROOT), "describe", "--always", "--dirty"], r"[0-9a-f]{7,}\S*")
    return said or "unknown"
