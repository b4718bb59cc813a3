"""Reading what a reader typed, and cutting what they see. Pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backnumber.search.analysis import terms, words
from backnumber.search.rules import Clause, Unclear, marked, parse, snippet


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Ravenna", [Clause("Ravenna")]),
        ('"divine right" kings', [Clause("divine right"), Clause("kings")]),
        ("“divine right”", [Clause("divine right")]),
        ("treaty -versailles", [Clause("treaty"), Clause("versailles", wanted=False)]),
        ('treaty -"of versailles"', [Clause("treaty"), Clause("of versailles", wanted=False)]),
        ("anti-war", [Clause("anti-war")]),
        ('"unclosed phrase', [Clause("unclosed phrase")]),
        ("body:secret AND (x)", [Clause("body:secret"), Clause("AND"), Clause("(x)")]),
        ("treaty - ! ? *", [Clause("treaty")]),
    ],
)
def test_words_phrases_and_what_is_not_wanted_are_read(typed: str, read: list[Clause]) -> None:
    assert list(parse(typed)) == read


@pytest.mark.parametrize(
    "typed", ["", "   ", '""', "-", "-versailles", "***", "x" * 201, " ".join("abcdefghijklmnop")]
)
def test_what_cannot_be_looked_for_is_said_in_words(typed: str) -> None:
    with pytest.raises(Unclear, match=r"\.$"):
        parse(typed)


@given(st.text(max_size=250))
def test_whatever_is_typed_is_read_or_refused_in_words(typed: str) -> None:
    try:
        clauses = parse(typed)
    except Unclear:
        return
    assert any(clause.wanted for clause in clauses)


@given(st.text(max_size=600), st.lists(st.text(min_size=1, max_size=12), max_size=4))
def test_a_snippet_is_a_piece_of_its_text_and_marks_what_was_asked_for(text: str, asked: list[str]) -> None:
    wanted = tuple(run for run in map(terms, asked) if run)
    parts = snippet(text, words(text), wanted, 80)
    shown = "".join(part.text for part in parts)
    assert shown.removeprefix("… ").removesuffix(" …") in text or not shown
    for part in parts:
        if part.found:
            assert terms(part.text) in wanted
    assert "".join(part.text for part in marked(text, words(text), wanted)) == text


def test_a_snippet_stands_where_most_of_what_is_wanted_stands() -> None:
    text = "walls " + "sand " * 100 + "the old walls of Ravenna stood " + "mud " * 100
    parts = snippet(text, words(text), (terms("wall"), terms("ravenna")), 80)
    assert [part.text for part in parts if part.found] == ["walls", "Ravenna"]
    assert parts[0].text == "… "
    assert parts[-1].text == " …"


def test_a_phrase_is_marked_only_where_its_words_stand_together() -> None:
    text = "Divine kings had no right; the divine right had kings."
    found = [part.text for part in marked(text, words(text), (terms("divine right"),)) if part.found]
    assert found == ["divine right"]
