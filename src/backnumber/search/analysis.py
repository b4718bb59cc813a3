"""How words become the terms of the index: one spelling, lower case, accents folded, English endings cut. It must not know Django."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from backnumber.search.folding import fold, folded

LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: its term, and where it stands, in characters."""

    term: str
    start: int
    end: int


@cache
def analyser() -> TextAnalyzer:
    filters: list[Any] = [
        Filter.remove_long(LONGEST_WORD),
        Filter.lowercase(),
        Filter.ascii_fold(),
        Filter.stemmer("english"),
    ]
    builder = TextAnalyzerBuilder(Tokenizer.simple())
    for one in filters:
        builder = builder.filter(one)
    return builder.build()


def terms(text: str) -> tuple[str, ...]:
    """Promise: the terms of `text` in order."""
    return tuple(analyser().analyze(folded(text)))


def words(text: str) -> list[Word]:
    """Promise: the words of `text` in order, as the index sees them."""
    plain = fold(text)
    tokens = analyser().pre_tokenize(plain.text).tokens
    return [Word(t.text, *plain.span(t.char_offset_from, t.char_offset_to)) for t in tokens]
