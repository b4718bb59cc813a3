"""Finding the phrases of the tables in a text."""

from typing import TypeVar

from backnumber.chronology.atoms import Token
from backnumber.chronology.data import Phrases

T = TypeVar("T")


def longest(text: str, tokens: list[Token], i: int, phrases: Phrases[T]) -> tuple[int, list[T]] | None:
    """Promise: the longest phrase that begins with token `i`: how many tokens it has and its meanings. None if there is none."""
    lengths = phrases.longest.get(tokens[i].word)
    if lengths is None:
        return None
    start = tokens[i].start
    for length in lengths:
        last = i + length - 1
        if last < len(tokens) and (meanings := phrases.by_phrase.get(text[start : tokens[last].end])):
            return length, meanings
    return None
