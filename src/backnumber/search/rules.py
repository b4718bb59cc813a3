"""What a reader asked for, read leniently, and which words of a text answer it. Pure."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backnumber.search.analysis import Word

LONGEST_QUESTION = 200
MOST_CLAUSES = 12
LONGEST_PHRASE = 12
_PIECE = re.compile(r'(?P<no>-(?=["\w]))?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "−": "-", "–": "-", "\x00": " "})


@dataclass(frozen=True, slots=True)
class Clause:
    """A word or a phrase, wanted or not."""

    text: str
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a snippet; `found` is what a reader asked for."""

    text: str
    found: bool


class Unclear(ValueError):
    """A question that cannot be answered; the message tells the reader what to do."""


def parse(question: str) -> tuple[Clause, ...]:
    """Promise: what is asked for: words, "phrases", and -words not wanted; whatever else is typed is read as words.

    Errors: Unclear for nothing, too much, or only what is not wanted.
    """
    text = question.translate(_QUOTES).strip()
    if not text:
        raise Unclear("Type a word or a name to look for.")
    if len(text) > LONGEST_QUESTION:
        raise Unclear(
            f"That is longer than a search can be. Use a few words, {LONGEST_QUESTION} characters at most."
        )
    clauses = tuple(_clauses(text))
    if not any(clause.wanted for clause in clauses):
        raise Unclear(
            "There is no word to look for in that. Type at least one word or name that the article should contain."
        )
    if len(clauses) > MOST_CLAUSES:
        raise Unclear(f"Those are more words than a search takes. Use {MOST_CLAUSES} or fewer.")
    return clauses


def _clauses(text: str) -> Iterator[Clause]:
    for piece in _PIECE.finditer(text):
        inside = piece["phrase"] if piece["phrase"] is not None else piece["word"]
        if any(character.isalnum() for character in inside):
            yield Clause(inside.strip(), piece["no"] is None)


def places(words: Sequence[Word], wanted: Sequence[tuple[str, ...]]) -> list[tuple[int, int, int]]:
    """Promise: where the wanted runs of terms stand: (index into `wanted`, first word, word after the last)."""
    found = []
    first = {terms[0]: [] for terms in wanted if terms}  # type: dict[str, list[int]]
    for number, terms in enumerate(wanted):
        if terms:
            first[terms[0]].append(number)
    for at, word in enumerate(words):
        for number in first.get(word.term, ()):
            terms = wanted[number]
            if tuple(w.term for w in words[at : at + len(terms)]) == terms:
                found.append((number, at, at + len(terms)))
    return found


def snippet(
    text: str, words: Sequence[Word], wanted: Sequence[tuple[str, ...]], length: int = 240
) -> tuple[Part, ...]:
    """Promise: about `length` characters of `text` around most of what is wanted, in parts; none when nothing of it is there."""
    found = places(words, wanted)
    if not found:
        return ()
    spans = [(number, words[a].start, words[b - 1].end) for number, a, b in found]
    start, end = _window(text, spans, length)
    inside = [(a, b) for _, a, b in spans if start <= a and b <= end]
    parts = list(_parts(text, start, end, inside))
    if start > 0:
        parts.insert(0, Part("… ", False))
    if end < len(text):
        parts.append(Part(" …", False))
    return tuple(parts)


def marked(text: str, words: Sequence[Word], wanted: Sequence[tuple[str, ...]]) -> tuple[Part, ...]:
    """Promise: all of `text` in parts: for a headline."""
    spans = [(words[a].start, words[b - 1].end) for _, a, b in places(words, wanted)]
    return tuple(_parts(text, 0, len(text), spans))


def _window(text: str, spans: Sequence[tuple[int, int, int]], length: int) -> tuple[int, int]:
    """The stretch that begins at a find and holds the most different ones, moved to the edges of words."""
    begins = [a for _, a, _ in spans]  # in order, as the words are

    def different(at: int) -> int:
        near = spans[bisect_left(begins, at) : bisect_right(begins, at + length)]
        return len({number for number, _, b in near if b <= at + length})

    best = max(begins, key=lambda a: (different(a), -a))
    start = max(best - length // 4, 0)
    end = max(min(start + length, len(text)), next(b for _, a, b in spans if a == best))
    if start:
        start = text.find(" ", start, best) + 1 or start
    if end < len(text):
        last = max((b for _, a, b in spans if a >= best and b <= end), default=best)
        space = text.rfind(" ", last, end)
        end = space if space > 0 else end
    return start, end


def _parts(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> Iterator[Part]:
    at = start
    for a, b in sorted(spans):
        if a < at:
            continue
        if a > at:
            yield Part(text[at:a], False)
        yield Part(text[a:b], True)
        at = b
    if at < end:
        yield Part(text[at:end], False)
