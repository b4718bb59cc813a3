"""One word is found however it is written, and a snippet marks it as it is printed."""

import itertools
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backnumber.search import analysis
from backnumber.search.analysis import Word, terms, words, words_wanted
from backnumber.search.folding import fold, folded
from backnumber.search.rules import marked, places

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
@example("ç.u. Ç.U.Ś")
@example("1’Ś")
@example("S.d.éaa")
@given(st.text(LETTERS, max_size=30))
def test_composed_or_not_is_all_the_same(text: str) -> None:
    assert terms(unicodedata.normalize("NFC", text)) == terms(unicodedata.normalize("NFD", text))


def test_a_plain_text_stays_as_it_is() -> None:
    text = "The walls of Ravenna, 1066 – a “plain” text."
    assert folded(text) == text
    assert fold(text).span(4, 9) == (4, 9)


@settings(deadline=None)
@given(st.text(LETTERS, max_size=60) | st.text(max_size=60), st.data())
def test_what_is_wanted_is_found_where_reading_every_word_finds_it(text: str, data: st.DataObject) -> None:
    """Only what can matter of a text is analysed; the rest is passed over."""
    every = words(text)
    begins = data.draw(st.lists(st.integers(0, max(len(every) - 1, 0)), max_size=3))
    runs = [tuple(w.term for w in every[at : at + data.draw(st.integers(1, 3))]) for at in begins]
    some = words_wanted(text, runs)

    def stand(among: list[Word]) -> list[tuple[int, int, int]]:
        return [
            (number, among[a].start, among[b - 1].end)
            for number, a, b in places(among, [r for r in runs if r])
        ]

    assert stand(some) == stand(every)


def test_a_phrase_is_not_found_across_a_word_but_across_a_dash() -> None:
    wanted = [("long", "wall")]
    for text, is_there in (("long walls", True), ("long — walls", True), ("long low walls", False)):
        assert bool(places(words_wanted(text, wanted), wanted)) is is_there, text


def test_a_vocabulary_that_has_grown_too_long_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "MOST_SPELLINGS", 3)
    text = "One after another five more words, and walls"
    for _ in range(3):
        assert [word.term for word in words_wanted(text, [("wall",)])] == ["wall"]
