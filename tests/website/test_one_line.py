"""A field of one line takes one line, whatever a browser sends: in every table, every form and every block."""

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import get_resolver
from wagtail import blocks

from backnumber.archive.body import BodyBlock
from backnumber.characters import seen, seen_within
from backnumber.readers.forms import PlainFields

BROKEN = ["a\nb", "a\rb", "a\x1bb", "a\x00b", "a\x85b", "a\u2028b", "a\tb"]
# A question is split into its words, wherever they are parted.
FREE = "q"
TEXTS = {"text", "email", "url", "search", "tel"}


def char_fields() -> list[tuple[str, Any]]:
    return [
        (f"{model._meta.label}.{field.name}", field)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.CharField) and not field.choices
    ]


def refuses(field: Any, text: str) -> bool:
    try:
        field.run_validators(text)
    except ValidationError:
        return True
    return False


def test_no_table_of_any_room_takes_a_broken_line() -> None:
    fields = char_fields()
    assert len(fields) > 100
    assert [name for name, field in fields for text in BROKEN if not refuses(field, text)] == []


def every_form(one: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[Any]]:
    for below in one.__subclasses__():
        yield below
        yield from every_form(below)


def test_no_form_of_ours_takes_a_broken_line() -> None:
    assert get_resolver().url_patterns, "every view, and so every form, is loaded"
    ours = {form for form in every_form() if form.__module__.startswith("backnumber.")}
    of_one_line = [
        (form, name, field)
        for form in ours
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.CharField)
        and getattr(field.widget, "input_type", "") in TEXTS
        and name != FREE
        and not issubclass(form, PlainFields)
    ]
    assert len(of_one_line) > 12
    assert [
        (form.__name__, name)
        for form, name, field in of_one_line
        for text in BROKEN
        if not is_of_a_table(form, name) and not refuses(field, text)
    ] == []


def is_of_a_table(form: Any, name: str) -> bool:
    """Whether the table's own field refuses it, when the form is checked: see the test above."""
    model = getattr(getattr(form, "_meta", None), "model", None)
    return model is not None and any(field.name == name for field in model._meta.get_fields())


def test_nor_does_a_form_of_accounts() -> None:
    class Named(PlainFields, forms.Form):
        name = forms.CharField()

    assert Named({"name": "a key"}).is_valid()
    assert not Named({"name": "a\nkey"}).is_valid()


def blocks_in(block: Any) -> Iterator[Any]:
    yield block
    inside = [
        *getattr(block, "child_blocks", {}).values(),
        *([block.child_block] if hasattr(block, "child_block") else []),
    ]
    for one in inside:
        yield from blocks_in(one)


def test_no_block_of_one_line_takes_a_broken_one() -> None:
    lines = [one for one in blocks_in(BodyBlock()) if isinstance(one, blocks.CharBlock)]
    assert len(lines) > 6
    for one in lines:
        for text in BROKEN:
            with pytest.raises(ValidationError):
                one.clean(text)


def test_what_can_be_seen_is_kept() -> None:
    plain = "one\n\ttwo, fünf, 漢字 \U0001f600 \u200f\u00ad"
    assert seen(plain) == plain
    assert seen("a\x00b\ud800c\ufffe") == "abc"
    assert seen_within({"a\x00": ["b\x1b", 1, None, {"c": "d\x00"}]}) == {"a": ["b", 1, None, {"c": "d"}]}
