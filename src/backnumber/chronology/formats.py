"""A reading written out: JSON Lines, marked-up text, and TimeML with TIMEX3 tags, so that others can score it."""

import json
import re
from collections.abc import Callable, Iterable
from datetime import date
from html import escape

from backnumber.chronology.types import Finding, Kind, Reading

_FIELDS = ("start", "end", "text", "kind", "edtf", "lo", "hi", "calendar", "rule", "confidence", "label", "key", "narrative",
           "latitude", "longitude")  # fmt: skip
_SEASONS = {"21": "SP", "22": "SU", "23": "FA", "24": "WI"}
_LEAD = re.compile(
    r"(?:after|before|by|until|till|up to|since|from|post|pre|prior to|(?:no|not) (?:later|earlier) than)[\s-]+(?:the )?",
    re.IGNORECASE,
)
_TRAIL = re.compile(r"\s(?:onwards?|on|forwards?)$")
_TWO = re.compile(
    r"(.{1,60}?)(\s?[-–—/]\s?|\s(?:to|until|till|and|or|through)\s(?:the\s)?)(.{1,60})", re.DOTALL
)
_PARTS = {"early": "START", "mid": "MID", "middle": "MID", "late": "END", "end": "END", "beginning": "START"}


Tag = tuple[int, int, str, str]  # start, end, what opens it, what closes it


def json_lines(reading: Reading) -> str:
    """Promise: one line a finding, each a JSON object with every field of `Finding`."""
    return "".join(
        json.dumps({name: getattr(finding, name) for name in _FIELDS}, ensure_ascii=False) + "\n"
        for finding in reading.findings
    )


def marked(reading: Reading) -> str:
    """Promise: the text as HTML with each finding in a `mark` that names its kind and what it means."""
    return _tagged(
        reading, reading.findings, lambda finding: [(finding.start, finding.end, _mark(finding), "</mark>")]
    )


def _mark(finding: Finding) -> str:
    value = finding.edtf if finding.kind is Kind.TIME else finding.key
    return (
        f'<mark data-kind="{finding.kind}" data-value="{escape(value)}" data-rule="{escape(finding.rule)}">'
    )


def timeml(reading: Reading, printed: date | None = None) -> str:
    """Promise: a TimeML document whose times are TIMEX3 tags; the two ends of a range are a tag each."""
    times = [
        finding
        for finding in reading.findings
        if finding.kind is Kind.TIME and finding.rule not in {"event", "period", "reign", "gloss"}
    ]
    numbers = iter(range(1, 1_000_000))

    def tags(finding: Finding) -> list[tuple[int, int, str, str]]:
        return [
            (
                start,
                end,
                f'<TIMEX3 tid="t{next(numbers)}" type="DATE" value="{value}"{f" mod={chr(34)}{mod}{chr(34)}" if mod else ""}>',
                "</TIMEX3>",
            )
            for start, end, value, mod in _timex(finding)
        ]

    day = printed.isoformat() if printed else ""
    body = _tagged(reading, times, tags)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<TimeML>\n'
        f'<DCT><TIMEX3 tid="t0" type="DATE" value="{day}" functionInDocument="CREATION_TIME">{day}</TIMEX3></DCT>\n'
        f"<TEXT>{body}</TEXT>\n</TimeML>\n"
    )  # fmt: skip


def _timex(finding: Finding) -> list[tuple[int, int, str, str]]:
    """The TIMEX3 tags of one time: (start, end, value, mod)."""
    start, end, text = finding.start, finding.end, finding.text
    if not finding.edtf:
        return [(start, end, "PRESENT_REF" if finding.rule == "present" else "XXXX", "")]
    first, _, last = finding.edtf.strip("[]").replace(",", "/").partition("/")
    if first == ".." or last == "..":
        lead, trail = _LEAD.match(text), _TRAIL.search(text)
        start += lead.end() if lead else 0
        end -= len(trail[0]) if trail else 0
        return [
            (start, end, _value(last if first == ".." else first), "BEFORE" if first == ".." else "AFTER")
        ]
    word = text.lower().split()[0].split("-")[0]
    if "century" in finding.rule or "decade" in finding.rule:
        years = 100 if "century" in finding.rule else 10
        low = (finding.lo or 0) - (1 if years == 100 and "X" not in finding.edtf else 0)
        value = (
            f"{low // years:0{3 if years == 10 else 2}d}"
            if low >= 0
            else f"BC{(1 - (finding.hi or 0)) // years:02d}"
        )
        return [(start, end, value, _PARTS.get(word, ""))]
    if last and (two := _TWO.fullmatch(text)) and word not in _PARTS:
        return [(start, start + two.end(1), _value(first), ""), (start + two.start(3), end, _value(last), "")]
    mod = _PARTS.get(word, "") if last else "APPROX" if "~" in finding.edtf else ""
    return [(start, end, _common(first, last) if last else _value(first), mod)]


def _common(first: str, last: str) -> str:
    """What two points share: the year, or the year and month; for other ranges the first."""
    one, other = _value(first), _value(last)
    for length in (7, 4):
        if one[:length] == other[:length] and len(one) >= length:
            return one[:length]
    return one


def _value(edtf: str) -> str:
    plain = edtf.strip("~?").replace("~", "").replace("?", "")
    if plain.startswith("-"):
        year = 1 + int(plain[1:5])
        return f"BC{year:04d}{plain[5:]}"
    if plain == "0000":
        return "BC0001"
    if plain[-2:] in _SEASONS and len(plain) == 7:
        return f"{plain[:4]}-{_SEASONS[plain[-2:]]}"
    return plain.rstrip("X")


def _tagged(reading: Reading, findings: Iterable[Finding], tags: Callable[[Finding], list[Tag]]) -> str:
    """The text escaped, with the tags in it that nest; one that would cross another is left out."""
    opened: list[tuple[int, str]] = []
    out: list[str] = []
    at = 0
    wanted = sorted((tag for finding in findings for tag in tags(finding)), key=lambda tag: (tag[0], -tag[1]))
    for start, end, opening, closing in wanted:
        while opened and opened[-1][0] <= start:
            stop, closed = opened.pop()
            out += [escape(reading.text[at:stop], quote=False), closed]
            at = stop
        if opened and end > opened[-1][0]:
            continue
        out += [escape(reading.text[at:start], quote=False), opening]
        at = start
        opened.append((end, closing))
    while opened:
        stop, closed = opened.pop()
        out += [escape(reading.text[at:stop], quote=False), closed]
        at = stop
    out.append(escape(reading.text[at:], quote=False))
    return "".join(out)
