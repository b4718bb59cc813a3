"""What varies on a stored page, and how it is chosen: who is signed in, why the gate is shut, how many reads are left.

Django's templates and the door write these lines with the same functions, so that they never differ.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from html import escape

from backnumber.access import Decision, FreeWindow, Reason, is_free, supposed
from backnumber.edge.page.text import Text

A_DAY = timedelta(hours=25)


def mark(decision: Decision) -> str:
    """Promise: the mark in the kicker of a piece that is free for a time; HTML, empty for any other."""
    if decision.reason is Reason.FREE_NOW and decision.window is not None:
        return (
            f'<span class="free-mark">Free {"today" if is_of_a_day(decision.window) else "this week"}</span>'
        )
    return ""


def is_of_a_day(window: FreeWindow) -> bool:
    """Promise: whether the window is a day of the year, which a clock may make 25 hours long."""
    return window.until - window.starts <= A_DAY


def note(decision: Decision) -> str:
    """Promise: one line above the text for who reads by a meter, a gift or a library; HTML, empty for any other."""
    words = _words(decision)
    return f'<p class="by-leave"><span class="label">{words}</span></p>' if words else ""


def _words(decision: Decision) -> str:
    if decision.reason is Reason.METERED and decision.meter is not None:
        return _left(decision.meter.left)
    if decision.reason is Reason.GIFT:
        return "A subscriber has given you this article to read."
    if decision.reason is Reason.LICENCE and decision.place is not None:
        return f"You read through {escape(decision.place.name)}."
    return ""


def _left(left: int) -> str:
    if left == 0:
        return "This is the last article you may read here for now without a subscription."
    return f"You may read {left} more article{'' if left == 1 else 's'} here for now without a subscription."


EMPTY = "empty"  # the choice by which nothing stands in a slot


def _has_bought(decision: Decision) -> bool:
    """By a right of their own or of their library: there is nothing to sell to them."""
    return decision.allowed and decision.reason in (Reason.GRANT, Reason.LICENCE)


CHOSEN: dict[str, Callable[[Decision | None, bool], str]] = {
    "account": lambda _decision, signed_in: "in" if signed_in else "out",
    "gate": lambda decision, _signed_in: decision.reason.value if decision else "",
    "free": lambda decision, _signed_in: "free" if decision and is_free(decision) else "held",
    "subscribe": lambda decision, _signed_in: EMPTY if decision and _has_bought(decision) else "told",
    "give": lambda decision, _signed_in: "may" if decision and decision.reason is Reason.GRANT else "not",
}
WRITTEN: dict[str, Callable[[Decision], str]] = {"mark": mark, "note": note}


def fillings(text: Text, decision: Decision | None, signed_in: bool) -> dict[str, bytes] | None:
    """Promise: what goes into each slot; None when the page was not rendered for this case, which is Django's then."""
    filled: dict[str, bytes] = {}
    for slot in text.slots:
        if slot.name in WRITTEN:
            filled[slot.name] = WRITTEN[slot.name](decision).encode() if decision else b""
            continue
        choice = CHOSEN[slot.name](decision, signed_in)
        if choice == EMPTY:
            filled[slot.name] = b""
            continue
        if choice not in slot.choices:
            return None
        filled[slot.name] = slot.choices[choice]
    return filled


# Their lines say a number or a name.
TOLD_APART = frozenset({Reason.FREE_NOW, Reason.METERED, Reason.LICENCE})
_NUMBERS = {reason: number for number, reason in enumerate((None, *Reason))}


def case_of(reason: Reason | None, signed_in: bool) -> int:
    """Promise: one bit for all that are sent the same text; for the reasons of `TOLD_APART` there is more to tell."""
    return 1 << 2 * _NUMBERS[reason] + signed_in


def main_cases(text: Text, *, allowed: bool | None) -> int:
    """Promise: the bits of the cases in which the text is sent as it is stored. `allowed` is None for a page that is not an
    article's.
    """
    told: list[Decision | None] = [None]
    if allowed is not None:
        told = [supposed(allowed, reason) for reason in Reason if reason not in TOLD_APART]
    return sum(
        case_of(decision.reason if decision else None, signed_in)
        for decision in told
        for signed_in in (False, True)
        if (filled := fillings(text, decision, signed_in)) is not None and text.is_main(filled)
    )


def closes_at(decision: Decision | None) -> datetime | None:
    """Promise: the instant at which what anyone may read now ends; None when no end is known."""
    return decision.window.until if decision is not None and decision.window is not None else None
