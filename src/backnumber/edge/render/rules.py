"""From renderings of one page to one text with slots, and when a page must be rendered anew. Pure: knows no database."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from backnumber.access import Asked
from backnumber.access.openings import free_from, paid_from
from backnumber.edge.page.slots import WRITTEN
from backnumber.edge.page.text import Slot, Text, text_of


class Disagreement(ValueError):
    """Renderings of one page differ where no slot stands: stored, one reader would get what another should see."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Where slots begin and end in what templates render for the page store. Nobody can write a mark into an article: each
    rendering has a number of its own.
    """

    number: str = field(default_factory=lambda: secrets.token_hex(12))

    def around(self, name: str, choice: str, html: str) -> str:
        return f"\ue000{self.number}:{name}:{choice}\ue001{html}\ue002{self.number}\ue001"

    def apart(self, rendered: str) -> "Parts":
        """Promise: what stands between the slots, and the slots."""
        of_one = rf"\ue000{self.number}:([a-z]+):([a-z-]*)\ue001(.*?)\ue002{self.number}\ue001"
        between, *rest = re.split(of_one, rendered, flags=re.DOTALL)
        slots = [Filled(*rest[at : at + 3]) for at in range(0, len(rest), 4)]
        parts = Parts((between, *rest[3::4]), tuple(slots))
        if self.number in "".join((*parts.between, *(slot.html for slot in slots))):
            raise Disagreement("a slot stands within another")
        return parts


@dataclass(frozen=True, slots=True)
class Filled:
    """A slot as one rendering filled it."""

    name: str
    choice: str
    html: str


@dataclass(frozen=True, slots=True)
class Parts:
    between: tuple[str, ...]
    slots: tuple[Filled, ...]


def joined(renderings: Sequence[str], marks: Marks) -> Text:
    """Promise: the first rendering as the main text, with all that the others put into its slots.

    Errors: Disagreement when two renderings differ outside the slots, or fill one slot differently for one choice.
    """
    main, *others = (marks.apart(rendered) for rendered in renderings)
    for other in others:
        _compare(main, other)
    slots = [[page.slots[at] for page in (main, *others)] for at in range(len(main.slots))]
    return text_of(*_laid_out(main.between, slots))


def _laid_out(between: Sequence[str], slots: Sequence[Sequence[Filled]]) -> tuple[bytes, tuple[Slot, ...]]:
    """The text with the first filling in each slot, and the slots in it.

    What all fillings of a slot begin or end with is kept once, in the text.
    """
    text, made, length = [between[0]], [], len(between[0].encode())
    for fillings, after in zip(slots, between[1:], strict=True):
        choices = _choices(fillings)
        head, tail = _shared(list(choices.values())) if choices else ("", "")
        own = fillings[0].html[len(head) : len(fillings[0].html) - len(tail)]
        cut = {name: html[len(head) : len(html) - len(tail)].encode() for name, html in choices.items()}
        start = length + len(head.encode())
        end = start + len(own.encode())
        made.append(Slot(fillings[0].name, start, end, cut))
        text += (head, own, tail, after)
        length = end + len(tail.encode()) + len(after.encode())
    return "".join(text).encode(), tuple(made)


def _compare(main: Parts, other: Parts) -> None:
    if [slot.name for slot in main.slots] != [slot.name for slot in other.slots]:
        raise Disagreement("one rendering has slots that another has not")
    for one, two in zip(main.between, other.between, strict=True):
        if one != two:
            at = len(_beginning([one, two]))
            raise Disagreement(
                f"outside the slots: {one[max(at - 60, 0) : at + 60]!r} is {two[max(at - 60, 0) : at + 60]!r}"
            )


def _choices(filled: Sequence[Filled]) -> dict[str, str]:
    """A slot that the door writes itself has none."""
    if filled[0].name in WRITTEN:
        return {}
    choices: dict[str, str] = {}
    for one in filled:
        if choices.setdefault(one.choice, one.html) != one.html:
            raise Disagreement(f"the slot {one.name} is filled in two ways for {one.choice!r}")
    return choices


def _shared(fillings: list[str]) -> tuple[str, str]:
    head = _beginning(fillings)
    tail = _beginning([html[len(head) :][::-1] for html in fillings])[::-1]
    return head, tail


def _beginning(texts: Sequence[str]) -> str:
    """What all of them begin with: what the first and the last in their order do. Halved, for most of it is alike."""
    first, last = min(texts), max(texts)
    alike, end = 0, len(first)
    while alike < end:
        middle = (alike + end + 1) // 2
        if first[alike:middle] == last[alike:middle]:
            alike = middle
        else:
            end = middle - 1
    return first[:alike]


def turns_at(asked: Asked, now: datetime) -> datetime | None:
    """Promise: the next instant after `now` at which the rule may answer nobody otherwise than before; None if there is none."""
    moments = [moment for window in asked.windows for moment in (window.starts, window.until)]
    moments += [midnight(day, asked.zone) for day in (free_from(asked), paid_from(asked)) if day is not None]
    if asked.on_sale is not None:
        moments.append(asked.on_sale)
    if asked.anniversaries:
        moments.append(next_midnight(now, asked.zone))
    return min((moment for moment in moments if moment > now), default=None)


def next_midnight(now: datetime, zone: tzinfo) -> datetime:
    return midnight(now.astimezone(zone).date() + timedelta(days=1), zone)


def midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def soonest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
