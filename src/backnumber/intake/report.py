"""What an import did or would do, and every piece a person should look at: with file, line and reason. Knows
no Django.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from backnumber.intake.balance import Words


class Weight(StrEnum):
    """Why a finding is listed, gravest first."""

    REFUSED = "refused"  # not brought in
    LOST = "lost"  # words of a source that were not filed
    CONFLICT = "conflict"  # the source and an editor both changed it; the editor's stays
    DOUBTFUL = "doubtful"  # brought in; a person should look
    GONE = "gone"  # was in the source once; the article stays
    CLOSED = "closed"  # brought in, not published
    MISSING = "missing"  # a picture that was not there
    LEFT_OUT = "left out"  # not brought in, on purpose


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know. `line` is 0 where a file has no lines to point at."""

    weight: Weight
    file: str
    line: int
    piece: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {f'{self.piece}: ' if self.piece else ''}{self.reason}"


@dataclass(frozen=True, slots=True)
class Tally:
    """What happened to the articles of one issue."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    unsigned: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.new + other.new,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.unsigned + other.unsigned,
        )

    @property
    def articles(self) -> int:
        return self.new + self.updated + self.unchanged


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One line of the report: an issue or, for an export, a month."""

    file: str
    issue: str
    tally: Tally
    skipped: bool = False
    words: Words = field(default_factory=Words)


@dataclass(frozen=True, slots=True)
class Report:
    title: str
    dry_run: bool
    files: int = 0
    issues: tuple[IssueLine, ...] = ()
    findings: tuple[Finding, ...] = ()
    new_contributors: int = 0
    new_sections: int = 0
    counted: dict[str, int] = field(default_factory=dict)

    @property
    def tally(self) -> Tally:
        return sum((line.tally for line in self.issues), Tally())

    @property
    def words(self) -> Words:
        return sum((line.words for line in self.issues), Words())

    @property
    def changes(self) -> int:
        """How many articles are new or other than before."""
        return self.tally.new + self.tally.updated

    @property
    def refused(self) -> tuple[Finding, ...]:
        return self.of(Weight.REFUSED)

    @property
    def is_whole(self) -> bool:
        """Whether everything that should come in did: nothing was refused, no word lost."""
        return not self.refused and not self.of(Weight.LOST)

    def of(self, weight: Weight) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.weight is weight)

    def with_findings(self, findings: Iterable[Finding]) -> "Report":
        return replace(self, findings=(*self.findings, *findings))

    def as_text(self, each: int = 12) -> str:
        """Promise: the report for a terminal, at most `each` findings of a kind; the file of `--report` has
        them all.
        """
        return "\n".join([*self._summary(), *self._lists(each)])

    def _summary(self) -> list[str]:
        tally = self.tally
        would = "would be " if self.dry_run else ""
        lines = [
            f"{self.title}: {self.files} file{'s' if self.files != 1 else ''}, {len(self.issues)} issues,"
            f" {tally.articles} articles.",
            f"  {tally.new} {would}new, {tally.updated} {would}changed, {tally.unchanged} as they were;"
            f" {tally.unsigned} without a signature.",
            f"  {self.new_contributors} {would}new contributors, {self.new_sections} {would}new sections.",
        ]
        words = self.words
        if words.read:
            lines.append(
                f"  {words.read} words read, {words.filed} filed, {words.left_out} left out on purpose, {words.lost} lost."
            )
        lines += [f"  {number} {what}." for what, number in self.counted.items() if number]
        if self.dry_run:
            lines.append("This was a dry run: nothing was written.")
        elif not self.changes:
            lines.append("Nothing has changed.")
        return lines

    def _lists(self, each: int) -> list[str]:
        counts = Counter(finding.weight for finding in self.findings)
        lines = []
        for weight in Weight:
            if counts[weight]:
                lines += [
                    "",
                    f"{weight.capitalize()} ({counts[weight]}):",
                    *(f"  {f}" for f in self.of(weight)[:each]),
                ]
                if counts[weight] > each:
                    lines.append(
                        f"  … and {counts[weight] - each} more: ask for them all with --report FILE."
                    )
        return lines

    def as_tsv(self) -> str:
        """Promise: one row a finding, safe to open in a spreadsheet: no cell can be a formula."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter="\t", lineterminator="\n")
        writer.writerow(["weight", "file", "line", "piece", "reason"])
        for f in self.findings:
            writer.writerow([f.weight, _inert(f.file), f.line, _inert(f.piece), _inert(f.reason)])
        return out.getvalue()

    def as_json(self) -> str:
        whole: dict[str, Any] = {
            **asdict(self),
            "changes": self.changes,
            "tally": asdict(self.tally),
            "words": asdict(self.words),
        }
        return json.dumps(whole, ensure_ascii=False, indent=1)


def _inert(cell: str) -> str:
    """A cell that a spreadsheet would calculate begins with an apostrophe instead."""
    folded = " ".join(cell.split())
    return f"'{folded}" if folded[:1] in {"=", "+", "-", "@"} else folded
