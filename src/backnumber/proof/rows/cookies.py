"""Rows of what a browser brings back: the pass, the session, the meter's cookie."""

import base64
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from backnumber.access import Read
from backnumber.allowances.keys import keys as allowance_keys
from backnumber.pages import passes, tokens
from backnumber.pages.passes import Pass
from backnumber.pages.seals import SEAL_BYTES, keyring
from backnumber.passes.service import keys as pass_keys
from backnumber.proof.asking import Answer, Browser
from backnumber.proof.ground import Piece
from backnumber.proof.row import Findings, Site, row
from backnumber.proof.rows.caches import seconds_until
from backnumber.proof.sowing import evidence_of
from backnumber.subscriptions import service as subscriptions

SIGN_IN, SIGN_OUT = "/account/sign-in/", "/account/sign-out/"
# What is no person's opening of a page (docs/meter.md).
_NOT_COUNTED = (
    {"Sec-Purpose": "prefetch"}, {"Purpose": "prefetch"}, {"X-Moz": "prefetch"}, {"Sec-Fetch-Dest": "iframe"},
    {"Sec-Fetch-Dest": "empty"}, {"Range": "bytes=0-"}, {"User-Agent": "Googlebot/2.1"}, {"User-Agent": "curl/8"},
    {"User-Agent": ""}, {"User-Agent": "Feedly/1.0"},
)  # fmt: skip


@row(
    29,
    "pass altered, of another key, none, expired, replayed after sign-out, after refund",
    "the lead-in; gone within a second",
)
def replayed(site: Site, found: Findings) -> None:
    piece = site.piece()
    good = _with_pass(site, "entitled", piece, found)
    if passes.COOKIE in good.cookies:
        for how, cookies in _forgeries(site, good):
            for _ in range(2):
                found.cut(Browser(site.at, dict(cookies)).get(piece.path), piece, how)
    _taken_back(site, found, "leaving", "signed out", _signs_out)
    _taken_back(site, found, "refunded", "refunded", lambda browser: refund(site, "refunded"))


def _with_pass(site: Site, who: str, piece: Piece, found: Findings) -> Browser:
    """The pass comes with the first page; the second is the front door's."""
    browser = site.browser(who)
    for _ in range(2):
        found.shown(browser.get(piece.path), piece, f"{who}, with a pass")
    found.control(passes.COOKIE in browser.cookies, f"{who} was given no pass")
    return browser


def _forgeries(site: Site, good: Browser) -> Iterator[tuple[str, dict[str, str]]]:
    """With the cookie of a session that is none: the pass alone is to be believed or not."""
    sealed = good.cookies[passes.COOKIE]
    held = passes.opened(sealed, pass_keys())
    if held is None:
        return
    raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    ended = Pass(
        held.reader, held.session, held.generation, timezone.now() - timedelta(seconds=1), held.grants
    )
    unsealed = base64.urlsafe_b64encode(bytes(SEAL_BYTES) + raw[SEAL_BYTES:]).rstrip(b"=").decode()
    values = {
        "altered at its end": sealed[:-3] + ("AAA" if sealed[-3:] != "AAA" else "BBB"),
        "altered at its start": ("A" if sealed[0] != "A" else "B") + sealed[1:],
        "cut short": sealed[:-8],
        "of another key": passes.sealed(held, keyring("pass", ("another secret " * 4,))) or "",
        "of another purpose": passes.sealed(held, keyring("meter", (settings.SECRET_KEY,))) or "",
        "without a seal": unsealed,
        "none": "none",
        "empty": "",
        "expired": passes.sealed(ended, pass_keys()) or "",
    }
    for how, value in values.items():
        yield how, {settings.SESSION_COOKIE_NAME: "forged", passes.COOKIE: value}
    yield "without a session", {passes.COOKIE: sealed}
    yield "a forged session", {settings.SESSION_COOKIE_NAME: "0" * 32}


