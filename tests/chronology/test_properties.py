"""What holds for any text: offsets, bounds, valid EDTF, sameness, and work that grows no faster than the text."""

import importlib
import pkgutil
import re
import sys
from datetime import date
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import backnumber.chronology
from backnumber.chronology import Block, Finding, Kind, Weight, read

WORDS = (
    "in", "the", "from", "to", "and", "or", "c.", "early", "late", "mid-", "after", "until", "between", "about", "(", ")", "-", "–", "/", ",", ".", "?", "'",
    "1914", "1066", "44", "431", "8", "1648/9", "1899-02", "1,500", "10,000", "BC", "AD", "BCE", "century", "centuries", "12th", "fifth", "XIX", "1930s", "'30s",
    "June", "May", "March 3", "spring", "winter", "that year", "ten years later", "the following day", "last year", "today", "Michaelmas", "Easter", "Hen. VIII",
    "3 Edw. I", "reign of Henry VIII", "Brumaire", "Year VIII", "AH 656", "5708 AM", "Boer War", "Tudor", "Treaty of Paris", "London", "York", "Duke of Norfolk",
    "Constantinople", "Mr. Smith", "East India Company", "Company", "£", "pp.", "men", "Thomas Wright (1530-1590)", "\n", "’", "é", "…", "31 February", "0", "9999",
    "99999", "AD 0", "0 BC", "30 BC to 14 AD", "twenties", "first half of the", "millennium", "the Stalin years (1929-53)",
)  # fmt: skip
TEXTS = (
    st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)
    | st.text(max_size=200)
    | st.lists(st.sampled_from(WORDS), max_size=30).map("".join)
)

POINT = r"(?:Y-?\d{5,}|-?\d{4}|\d{2}XX|\d{3}X)(?:-\d{2}(?:-\d{2})?)?[~?]?"
EDTF = re.compile(rf"(?:{POINT}|(?:{POINT}|\.\.)/(?:{POINT}|\.\.)|\[{POINT},{POINT}\])\Z")


@given(TEXTS, st.none() | st.just(date(1957, 3, 1)))
@settings(deadline=None, max_examples=400)
def test_whatever_the_text_findings_stand_where_they_say_and_mean_something_whole(
    text: str, printed: date | None
) -> None:
    reading = read(text, printed=printed)
    assert reading.text == text
    for finding in reading.findings:
        assert text[finding.start : finding.end] == finding.text != ""
        assert 0 <= finding.confidence <= 1
        assert finding.key or (finding.kind is Kind.TIME and not finding.edtf)
        assert finding.label
        if finding.lo is not None and finding.hi is not None:
            assert finding.lo <= finding.hi
        assert not finding.edtf or EDTF.match(finding.edtf), finding
    assert reading == read(text, printed=printed)


@given(TEXTS)
@settings(deadline=None, max_examples=200)
def test_no_two_findings_of_one_kind_overlap(text: str) -> None:
    ends: dict[Kind, int] = {}
    for finding in read(text).findings:
        assert finding.start >= ends.get(finding.kind, 0)
        ends[finding.kind] = finding.end


@given(st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))
@settings(deadline=None, max_examples=200)
def test_what_we_put_out_is_edtf_to_others_too(text: str) -> None:
    edtf = pytest.importorskip("edtf", reason="the package edtf is of the requirements of the bench only")
    for finding in read(text).findings:
        if finding.edtf:
            edtf.parse_edtf(finding.edtf)


def test_offsets_count_the_blocks_joined_by_two_line_ends() -> None:
    reading = read(
        [
            Block("Agincourt", Weight.TITLE),
            Block("In 1415 Henry V won."),
            Block("[1] London, 1829.", Weight.NOTE),
        ]
    )
    assert reading.text == "Agincourt\n\nIn 1415 Henry V won.\n\n[1] London, 1829."
    assert [reading.text[f.start : f.end] for f in reading.findings] == [f.text for f in reading.findings]
    assert [f.edtf for f in times(reading.findings) if f.narrative] == ["1415"]


def times(findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.kind is Kind.TIME]


HEAVY = [
    "a" * 400, "1" * 400, "A-" * 200, "Aa " * 200, "(1 " * 200, "1914-" * 100, "c. " * 150, "the early " * 60, "of the " * 80, "I" * 400, "14 " * 150,
    "Duke of " * 80, "the Stalin years (1929-53) " * 20, "Treaty of Paris in 1763 " * 20, "from 1400 to " * 40, "Mr. A. B. C. " * 40, "century " * 60,
    "fourth and fifth " * 40, "University of " * 40, "'" * 400, "June " * 90, "in June, ten years later " * 20, "after before by until " * 20, "Henry VIII " * 40,
]  # fmt: skip


@pytest.mark.parametrize("piece", HEAVY, ids=lambda piece: piece[:16])
def test_twice_the_text_is_about_twice_the_steps(piece: str) -> None:
    """Steps are calls, of our functions and of the engine's; the next test holds that no call of the engine runs away."""
    read("a word in 1914")
    first, second = steps(piece * 4), steps(piece * 8)
    assert second < first * 2.4 + 200


def steps(text: str) -> int:
    counted = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        read(text)
    finally:
        sys.setprofile(None)
    return counted


def patterns() -> list[tuple[str, re.Pattern[str]]]:
    found = []
    for module in pkgutil.iter_modules(backnumber.chronology.__path__):
        names = vars(importlib.import_module(f"backnumber.chronology.{module.name}"))
        found += [
            (f"{module.name}.{name}", value) for name, value in names.items() if isinstance(value, re.Pattern)
        ]
    return found


ENDLESS = (
    60  # a repetition of up to so many, with another inside it, is bounded; more is not allowed to hold one
)


@pytest.mark.parametrize(
    ("name", "pattern"), patterns(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_no_pattern_repeats_a_repetition_without_bound(name: str, pattern: re.Pattern[str]) -> None:
    assert not runs_away(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE), inside=False), name


def runs_away(parsed: Any, *, inside: bool) -> bool:
    """Whether an unbounded repetition holds another repetition, which is what makes an engine try without end."""
    for code, argument in parsed:
        if code in {codes.MAX_REPEAT, codes.MIN_REPEAT}:
            _, most, body = argument
            if inside and most > 1:
                return True
            if runs_away(body, inside=inside or most > ENDLESS):
                return True
        elif any(runs_away(part, inside=inside) for part in parts(argument)):
            return True
    return False


def parts(argument: Any) -> list[Any]:
    if isinstance(argument, parser.SubPattern):
        return [argument]
    if isinstance(argument, list | tuple):
        return [part for each in argument for part in parts(each)]
    return []
