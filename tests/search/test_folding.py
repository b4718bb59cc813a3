"""One word is found however it is written, and a snippet marks it as it is printed."""

import itertools
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backnumber.search.analysis import terms, words
from backnumber.search.folding import fold, folded
from backnumber.search.rules import marked

SAME = {
    "a letter and its accent, composed or not": ["état", "e\u0301tat", "E\u0301TAT", "etat"],
    "more than one mark on a letter": ["ở", "o\u031b\u0309", "ơ\u0309", "o"],
    "soft hyphens and joiners": ["fortress", "for\u00adtress", "fort\u200dress", "fo\u200cr\u2060tr\ufeffess", "fort\u200bress"],
    "apostrophes of every kind": ["O'Brien", "O’Brien", "OʼBrien", "O`Brien", "O´Brien", "O‘Brien", "O′Brien", "O＇Brien", "OBrien"],
    "half rings": ["Qurʾān", "Qurʼān", "Qur'an", "Qurʾa\u0304n", "Quran", "QURAN"],
    "a half ring that begins a word": ["ʿAlī", "ʻAlī", "Ali", "‘Ali"],
    "full stops": ["U.S.A.", "USA", "U.S.A", "usa", "u.s.a."],
    "the possessive": ["Harrison’s", "Harrison's", "Harrison", "Harrisonʼs"],
    "an old letter": ["ſoul", "soul"],
    "vowel points": ["עִבְרִית", "עברית"],
    "a presentation form": ["ﬁre", "fire"],
}  # fmt: skip


@pytest.mark.parametrize("kind", SAME)
def test_one_word_has_one_spelling(kind: str) -> None:
    assert {terms(word) for word in SAME[kind]} == {terms(SAME[kind][-1])}
    assert len(terms(SAME[kind][-1])) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("its", "it is"), ("resume", "resumed it"), ("us", "U. S. A."), ("end.A", "enda")]
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert terms(one) != terms(other)


def test_an_elided_article_is_a_word_of_its_own() -> None:
    assert terms("l’état") == terms("l'e\u0301tat") == ("l", "etat")
    assert terms("A.D.1066") == ("ad", "1066")


@pytest.mark.parametrize(
    "text",
    [
        "The for\u00adtress of the Qurʾa\u0304n, by O’Brien of the U.S.A. army.",
        "\u200bfortress, Quran; OBrien — U.S.A",
        "e\u0301 FORTRESS Qur’ān ʿ OʼBrien’s (u.s.a.)",
    ],
)
def test_what_is_found_is_marked_where_it_stands(text: str) -> None:
    wanted = [terms(word) for word in ("fortress", "Quran", "O'Brien", "USA")]
    found = [part.text for part in marked(text, words(text), wanted) if part.found]
    assert [terms(part) for part in found] == wanted
    assert "".join(part.text for part in marked(text, words(text), wanted)) == text


LETTERS = st.sampled_from("aeéE\u0301\u0308\u00ad\u200d'’ʾʿsSlUd. -\nß漢ם\u05b41")


@given(st.text(LETTERS, max_size=40) | st.text(max_size=40))
def test_every_word_stands_somewhere_and_in_order(text: str) -> None:
    found = words(text)
    assert [word.term for word in found] == list(terms(text))
    assert all(0 <= word.start < word.end <= len(text) for word in found)
    assert all(one.end <= two.start for one, two in itertools.pairwise(found))


@example("éSʾ1")
@example("Renée’s café’S")
@example("éU.S.A.")
@given(st.text(LETTERS, max_size=30))
def test_composed_or_not_is_all_the_same(text: str) -> None:
    assert terms(unicodedata.normalize("NFC", text)) == terms(unicodedata.normalize("NFD", text))


def test_a_plain_text_stays_as_it_is() -> None:
    text = "The walls of Ravenna, 1066 – a “plain” text."
    assert folded(text) == text
    assert fold(text).span(4, 9) == (4, 9)
