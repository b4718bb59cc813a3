"""The notes of a page of HTML, lifted out of it by the names that marks in its text point at. Knows no Django."""

from dataclasses import replace

from backnumber.intake.markup import Element, Inline, fits, folded, is_element
from backnumber.intake.profile import pattern
from backnumber.intake.reading import Rules

_NOTE_STARTS, _PARAGRAPH_ENDS = "\U000f0002", "\U000f0003"  # of a private plane, as the marks of `markup.py`


def lift_notes(body: Element, rules: Rules, inline: Inline) -> tuple[Inline, dict[str, str]]:
    """Promise: the way to read inline markup that knows the notes' marks, and every note's text by the names its
    marks point at; the notes stand no longer in the page.
    """
    if not rules.notes:
        return inline, {}
    pointed_at = frozenset(a.get("href")[1:] for a in _links_within(body))
    found = [
        e
        for e in body.iter()
        if is_element(e) and fits(e, rules.notes) and pointed_at.intersection(_names_in(e))
    ]
    inline = replace(inline, note_keys=frozenset(n for e in found for n in _names_in(e)) & pointed_at)
    notes: dict[str, str] = {}
    for element in found:
        notes.update(_notes_in(element, pointed_at, rules.note_label, inline))
        element.drop_tree()
    return inline, notes


def _notes_in(element: Element, pointed_at: frozenset[str], label: str, inline: Inline) -> dict[str, str]:
    """Promise: the notes of one element, which may hold several, without their labels and the links back."""
    for back in _links_within(element):
        for key in pointed_at.intersection(_own_names(back)):
            back.addprevious(back.makeelement("a", {"id": key}))
        back.drop_tree()
    for inside in [e for e in element.iter() if is_element(e)]:
        if keys := sorted(pointed_at.intersection(_own_names(inside))):
            inside.text = f"{_NOTE_STARTS}{keys[0]}{_NOTE_STARTS}{inside.text or ''}"
        if inside.tag == "p" and inside is not element:
            inside.tail = f"{_PARAGRAPH_ENDS}{inside.tail or ''}"
    _, *parts = inline.html(element).replace(_PARAGRAPH_ENDS, "<br>").split(_NOTE_STARTS)
    texts = (folded(pattern(label).sub("", folded(text), count=1)) for text in parts[1::2])
    return {key: text for key, text in zip(parts[::2], texts, strict=True) if text}


def _links_within(element: Element) -> list[Element]:
    """Links to a place in the same page."""
    return [a for a in element.iter("a") if (a.get("href") or "").startswith("#")]


def _own_names(element: Element) -> set[str]:
    return {name for name in (element.get("id"), element.get("name")) if name}


def _names_in(element: Element) -> set[str]:
    return {name for e in element.iter() if is_element(e) for name in _own_names(e)}
