"""Made-up prose that compresses about as English does: a fixed vocabulary, common words common. Pure; the same seed, the same text."""

from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from random import Random

MARK = "the-mark"  # in a form, for a word that is found again in the page
MORE = "again"  # a word that comes and goes
A_TITLE = 10_000  # articles
METERED = 1  # the number of the one article that the meter opens
_VOCABULARY = 6_000
_BEGINS = [
    "b",
    "c",
    "d",
    "f",
    "g",
    "h",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "t",
    "w",
    "st",
    "tr",
    "pl",
    "gr",
    "br",
    "sh",
    "th",
]
_VOWELS = ["a", "e", "i", "o", "u", "ea", "ou", "ai"]
_ENDS = ["", "n", "r", "s", "t", "l", "nd", "rt", "st", "ck", "m"]


@cache
def _words() -> tuple[list[str], list[float]]:
    """The words, the commonest first and short, and their weights summed up."""
    random = Random(1_951)
    found: dict[str, None] = {}
    while len(found) < _VOCABULARY:
        syllables = 1 if len(found) < 150 else random.choice((2, 2, 3))
        parts = (
            random.choice(_BEGINS) + random.choice(_VOWELS) + random.choice(_ENDS) for _ in range(syllables)
        )
        found["".join(parts)] = None
    return list(found), list(accumulate(1 / rank for rank in range(1, _VOCABULARY + 1)))


def of_rank(*ranks: int) -> list[str]:
    """Promise: the words that are so common: 0 is the commonest."""
    return [_words()[0][rank] for rank in ranks]


def _picked(random: Random, many: int) -> list[str]:
    words, weights = _words()
    return random.choices(words, cum_weights=weights, k=many)


def sentence(random: Random) -> str:
    text = " ".join(_picked(random, random.randint(8, 26)))
    return text.capitalize() + "."


def headline(random: Random) -> str:
    return " ".join(word.capitalize() for word in _picked(random, random.randint(3, 6)))


def name(random: Random) -> str:
    words, _ = _words()
    return " ".join(word.capitalize() for word in random.choices(words[150:], k=2))


def paragraphs(random: Random, size: int) -> Iterator[str]:
    """Promise: paragraphs of some ninety words each, `size` letters in all."""
    left = size
    while left > 0:
        text = " ".join(sentence(random) for _ in range(random.randint(4, 7)))[:left]
        left -= len(text)
        yield text.rstrip()
