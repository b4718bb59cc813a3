"""Each sentence in bold in docs/rules/money.md is the name of a test, so that what is promised there is held somewhere."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROMISED = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
HELD_IN = (
    "tests/renewals",
    "tests/checkout",
    "tests/payments",
    "tests/simulation",
    "tests/invoices",
    "tests/products",
    "tests/presents",
)


def named(sentence: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", sentence.lower()).strip("_")
    return f"def test_{words}"


def unheld(text: str) -> list[str]:
    tests = "\n".join(path.read_text() for folder in HELD_IN for path in (ROOT / folder).rglob("test_*.py"))
    return [sentence for sentence in PROMISED.findall(text) if named(sentence) not in tests]


def test_every_sentence_in_bold_is_a_test() -> None:
    text = (ROOT / "docs" / "rules" / "money.md").read_text()
    assert len(PROMISED.findall(text)) > 8
    assert not unheld(text)


def test_a_promise_that_no_test_holds_is_noticed() -> None:
    """The control."""
    assert unheld("**The archive pays the reader**") == ["The archive pays the reader"]
