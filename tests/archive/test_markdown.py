"""Markdown of article bodies: every kind of block, and nothing a writer typed becomes more than words."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it import MarkdownIt

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
)
from backnumber.archive.inline_markdown import inline, one_line
from backnumber.archive.markdown import to_markdown
from backnumber.archive.readable import LeadIn, lead_in
from backnumber.archive.rendering import ShownPicture

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
SHOWN = ShownPicture("/pictures/1.svg", "", 40, 30, "A plan [of 1642]", "The walls.", "Drawn by Hollar")


def written(*blocks: Block, pictures: dict[int, ShownPicture] | None = None) -> str:
    return to_markdown(LeadIn(1, blocks, 0), pictures or {}, "https://archive.example")


def words_of(markdown: str) -> str:
    """What somebody reads who has the Markdown rendered."""
    root = lxml_html.fragment_fromstring(READER.render(markdown) or "<p></p>", create_parent="div")
    return " ".join(str(root.text_content()).split())


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (Paragraph("A <em>very</em> <b>bold</b> man"), "A *very* **bold** man"),
        (Paragraph("H<sub>2</sub>O, <s>no</s>, <q>yes</q>"), "H<sub>2</sub>O, ~~no~~, “yes”"),
        (
            Paragraph('See <a href="/archive/x/">the other</a>'),
            "See [the other](https://archive.example/archive/x/)",
        ),
        (
            Paragraph('<a href="https://e.example/a_(b)?c=d&amp;e">it</a>'),
            "[it](https://e.example/a_%28b%29?c=d&e)",
        ),
        (Paragraph("one<br>two"), "one\\\ntwo"),
        (Paragraph("<code>a`b</code>"), "``a`b``"),
        (Heading("The siege", 2), "## The siege"),
        (Heading("In C #", 3), "### In C \\#"),
        (PullQuote("He would not yield"), "> *He would not yield*"),
        (Quotation(("One.", "Two."), "Pepys"), "> One.\n>\n> Two.\n>\n> — Pepys"),
        (Verse("O rose\n  thou art\n\nsick"), "O rose\\\n&emsp;thou art\n\nsick"),
        (Preformatted("a\n```\n*b*"), "````\na\n```\n*b*\n````"),
        (Timeline("The years", (("1642", "War"),)), "### The years\n\n- **1642** War"),
        (FurtherReading(("<i>A Book</i>, 1990",)), "## Further reading\n\n- *A Book*, 1990"),
        (
            Listing("<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"),
            "1. a\n   - b\n2. c",
        ),
        (
            Table("Losses", (("Year", "Men|horses"), ("1642", "9"))),
            "**Losses**\n\n| Year | Men\\|horses |\n| --- | --- |\n| 1642 | 9 |",
        ),
        (Table("", (("a", "b"),), header_row=False), "|  |  |\n| --- | --- |\n| a | b |"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_each_kind_of_block(block: Block, said: str) -> None:
    assert written(block) == said


def test_a_mark_points_at_its_note_and_a_withheld_one_at_nothing() -> None:
    marks = 'so<sup><a href="#note-1">1</a></sup> and<sup><a href="#note-*">*</a></sup> and<sup><a href="#note-9">9</a></sup>'
    made = written(
        Paragraph(marks), Note("1", "See <i>Pepys</i>."), Note("*", "A star."), Note("1", "Again.")
    )
    assert made.split("\n\n") == [
        "so[^1] and[^note-2] and<sup>9</sup>",
        "[^1]: See *Pepys*.",
        "[^note-2]: A star.",
        "[^1-3]: Again.",
    ]


def test_a_picture_is_shown_with_its_words_or_leaves_no_trace() -> None:
    shown = written(PictureRef(1), pictures={1: SHOWN})
    assert (
        shown
        == "![A plan \\[of 1642\\]](https://archive.example/pictures/1.svg)\n\nThe walls. Drawn by Hollar"
    )
    assert written(PictureRef(1, "secret", "secret"), Paragraph("x")) == "x"


def test_a_lead_in_has_no_word_of_what_follows() -> None:
    blocks: tuple[Block, ...] = (
        *(Paragraph(f"{word} " * 80) for word in ("open", "shown")),
        Paragraph("gated"), PictureRef(1), Note("1", "gated"), Table("gated", (("gated",),)),
    )  # fmt: skip
    made = to_markdown(lead_in(1, blocks), {1: SHOWN})
    assert "open" in made
    assert "gated" not in made
    assert "plan" not in made
    assert "gated" in written(*blocks)  # the control: it would be there


@pytest.mark.parametrize(
    "typed",
    [
        "# not a heading", "- not a list", "1. not a list", "2) nor this", "> not said", "+ a", "=== a", "*** a", "---",
        "*stars* and _lines_", "[a](b) and [^1]", "![a](b)", "a `tick`", "<b>tag</b> <!-- note -->", "&amp; &copy; AT&T",
        "a | b", "~~a~~", "back\\slash", "www.example.org/_a_", "\\", "    four spaces", "C#", "``` fence",
    ],
)  # fmt: skip
def test_what_was_typed_comes_out_as_words(typed: str) -> None:
    assert words_of(one_line(typed)) == " ".join(typed.split())
    assert words_of(inline(escape(typed), {})) == " ".join(typed.split())
    assert words_of(written(Heading(typed))) == " ".join(typed.split())
    assert "<h2>" not in READER.render(inline(f"one<br>{escape(typed)}", {}))


@given(st.text(alphabet="ab \t\n*_`[]()<>&;#!|~\\-+=.:1é“—", max_size=40))
def test_any_words_come_out_as_they_went_in(typed: str) -> None:
    assert words_of(one_line(typed)) == " ".join(typed.split())


def test_nothing_that_runs_gets_through() -> None:
    made = written(
        Paragraph('<script>alert(1)</script><a href="javascript:alert(1)">x</a><img src=x onerror=alert(1)>')
    )
    assert made == "x"
