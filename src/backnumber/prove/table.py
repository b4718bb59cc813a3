"""Results as a table to read and as JSON to keep. Pure."""

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import Any

from backnumber.prove.proving import Result
from backnumber.prove.row import MOST_TOLD

_WIDTHS = (3, 38, 44, 18, 14)
_HEAD = ("#", "way", "what came back", "control", "verdict")


def as_table(results: Sequence[Result]) -> str:
    """Promise: one row a way, and under one that does not hold, what was found."""
    widths = _fitting(shutil.get_terminal_size((130, 24)).columns)
    lines = [*_lines(_HEAD, widths), "  ".join("-" * width for width in widths)]
    for result in results:
        cells = (
            str(result.row.number),
            result.row.way,
            _came_back(result),
            _control(result),
            result.verdict.value,
        )
        lines += [*_lines(cells, widths), *_found(result)]
    return "\n".join([*lines, "", summary(results)])


def summary(results: Sequence[Result]) -> str:
    counts: dict[str, int] = {}
    for result in results:
        counts[result.verdict.value] = counts.get(result.verdict.value, 0) + 1
    asked = sum(result.findings.statuses.total() for result in results)
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    controls = sum(result.findings.controls for result in results)
    return (
        f"{told}. {asked:,} answers searched, {controls:,} controls, {sum(r.seconds for r in results):.0f} s."
    )


def _fitting(columns: int) -> tuple[int, ...]:
    """The two columns of prose take what there is."""
    spare = max(columns, 100) - sum(_WIDTHS) - 8
    return (_WIDTHS[0], _WIDTHS[1] + spare // 2, _WIDTHS[2] + spare - spare // 2, *_WIDTHS[3:])


def _lines(cells: Iterable[str], widths: tuple[int, ...]) -> Iterator[str]:
    columns = [wrap(cell, width) or [""] for cell, width in zip(cells, widths, strict=True)]
    for at in range(max(map(len, columns))):
        parts = [
            (column[at] if at < len(column) else "").ljust(width)
            for column, width in zip(columns, widths, strict=True)
        ]
        yield "  ".join(parts).rstrip()


def _came_back(result: Result) -> str:
    if result.row.check is None:
        return f"not asked of a running server: {result.row.tests}"
    findings = result.findings
    statuses = ", ".join(
        f"{count} × {status or 'no answer'}" for status, count in sorted(findings.statuses.items())
    )
    more = [*findings.remarks, *([f"the rest: {result.row.tests}"] if result.row.tests else [])]
    expected = result.row.expected if result.is_good else f"not {result.row.expected}"
    return f"{expected} ({'; '.join(part for part in (statuses, *more) if part)})"


def _control(result: Result) -> str:
    if result.row.check is None:
        return ""
    good = result.findings.controls - len(result.findings.without_control)
    return f"{good} of {result.findings.controls} shown"


def _found(result: Result) -> Iterator[str]:
    findings = result.findings
    for what, told in (
        ("leaks", findings.leaks),
        ("wrong", findings.wrong),
        ("no control", findings.without_control),
    ):
        yield from (f"       {what}: {one}" for one in told[:MOST_TOLD])
        if len(told) > MOST_TOLD:
            yield f"       {what}: and {len(told) - MOST_TOLD} more"


def as_json(results: Sequence[Result], address: str) -> dict[str, Any]:
    """Promise: everything that was found, as what `json` can write."""
    return {
        "address": address,
        "holds": all(r.is_good for r in results),
        "rows": [_facts(result) for result in results],
    }


def _facts(result: Result) -> dict[str, Any]:
    findings = result.findings
    return {
        "number": result.row.number,
        "way": result.row.way,
        "expected": result.row.expected,
        "verdict": result.verdict.value,
        "statuses": {str(status): count for status, count in sorted(findings.statuses.items())},
        "controls": findings.controls,
        "leaks": findings.leaks,
        "wrong": findings.wrong,
        "without_control": findings.without_control,
        "from_cache": findings.from_cache,
        "remarks": findings.remarks,
        "tests": result.row.tests,
        "seconds": round(result.seconds, 2),
    }


def written(proofs: Sequence[dict[str, Any]]) -> str:
    return json.dumps({"version": 1, "proofs": list(proofs)}, ensure_ascii=False, indent=1) + "\n"
