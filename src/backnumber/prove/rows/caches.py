"""Rows of what is kept and asked for again: shared caches, tags and dates, and what was open a moment ago.

Each of the first two has an article that nobody has asked for before, so that the first to ask fills the cache.
"""

import time
from collections.abc import Callable

from backnumber.archive.models import Article
from backnumber.prove.asking import Answer
from backnumber.prove.row import Findings, Site, row
from backnumber.prove.rows.page import CODINGS
from backnumber.prove.site_under_test import Piece

GONE_WITHIN = 1.0  # seconds, as docs/prove-gate.md says
IN_A_ROW = 4  # answers: each process of the server is to have heard
SHARED_SECONDS = 60


@row(
    20,
    "entitled reader, then nobody, same address, through a shared cache",
    "the lead-in; the entitled answer was the reader's own",
)
def entitled_first(site: Site, found: Findings) -> None:
    piece = site.piece("early")
    for headers in CODINGS:
        entitled = site.browser("entitled")
        for _ in range(2):
            whole = entitled.get(piece.path, headers)
            found.shown(whole, piece, f"entitled, {headers}")
            found.expect(not whole.may_be_shared, f"entitled: {whole.header('Cache-Control')}")
            found.expect(not whole.is_from_cache, "entitled: answered by a shared cache")
        for who in ("nobody", "nobody", "none", "lapsed"):
            found.cut(site.get(piece.path, who, dict(headers)), piece, f"{who} after entitled, {headers}")
    _say_cached(found)


@row(21, "nobody, then entitled, same address", "the full text")
def nobody_first(site: Site, found: Findings) -> None:
    piece = site.piece("late")
    for headers in CODINGS:
        for _ in range(2):
            lead_in = site.get(piece.path, headers=dict(headers))
            found.cut(lead_in, piece, f"nobody, {headers}")
            found.expect("public" in lead_in.header("Cache-Control"), "nobody: the lead-in may not be shared")
            found.expect(not lead_in.header("Set-Cookie"), "nobody: a shared page brings a cookie")
            varies = lead_in.header("Vary").lower()
            found.expect("cookie" in varies and "accept-encoding" in varies, f"nobody: Vary is {varies!r}")
        entitled = site.browser("entitled")
        for _ in range(2):
            found.shown(entitled.get(piece.path, headers), piece, f"entitled after nobody, {headers}")
        found.cut(site.get(piece.path, headers=dict(headers)), piece, f"nobody again, {headers}")
    _say_cached(found)


def _say_cached(found: Findings) -> None:
    asked = found.statuses.total()
    found.say(
        f"{found.from_cache} of {asked} from a cache" if found.from_cache else "no shared cache on the way"
    )


@row(22, "ETag or date of the full page sent by nobody", "never 304")
def tags(site: Site, found: Findings) -> None:
    piece, entitled = site.piece(), site.browser("entitled")
    for headers in CODINGS:
        whole = [entitled.get(piece.path, headers) for _ in range(3)][-1]
        found.shown(whole, piece, f"entitled, {headers}")
        tag = whole.header("ETag")
        for claimed in (tag, f"W/{tag}", f'"other", {tag}') if tag else ('"none"',):
            for who in ("nobody", "none", "lapsed"):
                how = {**headers, "If-None-Match": claimed}
                found.cut(site.get(piece.path, who, how), piece, f"{who}, {how}")
        # Varnish takes the moment at which it fetched a page for its date, where the page names none: we send no such date.
        for since in filter(None, ("Fri, 01 Jan 2100 00:00:00 GMT", whole.header("Last-Modified"))):
            how = {**headers, "If-Modified-Since": since}
            found.cut(site.get(piece.path, headers=how), piece, f"nobody, {how}")
        own = entitled.get(piece.path, {**headers, "If-None-Match": tag or '"none"'})
        found.control(
            own.status == 304 or not piece.planted.missing(own.text), f"entitled, own tag: {own.status}"
        )


@row(
    34,
    "article moved from open to gated",
    "gone at once for new requests, within a minute from a shared cache",
)
def moved_behind_the_gate(site: Site, found: Findings) -> None:
    piece = site.piece("turning")
    for _ in range(2):
        whole = site.get(piece.path)
        found.shown(whole, piece, "nobody, while it is open")
    found.expect(_seconds_shared(whole) <= SHARED_SECONDS, f"nobody: {whole.header('Cache-Control')}")
    Article.objects.filter(pk=piece.key).update(policy="")
    seconds = seconds_until(lambda: _past_the_cache(site, piece), piece, found)
    if seconds is not None:
        found.say(f"gone after {seconds:.2f} s")
    after = site.get(piece.path)
    if after.is_from_cache and _seconds_shared(after) <= SHARED_SECONDS:
        found.say(f"a shared cache keeps it for {SHARED_SECONDS} s at most")
    else:
        found.cut(after, piece, "nobody, once it is gated")
    found.shown(site.get(piece.path, "entitled"), piece, "entitled, once it is gated")


def _past_the_cache(site: Site, piece: Piece) -> Answer:
    """A cookie that nobody else has: no shared cache has an answer to it, and the page is still nobody's."""
    browser = site.browser()
    browser.cookies["prove"] = str(time.monotonic_ns())
    return browser.get(piece.path)


def _seconds_shared(answer: Answer) -> int:
    said = answer.header("Cache-Control").replace(" ", "").split(",")
    seconds = [part.partition("=")[2] for part in said if part.startswith(("max-age=", "s-maxage="))]
    return max((int(one) for one in seconds if one.isdecimal()), default=SHARED_SECONDS + 1)


def seconds_until(again: Callable[[], Answer], piece: Piece, found: Findings) -> float | None:
    """Asks: that the text is gone within a second, and stays gone. Promise: after how many seconds it was; None if it was not."""
    began = time.monotonic()
    gone_at, gone = 0.0, 0
    while gone < IN_A_ROW:
        answer = again()
        since = time.monotonic() - began
        if not piece.planted.traces(answer.everything, answer.read.plain):
            gone_at, gone = (since if gone == 0 else gone_at), gone + 1
        elif since > GONE_WITHIN:
            found.withheld(answer, piece, f"{since:.1f} s later")
            return None
        else:
            gone = 0
            time.sleep(0.02)
    found.cut(answer, piece, "as soon as it is gone")
    return gone_at


ROWS = (entitled_first, nobody_first, tags, moved_behind_the_gate)
