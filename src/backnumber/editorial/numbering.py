"""Notes that number themselves: what an editor writes as "[note: the words]" becomes a mark and a note, and all numbers follow the text.

Pure: the stream of an article's body goes in, another comes out.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Stream = list[dict[str, Any]]
_WRITTEN = re.compile(r"\[note:[^\]]", re.IGNORECASE)
# A note as it is written, or a mark as it is stored, the raised letter outside the link or inside.
_MARK = re.compile(
    r"\s*\[note:\s*(?P<words>(?:[^\[\]]|\[[^\[\]]*\])+?)\s*\]"
    r'|<sup>\s*<a\b[^>]*href="#note-(?P<outside>[^"]{1,8})"[^>]*>.*?</a>\s*</sup>'
    r'|<a\b[^>]*href="#note-(?P<inside>[^"]{1,8})"[^>]*>\s*<sup>.*?</sup>\s*</a>',
    re.DOTALL | re.IGNORECASE,
)
_RICH = {"paragraph", "listing"}


def has_written_note(stream: Sequence[Mapping[str, Any]]) -> bool:
    """Promise: whether somewhere a note is written in the text, to be numbered."""
    rich = [str(one["value"]) for one in stream if one["type"] in _RICH]
    quoted = [str(one["value"]["text"]) for one in stream if one["type"] == "quotation"]
    return any(_WRITTEN.search(text) for text in [*rich, *quoted])


def first_free(stream: Sequence[Mapping[str, Any]]) -> int:
    """Promise: the number after the highest note's; 1 where there is none."""
    marks = [str(one["value"].get("mark", "")) for one in stream if one["type"] == "note"]
    return max((int(mark) for mark in marks if mark.isdecimal()), default=0) + 1


def numbered(stream: Sequence[Mapping[str, Any]]) -> Stream:
    """Promise: every "[note: …]" is a mark, with its note after the text. Numbers run from 1 in the order of the marks, those that were
    there among them. A mark that is no number stays; a note that nothing points at is numbered last.
    """
    children = [dict(one) for one in stream]
    numbering = _Numbering([one for one in children if one["type"] == "note"])
    text = [one for one in children if one["type"] != "note"]
    for child in text:
        _rewrite(child, numbering.mark)
    return [*text, *numbering.notes()]


class _Numbering:
    """The notes in the order in which the text comes upon them."""

    def __init__(self, notes: Sequence[dict[str, Any]]) -> None:
        self.before = {str(one["value"]["mark"]): one for one in notes}
        self.every = list(notes)
        self.order: list[dict[str, Any]] = []
        self.given: dict[str, str] = {}

    def mark(self, found: re.Match[str]) -> str:
        if found["words"] is not None:
            number = self._next({"type": "note", "value": {"mark": "", "text": f"<p>{found['words']}</p>"}})
        else:
            number = self._again(found["outside"] or found["inside"])
        return f'<sup><a href="#note-{number}">{number}</a></sup>'

    def _again(self, mark: str) -> str:
        note = self.before.get(mark)
        if note is None or not mark.isdecimal():
            return mark
        if mark not in self.given:
            self.given[mark] = self._next(note)
        return self.given[mark]

    def _next(self, note: dict[str, Any]) -> str:
        self.order.append(note)
        return str(len(self.order))

    def notes(self) -> Stream:
        rest = [one for one in self.every if all(one is not met for met in self.order)]
        counted = [*self.order, *(one for one in rest if str(one["value"]["mark"]).isdecimal())]
        others = [one for one in rest if not str(one["value"]["mark"]).isdecimal()]
        return [
            *({**one, "value": {**one["value"], "mark": str(n)}} for n, one in enumerate(counted, 1)),
            *others,
        ]


def _rewrite(child: dict[str, Any], marked: Callable[[re.Match[str]], str]) -> None:
    if child["type"] in _RICH:
        child["value"] = _MARK.sub(marked, child["value"])
    elif child["type"] == "quotation":
        child["value"] = {**child["value"], "text": _MARK.sub(marked, child["value"]["text"])}
