"""Centuries and millennia, by their number in figures, words or Roman numerals."""

import re

from backnumber.chronology import lexicon
from backnumber.chronology.atoms import ERA, Atom, Token, is_bc
from backnumber.chronology.spans import of_century, of_millennium

_ERA_AFTER = re.compile(r",?\s?" + ERA)


def counted(text: str, tokens: list[Token], i: int) -> list[Atom]:
    """The 12th century, the fifth century BC, the XIXth century, the fourth and fifth centuries, the second millennium BC."""
    word = tokens[i].word.lower()
    found: list[tuple[int, int, int]] = []  # number, start, end
    at = i
    while len(found) < 4 and (ordinal := ordinal_before(text, tokens, at)):
        number, first = ordinal
        found.insert(0, (number, tokens[first].start, tokens[at - 1].end))
        before = text[max(0, tokens[first].start - 24) : tokens[first].start]
        joint = re.search(
            r"(?:\s?(?:[-–—/,&]|\band|\bto|\bor|\bthrough)\s?)(?:the\s)?(?:(?:early|mid|middle|late|very)[\s-])?(?:the\s)?$",
            before,
        )
        if not joint:
            break
        back = tokens[first].start - len(before) + joint.start()
        while at > 0 and tokens[at - 1].end > back:
            at -= 1
        if at == 0:
            break
    if not found or any(not 1 <= number <= 60 for number, _, _ in found):
        return []
    return _counted_atoms(text, tokens[i], word, found)


def _counted_atoms(text: str, token: Token, word: str, found: list[tuple[int, int, int]]) -> list[Atom]:
    era = _ERA_AFTER.match(text, token.end)
    bc = is_bc(era[1]) if era else False
    most = (10 if bc else 3) if word.startswith("mill") else 99 if bc else 21
    make = of_millennium if word.startswith("mill") else of_century
    if max(number for number, _, _ in found) > most or (
        word == "cent" and not era and len(text[found[-1][1] : token.start].strip()) > 12
    ):
        return []
    spans = [make(number, bc) for number, _, _ in found]
    end = era.end() if era else token.end
    atoms = [Atom(start, stop, "century", span) for (_, start, stop), span in zip(found, spans, strict=True)]
    atoms[-1].end = end
    if word.startswith("mill"):
        for atom in atoms:
            atom.rule = "millennium"
    return atoms


def ordinal_before(text: str, tokens: list[Token], i: int) -> tuple[int, int] | None:
    """The number in figures, words or Roman numerals that ends before token `i`, and the token that it begins with."""
    if i == 0 or text[tokens[i - 1].end : tokens[i].start].strip(" -–\n'\""):
        return None
    last = tokens[i - 1]
    word = last.word.lower()
    if word in {"st", "nd", "rd", "th", "d"} and i > 1 and tokens[i - 2].end == last.start:
        previous = tokens[i - 2].word
        number = int(previous) if previous.isdecimal() and len(previous) < 3 else lexicon.roman(previous)
        return (number, i - 2) if number else None
    if word in lexicon.ORDINALS:
        if (
            i > 1
            and tokens[i - 2].word.lower() in {"twenty", "thirty"}
            and (tens := f"{tokens[i - 2].word.lower()}-{word}") in lexicon.ORDINALS
        ):
            return lexicon.ORDINALS[tens], i - 2
        return lexicon.ORDINALS[word], i - 1
    if word.endswith("th") and last.word[:-2].isupper() and (numeral := lexicon.roman(last.word[:-2])):
        return numeral, i - 1
    if last.word.isupper() and (numeral := lexicon.roman(last.word)):
        return numeral, i - 1
    return None
