"""One spelling for what is written in several: composed or not, hyphenated invisibly, with any apostrophe, with full stops.

The text that the index sees is made here, and of each of its characters is known where it came from, so that a snippet marks the word as
it is printed. Letters are folded to ASCII later, by the index's own analyser. Pure.

- A letter and the marks that combine with it are one letter (NFC); a mark that combines with none is left out.
- Soft hyphens, joiners, non-joiners, direction marks and other characters that are not seen are left out.
- An apostrophe between letters, of whatever kind, the letters ʾ (hamza), ʿ (ayn) and ʻ (okina) among them, joins: O’Brien is OBrien, Qurʾan is
  Quran. Two do not: the possessive ’s goes (Harrison’s is Harrison), and before an elided article the word begins anew (l’état is l, état).
- Letters with a full stop after each are one word: U.S.A. is USA, H.M.S. is HMS.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

# Apostrophes by use: typewriter, typographic, reversed, primes, accents that stand alone, modifier letters (half rings, okina), full width.
_MARKS = "'‘’‛′`´ʹʻʼʽʾʿˈˊˋꞌ＇"
_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
_COMBINING = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_ELIDED = "[dljmtscn]|qu|gl|un|(?:d|n|s|c)?(?:all|ell)|dall|sull|jusqu|lorsqu|puisqu"
_ODD = re.compile(
    rf"(?P<stops>(?<![\w.{_COMBINING}])(?:[^\W\d_][{_COMBINING}]*\.){{2,}}(?:[^\W\d_][{_COMBINING}]*)?(?![^\W\d_]|[{_COMBINING}]))"
    rf"|(?P<letter>[^\W\d_][{_COMBINING}{_UNSEEN}]*[{_COMBINING}][{_COMBINING}{_UNSEEN}]*)"
    rf"|(?P<unseen>[{_UNSEEN}{_COMBINING}]+)"
    rf"|(?P<possessive>(?<=[\w{_COMBINING}])[{_MARKS}][sS](?![\w{_COMBINING}]))"
    rf"|(?P<elided>(?<![\w{_COMBINING}])(?:{_ELIDED})[{_MARKS}](?=\w))"
    rf"|(?P<mark>[{_MARKS}])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(f"[{_UNSEEN}]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in one spelling. `begins` are the places in it where a stretch begins, `stretches` where in the original text each
    stretch begins and ends; a stretch of the same length is the same, letter for letter.
    """

    text: str
    begins: tuple[int, ...]
    stretches: tuple[tuple[int, int], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Promise: from where to where the characters from `start` to `end` of the folded text stand in the original."""
        return self._at(start)[0], self._at(end - 1)[1]

    def _at(self, place: int) -> tuple[int, int]:
        number = bisect_right(self.begins, place) - 1
        first, last = self.stretches[number]
        length = (self.begins[number + 1] if number + 1 < len(self.begins) else len(self.text)) - self.begins[
            number
        ]
        if length != last - first:
            return first, last
        here = first + place - self.begins[number]
        return here, here + 1


def fold(text: str) -> Folded:
    """Promise: `text` in one spelling, and where each of its characters came from."""
    parts: list[str] = []
    begins: list[int] = []
    stretches: list[tuple[int, int]] = []
    length = 0
    for part, first, last in _stretches(text):
        if part:
            parts.append(part)
            begins.append(length)
            stretches.append((first, last))
            length += len(part)
    return Folded("".join(parts), tuple(begins), tuple(stretches))


def folded(text: str) -> str:
    """Promise: the text of `fold` alone."""
    return "".join(part for part, _, _ in _stretches(text))


def _stretches(text: str) -> Iterator[tuple[str, int, int]]:
    at = 0
    for odd in _ODD.finditer(text):
        first, last = odd.span()
        if at < first:
            yield text[at:first], at, first
        yield _instead(odd, text), first, last
        at = last
    if at < len(text):
        yield text[at:], at, len(text)


def _instead(odd: "re.Match[str]", text: str) -> str:
    said = odd[0]
    if odd["letter"]:
        return unicodedata.normalize("NFC", _HIDDEN.sub("", said))[:1]
    if odd["stops"]:
        follows = text[odd.end() : odd.end() + 1]
        letters = (unicodedata.normalize("NFC", letter)[:1] for letter in said.split("."))
        return "".join(letters) + (" " if follows.isalnum() else "")
    if odd["elided"]:
        return said[:-1] + " "
    if odd["mark"]:
        between = odd.start() > 0 and _is_of_a_word(text[odd.start() - 1]) and odd.end() < len(text)
        return "" if between and _is_of_a_word(text[odd.end()]) else _alone(said)
    return " " if odd["possessive"] else ""


def _alone(mark: str) -> str:
    """A half ring or okina before a word is part of its spelling (ʿAlī, ʻokina); a quotation mark is none."""
    return "" if unicodedata.category(mark) == "Lm" else " "


def _is_of_a_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character) == "Mn" or bool(_HIDDEN.match(character))