def _taken_back(
    site: Site, found: Findings, who: str, how: str, take_back: Callable[[Browser], None]
) -> None:
    """The cookies of before are played again until they open nothing."""
    piece = site.piece()
    browser = _with_pass(site, who, piece, found)
    before = dict(browser.cookies)
    take_back(browser)
    seconds = seconds_until(lambda: Browser(site.at, dict(before)).get(piece.path), piece, found)
    if seconds is not None:
        found.say(f"{how}: {seconds:.2f} s")


def _signs_out(browser: Browser) -> None:
    browser.post(SIGN_OUT, {})


def refund(site: Site, who: str) -> None:
    subscriptions.revoke(
        **evidence_of(site.ground.mark, who), because="backnumber prove-gate", now=timezone.now()
    )


@row(30, "session fixed before sign-in", "rotated")
def fixed_session(site: Site, found: Findings) -> None:
    """Somebody plants a session of theirs in a reader's browser, and waits for the reader to sign in."""
    piece, name = site.piece(), settings.SESSION_COOKIE_NAME
    planted = SessionStore()
    planted.set_expiry(60)
    planted.create()
    fixed = planted.session_key or ""
    reader = Browser(site.at, {name: fixed})
    email = site.ground.readers["typist"].email
    answer = reader.post(SIGN_IN, {"login": email, "password": site.ground.password})
    found.control(answer.status in {302, 303}, f"signing in: {answer.status}")
    found.expect(reader.cookies.get(name) not in {fixed, None}, "the session is the one that was planted")
    for _ in range(2):
        found.shown(reader.get(piece.path), piece, "the reader who signed in")
        found.cut(Browser(site.at, {name: fixed}).get(piece.path), piece, "with the planted session")
    made_up = Browser(site.at, {name: "a" * 32})
    made_up.get(SIGN_IN)
    found.expect(
        made_up.cookies.get(name) != "a" * 32 or name not in made_up.paths, "a made-up session is taken over"
    )
    planted.delete()


@row(32, "meter: cookie cleared, script blocked, prefetch, spent", "the documented limit",
     tests="tests/allowances (parallel tabs, accounts)")  # fmt: skip
def meter(site: Site, found: Findings) -> None:
    piece = site.piece("metered")
    for headers in _NOT_COUNTED:
        _not_read_for_nothing(found, site.get(piece.path, headers=dict(headers)), piece, f"{headers}")
    _not_read_for_nothing(found, site.browser().get(piece.path, method="HEAD"), piece, "HEAD")
    for ending in (".md", ".json"):
        found.cut(site.get(piece.ending(ending)), piece, ending)
    found.cut(Browser(site.at, {tokens.METER_COOKIE: _spent()}).get(piece.path), piece, "the meter is spent")
    if settings.METER_NOBODY:
        person = site.browser()
        for _ in range(2):
            whole = person.get(piece.path)
            found.shown(whole, piece, "nobody, with reads left")
            found.expect(not whole.may_be_shared, f"a metered read: {whole.header('Cache-Control')}")
        found.control(tokens.METER_COOKIE in person.cookies, "the read was not counted")
        found.say("a cleared cookie begins anew, as documented")
    found.shown(site.get(piece.path, "entitled"), piece, "entitled")


def _not_read_for_nothing(found: Findings, answer: Answer, piece: Piece, how: str) -> None:
    """A proxy that keeps pages may ask for the whole where a part was asked for. That is a read as any other, if it counts."""
    if settings.METER_NOBODY and f"{tokens.METER_COOKIE}=" in answer.header("Set-Cookie"):
        found.seen(answer)
        found.say(f"{how}: a proxy made it a read, and it was counted")
    else:
        found.withheld(answer, piece, how)


def _spent() -> str:
    """As many other articles as the allowance has, read this minute."""
    now = timezone.now()
    reads = [Read(2**40 + number, now) for number in range(max(settings.METER_NOBODY, 1))]
    return tokens.reads_cookie(reads, allowance_keys("meter"))


ROWS = (replayed, fixed_session, meter)
