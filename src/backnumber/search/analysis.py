"""How words become the terms of the index: one spelling, lower case, accents folded, English endings cut. It must not know Django."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from backnumber.search.folding import fold, folded

LONGEST_WORD = 60
MOST_SPELLINGS = 100_000  # of a vocabulary, some 30 MB; then it begins anew
MOST_TEXTS = 200_000
_SPELLING = re.compile(r"\S+")


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


def words_wanted(text: str, wanted: Sequence[tuple[str, ...]]) -> list[Word]:
    """Promise: of `words(text)` those that stand between two spaces with a term of a run in `wanted`, in order; where others are left
    out between two, one word of no term stands for them, so that no run is found across it.

    What stands between two spaces is folded and cut the same whatever is beside it: see `folding`.
    """
    known = _vocabulary.now()
    known.learn_all_of(text)
    sought = {term for run in wanted for term in run}
    found = sorted(_stand(text, known.spelled(sought)))
    may_run = any(len(run) > 1 for run in wanted)
    all_of: list[Word] = []
    before = 0
    for start, spelling in found:
        if all_of and not (may_run and known.says_nothing(text, before, start)):
            all_of.append(Word("", before, start))
        all_of += [Word(one.term, start + one.start, start + one.end) for one in words(spelling)]
        before = start + len(spelling)
    return all_of


def _stand(text: str, spellings: set[str]) -> Iterator[tuple[int, str]]:
    """Promise: where each stands by itself, between spaces or at an end."""
    for spelling in spellings:
        at = text.find(spelling)
        while at >= 0:
            end = at + len(spelling)
            if (not at or text[at - 1].isspace()) and (end == len(text) or text[end].isspace()):
                yield at, spelling
            at = text.find(spelling, at + 1)


@dataclass(slots=True)
class Vocabulary:
    """What was met between two spaces, by term: the words of all texts, of no text what follows what."""

    terms: dict[str, bool] = field(default_factory=dict)
    """Whether a spelling has any."""
    of_term: dict[str, set[str]] = field(default_factory=dict)
    texts: set[int] = field(default_factory=set)
    """Hashes of those whose words are all here."""

    def learn_all_of(self, text: str) -> None:
        """Once for each text: a text of two alike hashes, one in ten to the nineteenth, has words that are not marked."""
        name = hash(text)
        if name not in self.texts:
            self.learn(set(text.split()))
            self.texts.add(name)

    def learn(self, spellings: set[str]) -> None:
        for spelling in spellings.difference(self.terms):
            its_terms = terms(spelling)
            for term in its_terms:
                self.of_term.setdefault(term, set()).add(spelling)
            self.terms[spelling] = bool(its_terms)  # last: another thread may ask at once

    def spelled(self, sought: set[str]) -> set[str]:
        return set().union(*(self.of_term.get(term, ()) for term in sought))

    def says_nothing(self, text: str, start: int, end: int) -> bool:
        """Whether no word stands there: a dash, or spaces alone."""
        return not any(self.terms[one[0]] for one in _SPELLING.finditer(text, start, end))


class _Bounded:
    """The vocabulary of this process; whoever is using one that was given up keeps it to the end."""

    def __init__(self) -> None:
        self._now = Vocabulary()

    def now(self) -> Vocabulary:
        if len(self._now.terms) > MOST_SPELLINGS or len(self._now.texts) > MOST_TEXTS:
            self._now = Vocabulary()
        return self._now


_vocabulary = _Bounded()
