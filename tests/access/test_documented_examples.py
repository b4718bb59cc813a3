"""The tables of docs/rules hold: every row is understood, and the rule answers as it says."""

from dataclasses import fields

import pytest

from backnumber.access import Evidence, Policy, Reason, ScopeKind, decide
from backnumber.gate.words import REASONS
from tests.access import documented
from tests.access.documented import COLUMNS, OF_MONEY, RULES, Example, examples, tables
from tests.access.naive import NaiveReading

EXAMPLES = examples()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.place)
def test_a_documented_example_holds(example: Example) -> None:
    decision = decide(example.asked, example.asker, example.at)
    assert (decision.allowed, decision.reason) == (example.reads, example.why)
    assert NaiveReading(example.asked, example.asker, example.at).answer() == (example.reads, example.why)


def test_every_row_of_every_table_is_an_example_or_names_a_reason() -> None:
    pages = [page for page in RULES.glob("*.md") if page.name != OF_MONEY]
    lines = [line for page in pages for line in page.read_text().splitlines() if "|" in line]
    headers = list(tables())
    told = sum(len(rows) for header, rows in headers if header == ("Why", "In words"))
    assert len(EXAMPLES) + told + 2 * len(headers) == len(lines)
    assert len(EXAMPLES) > 120


def test_every_table_has_the_fixed_form() -> None:
    for header, _ in tables():
        in_order = tuple(column for column in COLUMNS if column in header)
        assert header == ("Why", "In words") or (header == in_order and header[-3:] == ("At", "Reads", "Why"))


def test_the_reasons_are_told_in_the_words_of_the_admin() -> None:
    told = {row[0]: row[1] for header, rows in tables() if header[-1] == "In words" for _, row in rows}
    assert told == {reason.value: words for reason, words in REASONS.items()}


def test_the_examples_cover_the_rule() -> None:
    """Whatever the rule knows by name occurs in an example."""
    grants = [
        g for e in EXAMPLES for g in (*e.asker.grants, *(e.asker.place.grants if e.asker.place else ()))
    ]
    assert {example.why for example in EXAMPLES} == set(Reason)
    assert {example.asked.policy for example in EXAMPLES} == {None, *Policy}
    assert {grant.scope.kind for grant in grants} == set(ScopeKind)
    assert {grant.evidence for grant in grants} == {None, *Evidence}
    for asked in ("windows", "anniversaries", "on_sale"):
        assert any(getattr(example.asked, asked) for example in EXAMPLES), asked
    for known in (field.name for field in fields(EXAMPLES[0].asker)):
        assert any(getattr(example.asker, known) for example in EXAMPLES), known


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("Policy", "free"),
        ("Cover date", "September 1999"),
        ("Wall", "free after some years"),
        ("On sale", "soon"),
        ("Free", "on Mondays"),
        ("Reader", "somebody"),
        ("Reader", "grant: everything"),
        ("Reader", "grant: archive, until 2026-01-01"),
        ("Reader", "grant: cover dates"),
        ("Meter", "plenty"),
        ("At", "now"),
        ("Reads", "perhaps"),
        ("Why", "because"),
        ("Whim", "yes"),
    ],
)
def test_control_what_is_not_understood_is_an_error(column: str, cell: str) -> None:
    row = {"At": "2026-11-18", "Reads": "no", "Why": "no-account"}
    documented._example("here", row)
    with pytest.raises((ValueError, KeyError)):
        documented._example("here", {**row, column: cell})


def test_control_a_wrong_example_is_found() -> None:
    wrong = documented._example(
        "here", {"Policy": "open", "At": "2026-11-18", "Reads": "no", "Why": "no-account"}
    )
    with pytest.raises(AssertionError):
        test_a_documented_example_holds(wrong)
