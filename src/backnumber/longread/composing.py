"""What stands in a week's mail: the article whole, what the editor adds, the foot. It must not know to whom it goes."""

from datetime import datetime
from typing import Any

import lxml.html
from django.conf import settings
from django.template.loader import render_to_string

from backnumber.access import Asker
from backnumber.archive.queries import articles_with_text, readable
from backnumber.archive.rendering import to_html, to_text
from backnumber.gate.facts import decision_for
from backnumber.invoices.queries import seller_now
from backnumber.longread import rules
from backnumber.longread.letters import Letter
from backnumber.longread.models import LongRead
from backnumber.mail.messages import inlined, one_line

CLIPPED_AT = 102_000  # bytes of HTML that Gmail shows; what follows, the way out too, it hides behind a link
_ROOM = 92_000  # for the article, so that head and foot have theirs


class NothingToSend(Exception):
    """There is no long read this week, or its article may not be read by everyone."""


def letter_for(chosen: LongRead, moment: datetime) -> Letter:
    """Promise: the mail of this long read as it would be frozen at `moment`. Errors: NothingToSend."""
    article = articles_with_text().filter(pk=chosen.article_id).first()
    if article is None:
        raise NothingToSend(f"“{chosen.article}” is not published")
    text = readable(article, decision_for(article, Asker(), moment))
    if not text.is_whole:
        raise NothingToSend(f"“{article}” may not be read by everyone then")
    body, is_whole = _that_fits(to_html(text, {}))
    seller = seller_now()
    facts: dict[str, Any] = {
        "site_name": settings.SITE_NAME,
        "article": article,
        "long_read": chosen,
        "address": settings.ADDRESS + article.get_absolute_url(),
        "site": settings.ADDRESS,
        "text": to_text(text),
        "body": body,
        "is_whole": is_whole,
        "links": [(link.words, _absolute(link.address)) for link in rules.links_in(chosen.links)],
        "sender": ", ".join(
            one_line(line) for line in [seller.name, *seller.address.splitlines()] if line.strip()
        ),
    }
    return Letter(
        subject=one_line(f"{article.headline}: this week’s long read"),
        text=render_to_string("longread/mail/edition.txt", facts),
        html=inlined(render_to_string("longread/mail/edition.html", facts)),
    )


def _absolute(address: str) -> str:
    return settings.ADDRESS + address if address.startswith("/") else address


def _that_fits(body: str) -> tuple[str, bool]:
    """Promise: as many of the article's blocks as a mail holds, and whether that is all of them."""
    if len(body.encode()) <= _ROOM:
        return body, True
    kept, size = [], 0
    for block in lxml.html.fragments_fromstring(body):
        written = block if isinstance(block, str) else lxml.html.tostring(block, encoding="unicode")
        size += len(written.encode())
        if size > _ROOM:
            break
        kept.append(written)
    return "".join(kept), False
