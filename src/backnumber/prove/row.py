"""A row of the matrix, what it finds, and what it is handed. A new row is a function with its number and its way; see `rows/`."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum

from django.conf import settings

from backnumber.prove.asking import Answer, Browser, Door
from backnumber.prove.site_under_test import Piece, SiteUnderTest

OUTSIDERS = ("nobody", "none", "lapsed", "wrong", "desk")
MOST_TOLD = 3


class Verdict(StrEnum):
    HOLDS = "holds"
    LEAKS = "LEAKS"
    WRONG = "WRONG ANSWER"
    NO_CONTROL = "NO CONTROL"
    ELSEWHERE = "by tests"


@dataclass(frozen=True, slots=True)
class Site:
    """One address of the installation and what was planted behind it."""

    at: Door
    tested: SiteUnderTest

    def browser(self, who: str = "nobody") -> Browser:
        """Promise: a new browser, signed in as that reader; nobody in particular brings nothing."""
        if who == "nobody":
            return Browser(self.at)
        return Browser(self.at, {settings.SESSION_COOKIE_NAME: self.tested.signed_in[who]})

    def piece(self, name: str = "gated") -> Piece:
        return self.tested.pieces[name]

    def get(self, target: str, who: str = "nobody", headers: dict[str, str] | None = None) -> Answer:
        return self.browser(who).get(target, headers)


@dataclass(slots=True)
class Findings:
    """What came back in one row. A finding names how it was asked, so that it can be asked again."""

    statuses: Counter[int] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    without_control: list[str] = field(default_factory=list)
    controls: int = 0
    from_cache: int = 0
    remarks: list[str] = field(default_factory=list)

    def seen(self, answer: Answer) -> Answer:
        """Counts it among what came back."""
        self.statuses[answer.status] += 1
        self.from_cache += answer.is_from_cache
        return answer

    def withheld(self, answer: Answer, piece: Piece, how: str) -> bool:
        """Asks: no gated word of the piece, in whatever form. Whether it is so."""
        self.seen(answer)
        traces = piece.planted.traces(answer.everything, answer.read.plain)
        if traces:
            self.leaks.append(f"{how}: {', '.join(traces)}")
        return not traces

    def cut(self, answer: Answer, piece: Piece, how: str) -> bool:
        """Asks: the lead-in, and no gated word. Whether it is so."""
        if not self.withheld(answer, piece, how):
            return False
        is_cut = answer.status == 200 and piece.planted.lead_in in answer.text
        return self.expect(is_cut, f"{how}: {answer.status or 'no answer'} without the lead-in")

    def refused(self, answer: Answer, piece: Piece, how: str) -> None:
        """Asks: no gated word, and an answer that shows nothing: away to sign in, refused, or not there."""
        if self.withheld(answer, piece, how):
            refusals = {0, 301, 302, 303, 307, 308, 400, 403, 404, 405, 410}
            self.expect(answer.status in refusals, f"{how}: {answer.status}")

    def expect(self, is_so: bool, otherwise: str) -> bool:
        if not is_so:
            self.wrong.append(otherwise)
        return is_so

    def shown(self, answer: Answer, piece: Piece, how: str, apart_from: Collection[str] = ()) -> bool:
        """Controls: who may read finds every canary, but for those of these places."""
        missing = piece.planted.missing(answer.everything, apart_from)
        told = f"{how}: {answer.status or 'no answer'}, without {', '.join(missing[:MOST_TOLD])}"
        return self.control(not missing, told)

    def control(self, is_so: bool, otherwise: str) -> bool:
        self.controls += 1
        if not is_so:
            self.without_control.append(otherwise)
        return is_so

    def say(self, remark: str) -> None:
        self.remarks.append(remark)

    @property
    def verdict(self) -> Verdict:
        if self.leaks:
            return Verdict.LEAKS
        if self.without_control or not self.controls:
            return Verdict.NO_CONTROL
        return Verdict.WRONG if self.wrong else Verdict.HOLDS


Check = Callable[[Site, Findings], None]


@dataclass(frozen=True, slots=True)
class Row:
    """`number` and `way` as in the matrix; `expected` is what must come back. `tests` cover what a running server cannot be asked:
    all of the row when there is no `check`.
    """

    number: int
    way: str
    expected: str
    check: Check | None = None
    tests: str = ""


def row(number: int, way: str, expected: str, tests: str = "") -> Callable[[Check], Row]:
    """Makes a row of the function that asks it."""
    return lambda check: Row(number, way, expected, check, tests)
