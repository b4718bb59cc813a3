"""A mail as rooms write it: of a named kind, about something, in plain text and perhaps HTML."""

from collections.abc import Mapping, Sequence
from typing import Any

import css_inline
from django.core.mail import EmailMultiAlternatives

# No style sheet is fetched from anywhere; what cannot stand in an attribute (`@media`) stays in the head.
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


def one_line(text: str) -> str:
    """Promise: `text` as a header can carry it: no line break, no control character, single spaces."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def inlined(html: str) -> str:
    """Promise: the same page with each rule of its style sheet written on the elements it is for: mail programs drop the sheet."""
    return _INLINER.inline(html)


class Message(EmailMultiAlternatives):
    """`kind` is what staff see it called, `reference` what it is about. One that is not `keeps_text` holds what opens an account: its
    text is shown to nobody and forgotten once it has gone.
    """

    def __init__(
        self,
        kind: str,
        subject: str,
        text: str,
        to: Sequence[str],
        *,
        html: str = "",
        reference: str = "",
        headers: Mapping[str, str] | None = None,
        keeps_text: bool = True,
        **more: Any,
    ) -> None:
        super().__init__(one_line(subject), text, to=list(to), headers=dict(headers or {}), **more)
        self.kind, self.reference, self.keeps_text = kind, reference, keeps_text
        if html:
            self.attach_alternative(inlined(html), "text/html")
