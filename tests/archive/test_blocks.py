"""Blocks to the stored stream and back, and to HTML that nothing can run in."""

from hypothesis import given
from hypothesis import strategies as st

from backnumber.access import Decision, Reason
from backnumber.archive.blocks import (
    Block,
    FurtherReading,
    Heading,
    Listing,
    Note,
    Paragraph,
    PictureRef,
    Preformatted,
    PullQuote,
    Quotation,
    Table,
    Timeline,
    Verse,
    from_stream,
    plain,
    to_stream,
)
from backnumber.archive.readable import full_text
from backnumber.archive.rendering import ShownPicture, to_html, to_text
from backnumber.money import Amount

EVERY_KIND: list[Block] = [
    Paragraph('A <em>plain</em> paragraph.<sup><a href="#note-1">1</a></sup>'),
    Heading("A heading", 3),
    PullQuote("Said well"),
    Quotation(("First.", "Second."), "Pepys"),
    PictureRef(4, "alt", "caption"),
    Note("1", "The <em>note</em>."),
    Table("Ships", (("Year", "Lost"), ("1940", "12")), True, False),
    Verse("Line one,\n  line two.\n\nNew stanza."),
    Timeline("1928–53", (("1928", "A"), ("1934", "B"))),
    FurtherReading(("<em>A Book</em>, 1999",)),
    Listing("<ul><li>one</li></ul>"),
    Preformatted("a  b"),
]


def html_of(*blocks: Block, pictures: dict[int, ShownPicture] | None = None) -> str:
    return to_html(full_text(1, blocks, Decision(True, Reason.OPEN)), pictures or {})


def test_every_kind_of_block_comes_back_as_it_was_stored() -> None:
    assert list(from_stream(to_stream(EVERY_KIND))) == EVERY_KIND


def test_the_same_article_gives_the_same_ids() -> None:
    assert to_stream(EVERY_KIND, "a") == to_stream(EVERY_KIND, "a")
    assert to_stream(EVERY_KIND, "a") != to_stream(EVERY_KIND, "b")


def test_a_block_of_two_paragraphs_is_two_blocks() -> None:
    assert from_stream([{"type": "paragraph", "value": "<p>One</p><p>Two</p>", "id": ""}]) == (
        Paragraph("One"),
        Paragraph("Two"),
    )


def test_an_unknown_block_is_left_out() -> None:
    assert from_stream([{"type": "video", "value": "x", "id": ""}]) == ()


def test_a_note_is_linked_both_ways() -> None:
    html = html_of(*EVERY_KIND)
    assert 'href="#note-1" id="mark-1"' in html
    assert 'id="note-1"' in html
    assert 'href="#mark-1"' in html


def test_a_mark_without_its_note_is_no_link() -> None:
    assert "<a" not in html_of(EVERY_KIND[0])


def test_a_withheld_picture_leaves_no_trace() -> None:
    assert "figure" not in html_of(PictureRef(4, "an alt", "a caption"), *EVERY_KIND[:1])
    shown = ShownPicture("/p.png", "", 10, 10, "alt", "caption", "credit")
    assert "figure" in html_of(PictureRef(4), pictures={4: shown})


HOSTILE = [
    "<script>alert(1)</script>",
    '<a href="javascript:alert(1)">x</a>',
    '<em onclick="alert(1)">x</em>',
    '<img src="x" onerror="alert(1)">',
    "<style>*{}</style>",
    '<iframe src="//evil"></iframe>',
]


def test_nothing_that_runs_survives() -> None:
    for hostile in HOSTILE:
        for block in (
            Paragraph(hostile),
            Listing(f"<ul><li>{hostile}</li></ul>"),
            Note("1", hostile),
            FurtherReading((hostile,)),
            Quotation((hostile,)),
        ):
            html = html_of(block)
            assert not any(
                bad in html for bad in ("script", "onclick", "onerror", "<style", "<iframe", "<img")
            ), html


@given(st.text(max_size=80))
def test_plain_text_blocks_are_escaped(text: str) -> None:
    for block in (
        Heading(text),
        PullQuote(text),
        Verse(text),
        Preformatted(text),
        Table(text, ((text,),)),
        Timeline(text, ((text, text),)),
    ):
        assert "<script" not in html_of(block).lower()


def test_verse_keeps_its_lines_stanzas_and_indents() -> None:
    assert html_of(EVERY_KIND[7]) == (
        '<div class="verse"><p class="stanza">Line one,<br>&emsp;line two.</p><p class="stanza">New stanza.</p></div>'
    )


def test_the_text_of_a_body_has_its_notes_and_no_markup() -> None:
    text = to_text(full_text(1, tuple(EVERY_KIND), Decision(True, Reason.OPEN)))
    assert "[1] The note." in text
    assert "<" not in text


def test_plain_leaves_a_note_mark_out_of_the_word() -> None:
    assert plain('word<sup><a href="#note-1">1</a></sup> next') == "word next"


def test_amounts_are_printed_as_on_a_price_list() -> None:
    assert [
        str(Amount(4800, "GBP")),
        str(Amount(450, "EUR")),
        str(Amount(120, "JPY")),
        str(Amount(-5, "USD")),
    ] == ["£48", "€4.50", "¥120", "−$0.05"]
