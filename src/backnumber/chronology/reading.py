"""Reading a text: the stages in their order."""

import re
from collections.abc import Sequence
from datetime import date

from backnumber.chronology.focus import focus_of
from backnumber.chronology.types import Block, Finding, Kind, Reading

_YEARS = re.compile(
    r"\b(1[0-9]{3}|20[0-2][0-9])(?:[-–](?:(1[0-9]{3}|20[0-2][0-9])|([0-9]{2})))?\b(?![,-–]?\d)"
)


def read(blocks: Sequence[Block] | str, *, printed: date | None = None) -> Reading:  # noqa: ARG001
    """Promise: what the text tells of. `printed` is the day of the issue; it settles words such as "last year" and nothing else.
    A text alone is one block of body. Never fails, whatever the text; takes time in proportion to its length.
    """
    parts = [Block(blocks)] if isinstance(blocks, str) else list(blocks)
    text = "\n\n".join(block.text for block in parts)
    findings = [_years(match) for match in _YEARS.finditer(text)]
    return Reading(text, tuple(findings), focus_of(parts, findings))


def _years(match: re.Match[str]) -> Finding:
    lo = hi = int(match[1])
    if match[2] or match[3]:
        hi = int(match[2] or match[1][:2] + match[3])
        hi = max(lo, hi)
    edtf = str(lo) if lo == hi else f"{lo}/{hi}"
    return Finding(
        match.start(), match.end(), match[0], Kind.TIME, edtf, edtf, edtf, lo, hi, "", "years", 0.9
    )
