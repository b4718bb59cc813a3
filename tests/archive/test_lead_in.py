"""The one cut: what anyone may read, and that nothing else gets out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backnumber.access import Decision, Reason
from backnumber.archive.blocks import (
    Block,
    Heading,
    Note,
    Paragraph,
    PictureRef,
    Quotation,
    Table,
    Verse,
    text_of,
    words_in,
)
from backnumber.archive.readable import FullText, NotAllowed, full_text, lead_in
from tests.making import paragraphs

DENIED = Decision(False, Reason.NO_ACCOUNT)
ALLOWED = Decision(True, Reason.OPEN)


def test_the_lead_in_is_whole_paragraphs_up_to_about_150_words() -> None:
    blocks = tuple(paragraphs("one", "two", "three", "four", length=60))
    assert lead_in(1, blocks).blocks == blocks[:2]


def test_the_lead_in_tells_how_many_words_follow() -> None:
    assert lead_in(1, tuple(paragraphs("one", "two", "three", length=70))).words_withheld == 70


def test_a_short_article_is_never_shown_whole() -> None:
    blocks = tuple(paragraphs("one", "two", length=20))
    assert lead_in(1, blocks).blocks == blocks[:1]


def test_an_article_of_one_paragraph_shows_its_opening_only() -> None:
    only = Paragraph(
        "The tower fell at dawn. " + "Nobody saw it go and nobody has found out why it went. " * 10
    )
    (shown,) = lead_in(1, (only,)).blocks
    assert text_of(shown).startswith("The tower fell at dawn.")
    assert words_in([shown]) < words_in([only]) / 2


def test_a_first_paragraph_of_a_thousand_words_is_cut_at_a_sentence() -> None:
    long = Paragraph("Twelve words make this sentence, and it is made again and again. " * 90)
    (shown,) = lead_in(1, (long, *paragraphs("two"))).blocks
    assert 140 <= words_in([shown]) <= 170
    assert text_of(shown).endswith("again.")


def test_the_lead_in_does_not_end_on_a_heading() -> None:
    blocks = (*paragraphs("one", length=100), Heading("Next"), *paragraphs("two", length=200))
    assert lead_in(1, blocks).blocks == blocks[:1]


def test_pictures_tables_and_notes_are_withheld() -> None:
    blocks = (
        PictureRef(1),
        Table("Ships", (("a",),)),
        *paragraphs("one", length=100),
        Note("1", "n"),
        *paragraphs("two", length=300),
    )
    assert lead_in(1, blocks).blocks == (blocks[2],)


def test_an_editor_sets_the_end() -> None:
    blocks = tuple(paragraphs("one", "two", "three", "four", length=60))
    assert lead_in(1, blocks, ends_after=3).blocks == blocks[:3]


def test_an_editor_cannot_give_the_whole_article_away() -> None:
    blocks = tuple(paragraphs("one", "two", "three", length=60))
    assert lead_in(1, blocks, ends_after=99).blocks == blocks[:2]


def test_a_full_text_needs_a_decision_that_allows() -> None:
    blocks = tuple(paragraphs("one"))
    with pytest.raises(NotAllowed):
        full_text(1, blocks, DENIED)
    assert full_text(1, blocks, ALLOWED).blocks == blocks


def test_a_full_text_cannot_be_made_by_hand() -> None:
    with pytest.raises(NotAllowed):
        FullText(1, tuple(paragraphs("one")), ALLOWED)


text = st.text("abc .!?…", min_size=1, max_size=400).filter(str.strip)
block = st.one_of(
    st.builds(Paragraph, text),
    st.builds(Heading, text),
    st.builds(Verse, text),
    st.builds(Note, st.just("1"), text),
    st.builds(Quotation, st.tuples(text)),
    st.builds(PictureRef, st.integers(1, 9)),
)


@given(st.lists(block, max_size=8), st.none() | st.integers(1, 9))
def test_the_lead_in_is_never_the_whole_article(blocks: list[Block], ends_after: int | None) -> None:
    body = [b for b in blocks if not isinstance(b, Note)]
    shown = lead_in(1, tuple(blocks), ends_after)
    assert words_in(shown.blocks) < words_in(body) or words_in(body) <= 1
    assert not any(isinstance(b, Note) for b in shown.blocks)


@given(st.lists(block, min_size=1, max_size=8))
def test_an_article_with_words_is_never_empty_at_the_gate(blocks: list[Block]) -> None:
    running = [b for b in blocks if isinstance(b, Paragraph | Verse | Quotation)]
    if words_in(running) > 1 and len(text_of(running[0]).split()) > 1:
        assert words_in(lead_in(1, tuple(blocks)).blocks) > 0
