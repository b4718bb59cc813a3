"""From an article to its findings: what `backnumber.chronology` reads in the whole text, placed in its parts. Pure but for the article."""

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import accumulate
from pathlib import Path

from backnumber import chronology
from backnumber.archive.parts import Part
from backnumber.chronology import Block, Finding, Weight
from backnumber.past.rules import Found

BETWEEN = 2  # the core joins blocks by two line ends


@cache
def rules_in_force() -> str:
    """Promise: the same as long as the core is: its code and its data by their digest. Readings by other rules are out of date."""
    folder = Path(chronology.__file__).parent
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:32]


def findings(parts: Sequence[Part], printed: date) -> list[Found]:
    """Promise: what is found in these parts, in the order of the text; nothing that runs over the end of a part."""
    reading = chronology.read([Block(part.text, Weight(part.weight)) for part in parts], printed=printed)
    starts = [0, *accumulate(len(part.text) + BETWEEN for part in parts)][:-1]
    placed = [_placed(one, starts) for one in reading.findings]
    return [one for one in placed if one.end <= len(parts[one.position].text)]


def _placed(one: Finding, starts: Sequence[int]) -> Found:
    position = bisect_right(starts, one.start) - 1
    at = starts[position]
    is_dated = one.lo is not None or one.hi is not None
    return Found(
        position,
        one.start - at,
        one.end - at,
        one.text,
        one.kind.value,
        one.key[:200],
        one.label[:200],
        one.edtf[:80],
        (one.lo, one.hi + 1 if one.hi is not None else None) if is_dated else None,
        one.calendar[:40],
        one.rule[:80],
        one.confidence,
        one.narrative,
        one.latitude,
        one.longitude,
    )
