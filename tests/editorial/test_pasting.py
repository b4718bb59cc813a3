"""The same piece, pasted from Word, Google Docs and LibreOffice, is the same blocks."""

from pathlib import Path

import pytest

from backnumber.archive.blocks import Block, Heading, Listing, Note, Paragraph, Quotation, Table
from backnumber.editorial.pasting import LARGEST, from_html, from_text

CLIPBOARDS = Path(__file__).parent / "clipboards"
PIECE: tuple[Block, ...] = (
    Heading("The Wall", 2),
    Paragraph(
        'It held for <b>nine weeks</b>, and <i>nobody</i> knew why.<sup><a href="#note-4">4</a></sup> See '
        '<a href="https://example.org/wall?a=1&amp;b=2">the survey</a>.'
    ),
    Heading("What it was made of", 3),
    Listing("<ul><li>Stone<ul><li>from the <i>river</i></li></ul></li><li>Lime</li></ul>"),
    Paragraph("Then, in this order:"),
    Listing("<ol><li>the ditch</li><li>the gate</li></ol>"),
    Quotation(("We have bread for a week.", 'And wine for two.<sup><a href="#note-5">5</a></sup>')),
    Table("", (("Week", "Loaves"), ("1", "4,000")), header_row=True),
    Paragraph("H<sub>2</sub>O &lt; wine &amp; beer."),
    Note("4", "Marsh, <i>The Wall</i>, p. 12."),
    Note("5", "Or three."),
)


@pytest.mark.parametrize("program", ["word", "google-docs", "libreoffice"])
def test_every_program_gives_the_same_blocks(program: str) -> None:
    pasted = from_html((CLIPBOARDS / f"{program}.html").read_text(), first_note=4)
    assert pasted.blocks == PIECE
    assert pasted.pictures == 1


@pytest.mark.parametrize(
    "html",
    [
        '<p>Go<script>alert(1)</script> <a href="javascript:alert(1)">here</a></p>',
        '<p onclick="alert(1)">Go <a href="data:text/html,x">here</a></p>',
        "<div>Go <iframe src=x></iframe><span style='mso-hide:all'>secret</span>here</div>",
        '<p>Go <a href="//evil.example/">here</a><style>p{}</style></p>',
        "Go here",
    ],
)
def test_nothing_that_runs_or_is_hidden_comes_along(html: str) -> None:
    assert from_html(html).blocks == (Paragraph("Go here"),)


@pytest.mark.parametrize(
    "html",
    ["", "   ", "<p>&nbsp;</p>", "<html><body></body></html>", "<!-- x -->", "<table></table>", "<ul></ul>"],
)
def test_what_is_empty_gives_nothing(html: str) -> None:
    assert from_html(html).blocks == ()


def test_a_list_of_books_that_hangs_is_no_quotation() -> None:
    html = '<p style="margin-left:36pt;text-indent:-36pt">Marsh, <i>The Wall</i> (1951)</p>'
    assert from_html(html).blocks == (Paragraph("Marsh, <i>The Wall</i> (1951)"),)


def test_a_frame_around_text_is_no_table() -> None:
    assert from_html("<table><tr><td><p>One</p><p>Two</p></td></tr></table>").blocks == (
        Paragraph("One"),
        Paragraph("Two"),
    )


def test_a_link_within_the_page_that_is_no_note_loses_its_link() -> None:
    html = '<p>See <a href="#later">later</a>.</p><p><a name="later"></a>Later.</p>'
    assert from_html(html).blocks == (Paragraph("See later."), Paragraph("Later."))


def test_plain_text_is_parted_at_empty_lines_or_else_at_every_line() -> None:
    assert from_text("One\nline\n\nTwo < three").blocks == (
        Paragraph("One line"),
        Paragraph("Two &lt; three"),
    )
    assert from_text("One\r\nTwo").blocks == (Paragraph("One"), Paragraph("Two"))


def test_what_is_too_long_or_too_deep_is_refused_or_read_but_breaks_nothing() -> None:
    with pytest.raises(ValueError, match="in parts"):
        from_html("x" * (LARGEST + 1))
    assert from_html("<div>" * 3000 + "deep" + "</div>" * 3000) is not None
