"""Notes set beside the paragraph that cites them."""

from backnumber.access import Decision, Reason
from backnumber.archive.blocks import Block, Heading, Note, Paragraph
from backnumber.archive.readable import full_text
from backnumber.archive.rendering import to_html


def cite(mark: str, word: str) -> Paragraph:
    return Paragraph(f'{word}<sup><a href="#note-{mark}">{mark}</a></sup>')


def beside(*blocks: Block) -> str:
    return to_html(full_text(1, blocks, Decision(True, Reason.OPEN)), {}, notes_beside=True)


def test_a_note_cited_twice_is_printed_once() -> None:
    html = beside(cite("1", "First"), cite("1", "Second"), Note("1", "The note."))
    assert html.count("The note.") == 1
    assert html.index("First") < html.index("The note.") < html.index("Second")


def test_two_notes_of_one_mark_are_both_kept_in_order() -> None:
    html = beside(
        cite("*", "First"),
        Heading("Head"),
        cite("*", "Second"),
        Note("*", "Note one."),
        Note("*", "Note two."),
    )
    assert [html.index(word) for word in ("First", "Note one.", "Second", "Note two.")] == sorted(
        html.index(word) for word in ("First", "Note one.", "Second", "Note two.")
    )


def test_two_notes_alike_in_everything_are_two() -> None:
    html = beside(cite("*", "First"), cite("*", "Second"), Note("*", "Ibid."), Note("*", "Ibid."))
    assert html.count("Ibid.") == 2


def test_a_note_nobody_cites_stands_at_the_end() -> None:
    html = beside(Paragraph("Text."), Note("9", "A loose note."))
    assert '<section class="notes"' in html
    assert html.index("Text.") < html.index("A loose note.")


def test_a_group_ends_before_a_heading_and_every_group_is_closed() -> None:
    html = beside(
        cite("1", "First"),
        Paragraph("More."),
        Heading("Head"),
        cite("2", "Last"),
        Note("1", "One."),
        Note("2", "Two."),
    )
    assert "<p>More.</p>\n</div>\n<h2>Head</h2>" in html
    assert html.count("<div") == html.count("</div>")
