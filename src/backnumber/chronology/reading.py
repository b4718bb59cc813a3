"""Reading a text: the stages in their order."""

from collections.abc import Sequence
from datetime import date

from backnumber.chronology.atoms import Atom, tokens_of
from backnumber.chronology.focus import focus_of
from backnumber.chronology.names import names_of
from backnumber.chronology.times import Told, times_of
from backnumber.chronology.types import Block, Finding, Kind, Reading

# One character for one, so that offsets stay: other quotation marks, spaces and line ends match the tables and patterns as the plain ones.
_PLAIN = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "\n": " ",
        "\t": " ",
        "\r": " ",
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
        "‐": "-",
        "‑": "-",
    }
)
BETWEEN = "\n\n"


def read(blocks: Sequence[Block] | str, *, printed: date | None = None) -> Reading:
    """Promise: what the text tells of. `printed` is the day of the issue; it settles words such as "last year" and nothing else.
    A text alone is blocks of body, parted by empty lines. Never fails, whatever the text; takes time in proportion to its length.
    """
    parts = [Block(part) for part in blocks.split(BETWEEN)] if isinstance(blocks, str) else list(blocks)
    original = BETWEEN.join(block.text for block in parts)
    plain = BETWEEN.join(block.text.translate(_PLAIN) for block in parts)
    tokens = tokens_of(plain)
    told = times_of(plain, tokens, printed)
    findings = [_time(original, atom) for atom in told.atoms]
    findings += _events(original, told)
    findings += names_of(plain, original, tokens, told)
    findings.sort(key=lambda finding: (finding.start, finding.end, finding.kind))
    return Reading(original, tuple(findings), focus_of(parts, findings))


def _time(text: str, atom: Atom) -> Finding:
    words = text[atom.start : atom.end]
    span = atom.span
    if span is None:
        return Finding(
            atom.start, atom.end, words, Kind.TIME, "", words, rule=atom.rule, confidence=0.3, narrative=atom.narrative
        )  # fmt: skip
    edtf = span.edtf
    return Finding(
        atom.start, atom.end, words, Kind.TIME, edtf, words, edtf, span.first_year, span.last_year, span.calendar, atom.rule,
        atom.confidence, atom.narrative,
    )  # fmt: skip


def _events(text: str, told: Told) -> list[Finding]:
    return [
        Finding(
            start, end, text[start:end], Kind.EVENT, period.key, period.label, period.span.edtf, period.span.first_year,
            period.span.last_year, "", period.kind, 0.9,
        )
        for start, end, period in told.periods
        if period.key.startswith("event:")
    ]  # fmt: skip
