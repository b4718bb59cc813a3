"""One word for one thing: words that were given up do not come back, in code, documents or tests (`docs/glossary.md`)."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# What was given up, as it would be written, and what is said now.
RETIRED = {
    r"\b(?:the|a|our) press\b(?! (?:Enter|button))": "edge.render, rendering",
    r"\bformes?\b": "rendering",
    r"\bcrew\b": "workers",
    r"\bsh(?:elf|elves)\b": "page cache; issues by year; search index",
    r"\bspool\b": "page file",
    r"\bstandings?\b(?! (?:at|in|on|by|under|beside|before|alone))": "cached page; status; state",
    r"\bInquiry\b|\binquiry\b(?=[.,)\]])": "request",
    r"\bclass Brought\b|\bBrought\(": "Credentials",
    r"\bwhence\b(?= import|\.)": "client_address",
    r"\bnewsstand\b": "products",
    r"\b(?:sow|sown|sowing)\b": "fixtures, planted",
    r"\bfront doors?\b": "door",
    r"\bfronts?\b(?= (?:hears?|shows?|reads?|sends?|holds?|answers?|asks?)\b)": "door, process",
    r"\bprinted pages?\b(?= (?:is|are|at|it|that|names?|goes|go)\b)": "stored page",
    r"\bNotPrinted\b|\bPrintedPage\b|\bprint_page\b|\bprint_article\b": "UnreadablePage, StoredPage, render_page",
    r"\btake_stock\b|\btake_stand\b": "read_startup_state, take_snapshot",
    r"\bbacknumber[./](?:press|front|pages|post|uses|proof|allowances|subscriptions|newsstand)\b": "the room's present name",
    r"\b(?:press|allowances|newsstand|subscriptions|uses|post)_(?:page|change|giftlink|meteredread|product|price|grant|use|mail)\b": "the table's present name",
    r"\b(?:twin|twins)\b": "counterpart",
}
TEXTS = {".py", ".md", ".html", ".css", ".js", ".toml", ".sql", ".txt", ".json", ""}
# The old name of a command, which goes on working; what the magazines of the demo and the importers' inputs say of the past.
OLD_NAMES_ARE_TOLD = {
    "src/backnumber/cli/setting_up.py",
    "tests/cli/test_setting_up.py",
}  # what was never released is refused by name
NOT_OURS = ("CHANGELOG.md", "tests/project/test_words.py", "src/backnumber/demo/content/", "requirements/", "fuzz/corpus/")  # fmt: skip
OF_PAPER = {"src/backnumber/intake", "tests/intake"}


def lines() -> Iterator[tuple[str, int, str]]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = listed.stdout.split("\n") if listed.returncode == 0 else []
    for name in names:
        path = ROOT / name
        if not name or name.startswith(NOT_OURS) or path.suffix not in TEXTS or not path.is_file():
            continue
        if name in OLD_NAMES_ARE_TOLD or any(name.startswith(room) for room in OF_PAPER):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        yield from ((name, number, line) for number, line in enumerate(text.splitlines(), 1))


def test_no_retired_word_is_left() -> None:
    every = list(lines())
    if not every:
        pytest.skip("this is no checkout: git does not say which files are ours")
    found = [
        f"{name}:{number}: {hit[0]!r} is {now} now"
        for retired, now in RETIRED.items()
        for name, number, line in every
        if (hit := re.search(retired, line, re.IGNORECASE))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    ["The press prints it.", "from backnumber.front.shelf import Shelf", "class Crew:", "SELECT * FROM press_page", "the front door"],
)  # fmt: skip
def test_a_retired_word_is_noticed(line: str) -> None:
    """The control."""
    assert any(re.search(retired, line, re.IGNORECASE) for retired in RETIRED)


def test_the_glossary_is_short_and_explains_each_word_in_a_line() -> None:
    words = re.findall(r"^- \*\*", (ROOT / "docs" / "glossary.md").read_text(), re.MULTILINE)
    assert 20 <= len(words) <= 45
