"""A forme: type that is set once, and from which each text of a page is printed. Pure: knows no template.

Between the slots nothing may depend on who asks, for there a forme is set for one case only. Whether a template keeps to that
a proof says: the same text from a rendering for each case, which `rules.joined` compares.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from backnumber.access import Decision
from backnumber.press.rules import Composed, Disagreement, Filled, composed


@dataclass(frozen=True, slots=True)
class Case:
    """One reader whom a text is printed for, and what a template is given for that reader."""

    decision: Decision
    signed_in: bool
    shows: dict[str, Any]


Choose = Callable[[Case], str]
Render = Callable[[Case], str]


@dataclass(slots=True)
class Forme:
    """`texts`: the cases of each text, its main one first. What is neither cut nor slot is set for the first case of the first
    text: that is the closed one, so that nothing of a whole text can stand in it.

    Nobody can write a mark into an article: each forme has a number of its own.
    """

    texts: Sequence[Sequence[Case]]
    number: str = field(default_factory=lambda: secrets.token_hex(12))
    _cuts: list[list[str]] = field(default_factory=list)
    _slots: list[list[list[Filled]]] = field(default_factory=list)
    _setting: int | None = None

    def cut(self, render: Render) -> str:
        """Promise: a mark where each text has something of its own. Errors: Disagreement for a cut within another."""
        if self._setting is not None:
            raise Disagreement("a cut stands within another")
        fillings = []
        for text, cases in enumerate(self.texts):
            with self._only(text):
                fillings.append(render(cases[0]))
        self._cuts.append(fillings)
        return self._mark("cut", len(self._cuts) - 1)

    def slot(self, name: str, choose: Choose, render: Render) -> str:
        """Promise: a mark where a slot is, filled for the cases of each text, or of that one whose cut it stands in."""
        fillings: list[list[Filled]] = [[] for _ in self.texts]
        for text in range(len(self.texts)) if self._setting is None else (self._setting,):
            with self._only(text):
                fillings[text] = _filled(name, self.texts[text], choose, render)
        self._slots.append(fillings)
        return self._mark("slot", len(self._slots) - 1)

    def composed(self, rendered: str, text: int) -> Composed:
        """Promise: one of the texts, its slots filled with what its first case has. Errors: Disagreement."""
        between, cuts = self._apart(rendered, "cut")
        whole = "".join(
            (between[0], *(self._cuts[at][text] + after for at, after in zip(cuts, between[1:], strict=True)))
        )
        between, marks = self._apart(whole, "slot")
        slots = [self._slots[at][text] for at in marks]
        if self.number in "".join((*between, *(one.html for slot in slots for one in slot))):
            raise Disagreement("a slot stands within another")
        return composed(between, slots)

    def _apart(self, html: str, kind: str) -> tuple[list[str], list[int]]:
        """What stands between the marks of one kind, and the marks' numbers."""
        first, *rest = html.split(f"\ue000{self.number}:{kind}:")
        marks = [piece.partition("\ue001") for piece in rest]
        return [first, *(after for _, _, after in marks)], [int(at) for at, _, _ in marks]

    @contextmanager
    def _only(self, text: int) -> Iterator[None]:
        before, self._setting = self._setting, text
        try:
            yield
        finally:
            self._setting = before

    def _mark(self, kind: str, at: int) -> str:
        return f"\ue000{self.number}:{kind}:{at}\ue001"


def _filled(name: str, cases: Sequence[Case], choose: Choose, render: Render) -> list[Filled]:
    """Each choice is rendered once, for the first case that chooses it."""
    first: dict[str, Case] = {}
    for case in cases:
        first.setdefault(choose(case), case)
    return [Filled(name, choice, render(case)) for choice, case in first.items()]
