"""Rows of what a browser brings back: the pass, the session, the meter's cookie."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from backnumber.edge.page import passes, tokens
from backnumber.edge.page.seals import keyring
from backnumber.grants import service as grants
from backnumber.prove.asking import Answer, Browser
from backnumber.prove.fixtures import evidence_of
from backnumber.prove.forging import Forger, altered, reads, sealed
from backnumber.prove.row import Findings, Site, row
from backnumber.prove.rows.caches import seconds_until
from backnumber.prove.site_under_test import Piece

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
    piece, forger = site.piece(), Forger(site)
    _with_pass(site, "entitled", piece, found)
    good = sealed(forger.good)
    found.shown(forger.browser(good).get(piece.path), piece, "by a good pass, of the same session")
    for how, value in forger.forgeries():
        for _ in range(2):  # what was opened once is remembered
            found.cut(forger.browser(value).get(piece.path), piece, how)
    for how, session in (
        ("without a session", ""),
        ("a session that is none", "0" * 32),
        ("another's session", site.tested.signed_in["none"]),
    ):
        found.cut(forger.browser(good, session).get(piece.path), piece, how)
    found.shown(forger.browser(good).get(piece.path), piece, "by the good pass, again")
    _taken_back(site, found, "leaving", "signed out", _signs_out)
    _taken_back(site, found, "refunded", "refunded", lambda _browser: refund(site, "refunded"))


def _with_pass(site: Site, who: str, piece: Piece, found: Findings) -> Browser:
    """The pass comes with the first page; the second is the door's."""
    browser = site.browser(who)
    for _ in range(2):
        found.shown(browser.get(piece.path), piece, f"{who}, with a pass")
    found.control(passes.COOKIE in browser.cookies, f"{who} was given no pass")
    return browser


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
    grants.revoke(**evidence_of(site.tested.mark, who), because="backnumber prove-gate", now=timezone.now())


@row(30, "session fixed before sign-in", "rotated")
def fixed_session(site: Site, found: Findings) -> None:
    """Somebody plants a session of theirs in a reader's browser, and waits for the reader to sign in."""
    piece, name = site.piece(), settings.SESSION_COOKIE_NAME
    planted = SessionStore()
    planted.set_expiry(60)
    planted.create()
    fixed = planted.session_key or ""
    reader = Browser(site.at, {name: fixed})
    email = site.tested.readers["typist"].email
    answer = reader.post(SIGN_IN, {"login": email, "password": site.tested.password})
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
     tests="tests/meter (parallel tabs, accounts)")  # fmt: skip
def meter(site: Site, found: Findings) -> None:
    piece = site.piece("metered")
    for headers in _NOT_COUNTED:
        answer = site.get(piece.path, headers=dict(headers))
        if "Range" in headers:
            _not_read_for_nothing(found, answer, piece, f"{headers}")
        else:
            found.cut(answer, piece, f"{headers}")
    _not_read_for_nothing(found, site.browser().get(piece.path, method="HEAD"), piece, "HEAD")
    for ending in (".md", ".json"):
        found.cut(site.get(piece.ending(ending)), piece, ending)
    _spent(site, found, piece)
    if settings.METER_NOBODY:
        person = site.browser()
        for _ in range(2):
            whole = person.get(piece.path)
            found.shown(whole, piece, "nobody, with reads left")
            found.expect(not whole.may_be_shared, f"a metered read: {whole.header('Cache-Control')}")
        found.expect(tokens.METER_COOKIE in person.cookies, "the read was not counted")
        found.say("a cleared cookie begins anew, as documented")
    found.shown(site.get(piece.path, "entitled"), piece, "entitled")


def _not_read_for_nothing(found: Findings, answer: Answer, piece: Piece, how: str) -> None:
    """A proxy that keeps pages may ask for the whole where a part was asked for. That is a read as any other, if it counts."""
    if settings.METER_NOBODY and f"{tokens.METER_COOKIE}=" in answer.header("Set-Cookie"):
        found.seen(answer)
        found.say(f"{how}: a proxy made it a read, and it was counted")
    else:
        found.withheld(answer, piece, how)


def _spent(site: Site, found: Findings, piece: Piece) -> None:
    """A browser that has read as many other articles as the allowance has; its counterpart has read this one among them."""
    now = timezone.now()
    others = [2**40 + number for number in range(max(settings.METER_NOBODY, 1))]

    def ask(cookie: str) -> Answer:
        return Browser(site.at, {tokens.METER_COOKIE: cookie}).get(piece.path)

    found.cut(ask(reads(others, now)), piece, "the meter is spent")
    if not settings.METER_NOBODY:
        return
    good = reads([*others[1:], piece.key], now)
    found.shown(ask(good), piece, "the meter is spent, and this is one of those read")
    found.expect(not _counts(ask(good)), "what was read before is counted again")
    found.expect(_counts(ask("")), "what is read first is not counted")
    long_ago = reads(others, now - timedelta(days=settings.METER_DAYS, minutes=2))
    found.expect(_counts(ask(long_ago)), "what was read before the period still counts")
    for how, value in altered(good, inside=0):
        found.expect(_counts(ask(value)), f"a meter's cookie, {how}, is believed")
    of_another_key = reads([piece.key], now, keyring("gift", (settings.SECRET_KEY,)))
    found.expect(_counts(ask(of_another_key)), "a meter's cookie of another purpose is believed")


def _counts(answer: Answer) -> bool:
    return f"{tokens.METER_COOKIE}=" in answer.header("Set-Cookie")


ROWS = (replayed, fixed_session, meter)
