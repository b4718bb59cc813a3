"""What text may hold: nothing that cannot be seen, and in a field of one line nothing that ends the line."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

# What no XML document may hold (https://www.w3.org/TR/xml/#charsets): nobody sees them, a feed breaks at them, and PostgreSQL
# takes neither a NUL nor half of a pair.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ENDS_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
MESSAGE = "Write this in one line: there is a line break in it, or a character that cannot be seen."


def seen(text: str) -> str:
    """Promise: the text without the characters that cannot be seen; line breaks and tabs stay."""
    return _UNSEEN.sub("", text)


def seen_within(value: Any) -> Any:
    """Promise: a value of JSON, each text in it without what cannot be seen, keys too."""
    if isinstance(value, str):
        return seen(value)
    if isinstance(value, list):
        return [seen_within(one) for one in value]
    if isinstance(value, dict):
        return {seen(name): seen_within(one) for name, one in value.items()}
    return value


def one_line(text: Any) -> None:
    """Errors: ValidationError when the text is none of one line."""
    if isinstance(text, str) and _ENDS_A_LINE.search(text):
        raise ValidationError(MESSAGE, code="not_one_line")


class OneLine(forms.CharField):
    """A field of a form for text of one line."""

    default_validators = [one_line]
