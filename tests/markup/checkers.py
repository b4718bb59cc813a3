"""The W3C checker and html-validate, over a folder of pages. Install them with `npm ci` in this folder."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.markup.faults import Fault
from tests.states.everywhere import ADMIN
from tests.states.visiting import State

HERE = Path(__file__).parent
W3C = HERE / "node_modules/vnu-jar/build/dist/vnu.jar"
VALIDATE = HERE / "node_modules/html-validate/bin/html-validate.mjs"
RULES = {
    # As Django and Wagtail write it; HTML takes any case.
    "doctype-style": ["error", {"style": "lowercase"}],
    # A table that can be scrolled is a region by its name alone: the W3C checker wants a heading in each <section>.
    "prefer-native-element": ["error", {"exclude": ["region"]}],
    # A headline is as long as its author made it.
    "long-title": "off",
    # What a template's tag leaves on its line; nobody sees it, and it is compressed away.
    "no-trailing-whitespace": "off",
}
# How Wagtail spells its templates is its own affair; how they are built is not.
SPELLING = dict.fromkeys(
    ("attribute-boolean-style", "no-dup-class", "no-redundant-for", "prefer-button", "void-style"), "off"
)


def need(*programs: str) -> None:
    """Skips a test whose checker is not there; where CI is set, fails it."""
    lack = [what for what in programs if not shutil.which(what)]
    lack += [path.name for path in (W3C, VALIDATE) if not path.exists()]
    if lack and os.environ.get("CI"):
        pytest.fail(f"the checkers of HTML lack {', '.join(lack)}: `npm ci` in tests/markup")
    if lack:
        pytest.skip(f"the checkers of HTML lack {', '.join(lack)}: `npm ci` in tests/markup")


def written(folder: Path, states: list[State]) -> dict[Path, str]:
    """Promise: each page in a file of its own, the admin's in a folder of theirs; the state of each file."""
    names = {}
    for kind, more in (("site", {}), (ADMIN, SPELLING)):
        (folder / kind).mkdir()
        config = {"root": True, "extends": ["html-validate:recommended"], "rules": {**RULES, **more}}
        (folder / kind / ".htmlvalidate.json").write_text(json.dumps(config))
    for number, (state, page) in enumerate(states):
        path = folder / (ADMIN if state.startswith(ADMIN) else "site") / f"{number}.html"
        path.write_text(page, encoding="utf-8")
        names[path.resolve()] = state
    return names


def w3c(folder: Path, names: dict[Path, str]) -> list[Fault]:
    run = subprocess.run(
        ["java", "-Xmx512m", "-jar", str(W3C), "--format", "json", "--exit-zero-always", "--skip-non-html", str(folder)],
        capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    return [
        Fault("w3c", names[Path(one["url"].removeprefix("file:")).resolve()], one["message"], _flat(one.get("extract", "")))
        for one in json.loads(run.stderr)["messages"]
        if one["type"] == "error" or one.get("subType") == "warning"
    ]  # fmt: skip


def html_validate(folder: Path, names: dict[Path, str]) -> list[Fault]:
    report = folder / "report.json"  # what it writes into a pipe is cut short at 64 kB
    subprocess.run(
        ["node", str(VALIDATE), "--formatter", f"json={report}", "site", ADMIN],
        capture_output=True, timeout=300, check=False, cwd=folder,
    )  # fmt: skip
    return [
        Fault("html-validate", names[Path(page["filePath"]).resolve()], one["ruleId"], one.get("selector") or "", one["message"])
        for page in json.loads(report.read_text())
        for one in page["messages"]
    ]  # fmt: skip


def _flat(piece: str) -> str:
    return " ".join(piece.split())
