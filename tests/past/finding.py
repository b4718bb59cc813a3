"""Findings as a reader of texts would give them, of words that the test chooses: what the pages do with them is what is tested here."""

import re
from collections.abc import Sequence
from dataclasses import replace

from backnumber.archive.models import Article
from backnumber.archive.queries import any_article, parts_of
from backnumber.past import queries, rules, service
from backnumber.past.rules import Found, Years
from backnumber.past.service import Read

Named = tuple[str, str, str] | tuple[str, str, str, float, float]  # words, kind, name, and where it is


def place(words: str, name: str, latitude: float = 51.5, longitude: float = -0.1) -> Named:
    return (words, "place", name, latitude, longitude)


def person(words: str, name: str) -> Named:
    return (words, "person", name)


def record(
    article: Article, named: Sequence[Named] = (), times: Sequence[tuple[str, str, Years]] = ()
) -> list[Found]:
    """Promise: wherever these words stand in the article they were found; the words of editors are applied."""
    of = any_article(article.pk)
    assert of is not None
    parts = parts_of(of)
    found = []
    for position, part in enumerate(parts):
        for words, kind, name, *where in named:
            for match in re.finditer(re.escape(words), part.text):
                key = f"{kind}:{name.lower().replace(' ', '-')}"
                latitude, longitude = where or (None, None)
                one = Found(position, match.start(), match.end(), words, kind, key, name, rule="test")
                found.append(_placed(one, latitude, longitude))
        for words, edtf, years in times:
            found += [
                _time(position, match, edtf, years) for match in re.finditer(re.escape(words), part.text)
            ]
    said = queries.words_of([article.pk]).get(article.pk, ())
    found = rules.with_words(parts, found, said)
    service.record([article.pk], [Read(of, parts, found)])
    return found


def _time(position: int, match: re.Match[str], edtf: str, years: Years) -> Found:
    return Found(position, *match.span(), match[0], "time", edtf, edtf, edtf, years, rule="test")


def _placed(one: Found, latitude: float | None, longitude: float | None) -> Found:
    return replace(one, latitude=latitude, longitude=longitude)
