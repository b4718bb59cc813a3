"""Every kind of page in every state, read by the W3C checker and by html-validate. Install them with `npm ci` in this folder."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from backnumber.readers.models import Reader
from tests.markup_states import all_states

HERE = Path(__file__).parent
CHECKER = HERE / "node_modules/vnu-jar/build/dist/vnu.jar"
VALIDATE = HERE / "node_modules/html-validate/bin/html-validate.mjs"
# What the site's own style does otherwise, and no rule of HTML forbids.
RULES = {
    "extends": ["html-validate:recommended"],
    "rules": {
        "long-title": "off",
        "no-inline-style": "off",
        "no-trailing-whitespace": "off",
        "void-style": "off",
        "attribute-boolean-style": "off",
        "doctype-style": "off",
        "no-redundant-role": "off",
        "prefer-native-element": "off",
        "tel-non-breaking": "off",
        "require-sri": "off",
    },
}


@pytest.fixture(autouse=True)
def _installed() -> None:
    lacking = [what for what in ("java", "node") if not shutil.which(what)]
    lacking += [path.name for path in (CHECKER, VALIDATE) if not path.exists()]
    if lacking and os.environ.get("CI"):
        pytest.fail(f"the checkers of HTML lack {', '.join(lacking)}: `npm ci` in tests/markup")
    if lacking:
        pytest.skip(f"the checkers of HTML lack {', '.join(lacking)}: `npm ci` in tests/markup")


def written(folder: Path, pages: list[tuple[str, str]]) -> dict[str, str]:
    """Promise: each page in a file of its own; the state of each file's name."""
    names = {}
    for number, (state, page) in enumerate(pages):
        (folder / f"{number}.html").write_text(page, encoding="utf-8")
        names[f"{number}.html"] = state
    return names


def w3c(folder: Path) -> list[tuple[str, str]]:
    run = subprocess.run(
        ["java", "-Xmx512m", "-jar", str(CHECKER), "--format", "json", "--exit-zero-always", "--skip-non-html", str(folder)],
        capture_output=True, text=True, timeout=240, check=True,
    )  # fmt: skip
    return [
        (Path(one["url"]).name, f"{one['message']} {one.get('extract', '')!r}")
        for one in json.loads(run.stderr)["messages"]
        if one["type"] == "error" or one.get("subType") == "warning"
    ]


def html_validate(folder: Path) -> list[tuple[str, str]]:
    (folder / ".htmlvalidate.json").write_text(json.dumps({"root": True, **RULES}))
    run = subprocess.run(
        ["node", str(VALIDATE), "--formatter", "json", str(folder)],
        capture_output=True, text=True, timeout=240, check=False, cwd=folder,
    )  # fmt: skip
    return [
        (Path(page["filePath"]).name, f"{one['ruleId']}: {one['message']} (line {one['line']})")
        for page in json.loads(run.stdout)
        for one in page["messages"]
    ]


@pytest.mark.django_db
def test_no_page_in_any_state_has_a_fault_that_the_checkers_know(
    tmp_path: Path, dan: Reader, ada: Reader
) -> None:
    names = written(tmp_path, list(all_states(dan, ada)))
    found: dict[str, list[str]] = {}
    for page, fault in (*w3c(tmp_path), *html_validate(tmp_path)):
        found.setdefault(fault, []).append(names[page])
    assert not found, "\n".join(f"{fault}\n    {states[:3]}" for fault, states in found.items())


def test_control_each_checker_sees_a_fault(tmp_path: Path) -> None:
    written(
        tmp_path,
        [
            (
                "bad",
                '<!doctype html><html lang="en"><title>x</title><ul role="status"><li id="a"><p><div id="a"></div></ul>',
            )
        ],
    )
    assert w3c(tmp_path)
    assert html_validate(tmp_path)
