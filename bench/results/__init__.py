"""The benchmarks' page, docs/benchmarks.md: each benchmark writes the part between its own two markers."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmarks.md"


def machine(*packages: str) -> str:
    """Promise: cores, system, load now, Python, and the versions of `packages`, in one line."""
    names = ", ".join(f"{name} {version(name)}" for name in packages)
    load = f"load {os.getloadavg()[0]:.1f}"
    where = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, {load}"
    return f"{where}, Python {platform.python_version()}, {names}"


def write(mark: str, section: str) -> None:
    """Promise: `section` stands between the markers of `mark`; they are added at the end when they are not there."""
    begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else "# Benchmarks\n"
    if begin not in text:
        text = f"{text.rstrip()}\n\n{begin}\n{end}\n"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    PAGE.write_text(f"{before}{begin}\n{section}{end}{after}", encoding="utf-8")
