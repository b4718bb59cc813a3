"""Notes number themselves."""

from typing import Any

from backnumber.editorial.numbering import first_free, has_written_note, numbered


def paragraph(html: str) -> dict[str, Any]:
    return {"type": "paragraph", "value": html, "id": "p"}


def note(mark: str, text: str) -> dict[str, Any]:
    return {"type": "note", "value": {"mark": mark, "text": f"<p>{text}</p>"}, "id": f"n{mark}"}


def mark(n: str) -> str:
    return f'<sup><a href="#note-{n}">{n}</a></sup>'


def notes(stream: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["value"]["mark"], one["value"]["text"]) for one in stream if one["type"] == "note"]


def test_a_written_note_becomes_a_mark_and_a_note_and_the_others_move_on() -> None:
    stream = [paragraph(f"<p>One [note: <i>First</i>, p. [12]]. Two.{mark('1')}</p>"), note("1", "Old")]
    made = numbered(stream)
    assert made[0]["value"] == f"<p>One{mark('1')}. Two.{mark('2')}</p>"
    assert notes(made) == [("1", "<p><i>First</i>, p. [12]</p>"), ("2", "<p>Old</p>")]
    assert made[2]["id"] == "n1", "a note stays the block it was"


def test_numbers_follow_the_text_and_two_marks_of_one_note_stay_one() -> None:
    stream = [paragraph(f"<p>A{mark('2')} b{mark('1')} c{mark('2')}</p>"), note("1", "One"), note("2", "Two")]
    made = numbered(stream)
    assert made[0]["value"] == f"<p>A{mark('1')} b{mark('2')} c{mark('1')}</p>"
    assert notes(made) == [("1", "<p>Two</p>"), ("2", "<p>One</p>")]


def test_other_marks_and_notes_without_a_mark_are_kept() -> None:
    stream = [
        note("*", "Star"),
        note("7", "Alone"),
        paragraph(f'<p>A{mark("*")} <a href="#note-3"><sup>3</sup></a></p>'),
        note("3", "Three"),
    ]
    made = numbered(stream)
    assert made[0]["value"] == f"<p>A{mark('*')} {mark('1')}</p>"
    assert notes(made) == [("1", "<p>Three</p>"), ("2", "<p>Alone</p>"), ("*", "<p>Star</p>")]


def test_notes_in_lists_and_quotations_count_in_their_place() -> None:
    stream = [
        {"type": "quotation", "value": {"text": "<p>Q [note: q]</p>", "source": ""}},
        {"type": "listing", "value": "<ul><li>L [note: l]</li></ul>"},
    ]
    assert notes(numbered(stream)) == [("1", "<p>q</p>"), ("2", "<p>l</p>")]
    assert has_written_note(stream)
    assert not has_written_note([paragraph("<p>[note]</p>")])


def test_numbering_twice_changes_nothing_and_the_next_is_free() -> None:
    once = numbered([paragraph("<p>A [note: a] b [note: b]</p>")])
    assert numbered(once) == once
    assert first_free(once) == 3
    assert first_free([]) == 1
