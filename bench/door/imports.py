"""Where a cold start goes: what is imported, by the package it belongs to."""

import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass

from door.site import BenchSite
from door.tables import table

MOST = 12
_LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s*(\S+)")
PROCESSES = {
    "the process that `backnumber serve` starts": "import backnumber.cli.serving",
    "the process that answers, until its first page": "import backnumber.cli.serving, backnumber.asgi as a; a.application",
    "the same with Django, which is loaded beside it": (
        "import backnumber.cli.serving, backnumber.asgi as a, django; a.application; django.setup(); import backnumber.website.serving"
    ),
}


@dataclass(frozen=True, slots=True)
class Imports:
    """Milliseconds of each package's own modules, all of them together, and processor time of the process without the profile."""

    packages: Counter[str]
    modules: int
    process: float

    @property
    def all(self) -> float:
        return sum(self.packages.values())


def profile(site: BenchSite) -> str:
    found = {what: _of(code, site) for what, code in PROCESSES.items()}
    rows = [_row(what, one) for what, one in found.items()]
    _, answering = found.popitem()
    packages = [[name, f"{ms:.0f}"] for name, ms in answering.packages.most_common(MOST)]
    return f"""What a start imports (`python -X importtime`, which itself takes time; own time of modules, added up by package):

{table(["", "modules", "imports, ms", "processor time of the whole process without the profile, ms"], rows)}

{table(["package, in the process that answers, with Django", "ms"], packages)}"""


def _of(code: str, site: BenchSite) -> Imports:
    before = os.times()
    subprocess.run([sys.executable, "-c", code], env=site.environment, check=True, capture_output=True)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code],
        env=site.environment,
        check=True,
        capture_output=True,
        text=True,
    )
    packages: Counter[str] = Counter()
    lines = _LINE.findall(done.stderr)
    for own, name in lines:
        packages[name.partition(".")[0]] += int(own) / 1000  # type: ignore[assignment]
    return Imports(packages, len(lines), used * 1000)


def _row(what: str, one: Imports) -> list[str]:
    return [what, f"{one.modules:,}", f"{one.all:.0f}", f"{one.process:.0f}"]
