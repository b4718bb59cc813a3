"""Cookies of our own making, sealed with the site's own keys: each forgery has a counterpart that differs from it in one thing only and is good.

The pass is that of a throw-away reader whose own rights open none of what is asked for, in a session of theirs: so that what is shown
was opened by the pass, and what is refused is refused by everybody.
"""

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from backnumber.access import Evidence, Gift, Grant, Read, Scope, ScopeKind
from backnumber.edge.page import passes, tokens
from backnumber.edge.page.passes import Pass
from backnumber.edge.page.seals import SEAL_BYTES, Keyring, keyring
from backnumber.passes.queries import generation_and_grants
from backnumber.prove.asking import Browser
from backnumber.prove.row import Site
from backnumber.readers.keyrings import keyring_of

WHO = "wrong"  # their rights have changed once, so that there is an earlier number of their passes
_OTHER_SECRET = "another secret " * 4
_LATER = timedelta(minutes=4)


class Forger:
    """Makes passes, and browsers that bring them."""

    def __init__(self, site: Site) -> None:
        self.site = site
        reader = site.tested.readers[WHO].pk
        self.session = site.tested.signed_in[WHO]
        self.grant = Grant(
            1,
            Scope(ScopeKind.TITLE, title=site.tested.title.pk),
            timezone.now() - timedelta(days=1),
            None,
            Evidence.GIFT,
        )
        number, _ = generation_and_grants(reader)
        until = timezone.now() + _LATER
        self.good = Pass(reader, passes.session_digest(self.session), number, until, (self.grant,))

    def passed(self, grants: tuple[Grant, ...]) -> str:
        return sealed(replace(self.good, grants=grants))

    def browser(self, value: str, session: str | None = None) -> Browser:
        cookies = {settings.SESSION_COOKIE_NAME: self.session if session is None else session}
        if session == "":
            cookies = {}
        return Browser(self.site.at, {**cookies, passes.COOKIE: value})

    def forgeries(self) -> Iterator[tuple[str, str]]:
        """Promise: passes that differ from the good one in what is said."""
        good, value = self.good, sealed(self.good)
        other = passes.session_digest(self.site.tested.signed_in["entitled"])
        content = keyring_of("pass").opened(value) or b""
        yield from altered(value, inside=_HEAD_BYTES + 7)
        yield "of another version", keyring_of("pass").seal(bytes([passes.VERSION + 1]) + content[1:])
        yield "longer by a byte", keyring_of("pass").seal(content + b"\0")
        yield "of another session", sealed(replace(good, session=other))
        yield "ended", sealed(replace(good, until=timezone.now() - timedelta(seconds=2)))
        yield "of an earlier number", sealed(replace(good, generation=good.generation - 1))
        yield "of another key", sealed(good, keyring("pass", (_OTHER_SECRET,)))
        yield "of another purpose", sealed(good, keyring("meter", (settings.SECRET_KEY,)))
        yield "without grants", sealed(replace(good, grants=()))
        yield "none", "none"
        yield "empty", ""


_HEAD_BYTES = 34  # the first grant's key ends eight bytes after the pass's head


def sealed(one: Pass, keys: Keyring | None = None) -> str:
    return passes.sealed(one, keys or keyring_of("pass")) or ""


def altered(value: str, inside: int) -> Iterator[tuple[str, str]]:
    """Promise: the sealed text with one thing of it changed. The byte `inside` its content may have any value as far as its form goes."""
    raw = bytearray(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)))
    yield "one byte of its seal changed", _spelled(_flipped(raw, 0))
    yield "the last byte of its seal changed", _spelled(_flipped(raw, SEAL_BYTES - 1))
    yield "one byte of its content changed", _spelled(_flipped(raw, SEAL_BYTES + inside))
    yield "with a seal of noughts", _spelled(bytes(SEAL_BYTES) + raw[SEAL_BYTES:])
    yield "without a seal", _spelled(raw[SEAL_BYTES:])
    yield "cut short by a letter", value[:-1]
    yield "with a letter that is not ours", f"{value[:10]}.{value[10:]}"
    if len(raw) % 3:
        yield "spelled otherwise", _respelled(value)


def _flipped(raw: bytearray, at: int) -> bytes:
    return bytes(raw[:at]) + bytes([raw[at] ^ 1]) + bytes(raw[at + 1 :])


def _spelled(raw: bytes | bytearray) -> str:
    return base64.urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode()


def _respelled(value: str) -> str:
    """The last letter says more bits than there are bytes for: another letter says the same bytes."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return value[:-1] + letters[letters.index(value[-1]) ^ 1]


def gift(article: int, link: int, until: datetime, keys: Keyring | None = None) -> str:
    return tokens.gift_cookie(Gift(link, article, until), keys or keyring_of("gift"))


def reads(articles: list[int], at: datetime, keys: Keyring | None = None) -> str:
    return tokens.reads_cookie([Read(key, at) for key in articles], keys or keyring_of("meter"))
