"""The notes of a page of HTML, lifted out of it by the names that marks in its text point at. Knows no Django."""

from collections.abc import Collection
from dataclasses import replace

from backnumber.intake.markup import Element, Inline, fits, folded, is_element, is_mark_text, words_of
from backnumber.intake.profile import pattern
from backnumber.intake.reading import Rules

_NOTE_STARTS, _PARAGRAPH_ENDS = "\U000f0002", "\U000f0003"  # of a private plane, as the marks of `markup.py`


def marks_and_notes(body: Element, rules: Rules) -> tuple[frozenset[str], list[Element]]:
    """Promise: the names that marks in the text point at and notes bear, and the elements that hold notes."""
    if not rules.notes:
        return frozenset(), []
    pages = frozenset(
        n for e in body.iter() if is_element(e) and rules.pages and fits(e, rules.pages) for n in _names_in(e)
    )
    pointed_at = (
        frozenset(a.get("href")[1:] for a in _links_within(body) if is_mark_text(str(a.text_content())))
        - pages
    )
    found = [
        e
        for e in body.iter()
        if is_element(e) and fits(e, rules.notes) and pointed_at.intersection(_names_in(e))
    ]
    holders = set(found)
    found = [e for e in found if not any(outer in holders for outer in e.iterancestors())]
    return frozenset(n for e in found for n in _names_in(e)) & pointed_at, found


def is_mark(element: Element, marks: frozenset[str], notes: Collection[Element]) -> bool:
    """Whether it is a mark in the text, or a note's link back: no word of the text."""
    if element.tag != "a" or not (element.get("href") or "").startswith("#"):
        return False
    in_note = any(ancestor in notes for ancestor in element.iterancestors())
    return in_note or (element.get("href")[1:] in marks and is_mark_text(str(element.text_content())))


def lift_notes(
    found: list[Element], marks: frozenset[str], rules: Rules, inline: Inline
) -> tuple[Inline, dict[str, str], list[str]]:
    """Promise: the way to read inline markup that knows the notes' marks, every note's text by the names its
    marks point at, and the labels that were left out; the notes stand no longer in the page.
    """
    inline = replace(inline, note_keys=marks)
    notes: dict[str, str] = {}
    labels: list[str] = []
    for element in found:
        notes.update(_notes_in(element, marks, rules.note_label, inline, labels))
        element.drop_tree()
    return inline, notes, labels


def _notes_in(
    element: Element, pointed_at: frozenset[str], label: str, inline: Inline, labels: list[str]
) -> dict[str, str]:
    """Promise: the notes of one element, which may hold several, without their labels and the links back."""

    def unlabelled(text: str) -> str:
        if label_found := pattern(label).search(text):
            labels.append(words_of(label_found[0]))
        return folded(pattern(label).sub("", text, count=1))

    for back in _links_within(element):
        for key in pointed_at.intersection(_own_names(back)):
            back.addprevious(back.makeelement("a", {"id": key}))
        back.drop_tree()
    for inside in [e for e in element.iter() if is_element(e)]:
        if keys := sorted(pointed_at.intersection(_own_names(inside))):
            inside.text = f"{_NOTE_STARTS}{keys[0]}{_NOTE_STARTS}{inside.text or ''}"
        if inside.tag == "p" and inside is not element:
            inside.tail = f"{_PARAGRAPH_ENDS}{inside.tail or ''}"
    before, *parts = inline.html(element).replace(_PARAGRAPH_ENDS, "<br>").split(_NOTE_STARTS)
    texts = [unlabelled(folded(text)) for text in parts[1::2]]
    if texts and words_of(before):
        texts[0] = folded(f"{before} {texts[0]}")
    return {key: text for key, text in zip(parts[::2], texts, strict=True) if text}


def _links_within(element: Element) -> list[Element]:
    """Links to a place in the same page."""
    return [a for a in element.iter("a") if (a.get("href") or "").startswith("#")]


def _own_names(element: Element) -> set[str]:
    return {name for name in (element.get("id"), element.get("name")) if name}


def _names_in(element: Element) -> set[str]:
    return {name for e in element.iter() if is_element(e) for name in _own_names(e)}
