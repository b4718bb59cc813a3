"""Expressions of time, each read alone: our own list, and the developers' list where it lies beside the checkout."""

import csv
from pathlib import Path

import pytest

from backnumber.chronology import Finding, Kind, read

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "chronology" / "expressions.tsv"


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def times(text: str) -> list[Finding]:
    return [finding for finding in read(text).findings if finding.kind is Kind.TIME]


@pytest.mark.parametrize("line", lines(HERE / "expressions.tsv"), ids=lambda line: line["expression"])
def test_an_expression_means_its_interval(line: dict[str, str]) -> None:
    found = [finding.edtf for finding in times(line["expression"])]
    assert found == ([] if line["edtf"] == "NONE" else line["edtf"].split(" + "))


def test_every_line_of_the_developers_list_is_right() -> None:
    if not SHARED.exists():
        pytest.skip(f"the developers' list is not at {SHARED}")
    wrong = [line["expression"] for line in lines(SHARED) if not right(line)]
    assert not wrong


def right(line: dict[str, str]) -> bool:
    found = times(line["expression"])
    if line["edtf"] == "NONE":
        return not found
    if line["edtf"] == "anchor":
        return [finding.edtf for finding in found] == [""]
    if line["edtf"] == "PRESENT_REF":
        return bool(found) and not any(finding.narrative for finding in found)
    wanted = line["edtf"].split(" + ")
    if [finding.edtf for finding in found] != wanted:
        return False
    bounds = [int(line[name]) if line[name] else None for name in ("lo", "hi")]
    return len(wanted) > 1 or [found[0].lo, found[0].hi] == bounds
