"""One decision, one answer: who gets which text, with which headers, and what no way of asking changes."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import brotli
import pytest

from backnumber.access import Evidence, FreeWindow, Gift, Grant, Place, Policy, Read, Reason, Scope, ScopeKind
from backnumber.edge.door.credentials import AskerFinder, Keys
from backnumber.edge.door.page_cache import PageCache
from backnumber.edge.door.request import coding_of, cookies_of, read
from backnumber.edge.door.responding import Responder, Response
from backnumber.edge.door.usage_writer import UsageWriter
from backnumber.edge.page import passes, tokens
from backnumber.edge.page.passes import Pass
from backnumber.edge.page.places import PlaceRow, PlaceTable
from backnumber.edge.page.seals import keyring
from backnumber.edge.page.usage import COLUMNS, Ledger, UseKind, reader_key
from tests.door.pages import ADDRESS, ASKED, GATED, NOW, content

KEYS = Keys(*(keyring(purpose, ("secret",)) for purpose in ("pass", "meter", "gift")))
FIREFOX = (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
ARCHIVE = Scope(ScopeKind.ARCHIVE)
MARK = passes.session_digest("abc")
YEAR = timedelta(days=365)


class Door:
    """The answering half of the door, with a cache of one page."""

    def __init__(self, folder: Path) -> None:
        self.ledger = Ledger()
        self.cache = PageCache(1 << 20, folder)
        self.askers = AskerFinder(KEYS, "sessionid", (), 2, timedelta(days=30))
        uses = UsageWriter(lambda: "", b"key", self.ledger)
        self.responder = Responder(
            self.askers, self.cache, uses, [(b"vary", b"Cookie, Accept-Encoding")], is_secure=True
        )
        self.put()

    def put(self, **changes: Any) -> None:
        self.cache.put(ADDRESS, content(**changes), self.cache.heard)

    def ask(
        self, *headers: tuple[bytes, bytes], method: str = "GET", peer: str = "192.0.2.9", now: datetime = NOW
    ) -> Response | None:
        scope = {
            "method": method,
            "path": ADDRESS,
            "raw_path": ADDRESS.encode(),
            "headers": list(headers),
            "client": (peer, 1),
        }
        page = self.cache.get(ADDRESS, now)
        assert page is not None
        return self.responder.respond(read(scope), page, now)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    return Door(tmp_path)


def header(answer: Response | None, name: bytes) -> bytes:
    assert answer is not None
    return b" | ".join(value for found, value in answer.start["headers"] if found == name)


def plain(answer: Response | None) -> bytes:
    assert answer is not None
    body: bytes = answer.body["body"]
    coding = header(answer, b"content-encoding")
    return (
        gzip.decompress(body) if coding == b"gzip" else brotli.decompress(body) if coding == b"br" else body
    )


def a_grant(**changes: Any) -> Grant:
    made = Grant(1, ARCHIVE, NOW - YEAR, NOW + YEAR, Evidence.PAYMENT)
    return replace(made, **changes)


def cookie_of(
    *grants: Grant, until: datetime = NOW + timedelta(minutes=5), generation: int = 3
) -> tuple[bytes, bytes]:
    value = passes.sealed(Pass(5, MARK, generation, until, grants), KEYS.passes)
    return b"cookie", f"sessionid=abc; {passes.COOKIE}={value}".encode()


def test_nobody_gets_the_lead_in_and_every_cache_may_keep_it(door: Door) -> None:
    answer = door.ask()
    assert GATED not in plain(answer)
    assert b"<gate>no-account</gate>" in plain(answer)
    assert b"Sign in" in plain(answer)
    assert header(answer, b"cache-control") == b"public, max-age=60"
    assert header(answer, b"vary") == b"Cookie, Accept-Encoding"
    assert header(answer, b"surrogate-key") == b"article:7 issue:70"


def test_a_pass_with_a_grant_that_fits_opens_the_whole_text_to_its_reader_alone(door: Door) -> None:
    answer = door.ask(cookie_of(a_grant()))
    assert GATED in plain(answer)
    assert b"Account" in plain(answer)
    assert header(answer, b"cache-control") == b"private, no-store"


@pytest.mark.parametrize(
    "cookie",
    [
        cookie_of(),
        cookie_of(a_grant(until=NOW)),
        cookie_of(a_grant(scope=Scope(ScopeKind.ARTICLE, article=8))),
        cookie_of(a_grant(), until=NOW),
        (b"cookie", b"sessionid=abc"),
        (b"cookie", b"sessionid=abc; pass=forged"),
        (b"cookie", cookie_of(a_grant())[1] + b"x"),
        (b"cookie", cookie_of(a_grant())[1] + b"; sessionid=another"),
    ],
    ids=[
        "no grant",
        "lapsed",
        "another article",
        "pass ended",
        "no pass",
        "forged",
        "altered",
        "another session",
    ],
)
def test_a_session_that_no_pass_opens_the_text_for_is_for_django(
    door: Door, cookie: tuple[bytes, bytes]
) -> None:
    assert door.ask(cookie) is None


def test_a_pass_without_its_session_is_worth_nothing(door: Door) -> None:
    alone = cookie_of(a_grant())[1].partition(b"; ")[2]
    answer = door.ask((b"cookie", alone))
    assert GATED not in plain(answer)
    assert header(answer, b"cache-control") == b"private, no-store"


def test_what_is_revoked_opens_nothing_from_then_on(door: Door) -> None:
    held = cookie_of(a_grant())
    assert GATED in plain(door.ask(held))
    door.askers.revoked.generations[5] = 4
    assert door.ask(held) is None
    assert GATED in plain(door.ask(cookie_of(a_grant(), generation=4)))
    door.askers.revoked.sessions.add(MARK)
    assert door.ask(cookie_of(a_grant(), generation=4)) is None


def test_the_whole_texts_etag_never_answers_for_nobody(door: Door) -> None:
    whole = header(door.ask(cookie_of(a_grant())), b"etag")
    answer = door.ask((b"if-none-match", whole))
    assert answer is not None
    assert answer.start["status"] == 200
    mine = header(answer, b"etag")
    again = door.ask((b"if-none-match", b'"other", W/' + mine))
    assert again is not None
    assert (again.start["status"], again.body["body"]) == (304, b"")
    assert header(again, b"etag") == mine


@pytest.mark.parametrize("coding", [b"br", b"gzip", b"identity"])
def test_every_coding_brings_the_same_text_under_an_etag_of_its_own(door: Door, coding: bytes) -> None:
    accept = (b"accept-encoding", coding)
    for cookie in (None, cookie_of(a_grant())):
        asked = [accept, cookie] if cookie else [accept]
        bare = door.ask(cookie) if cookie else door.ask()
        answer = door.ask(*asked)
        assert plain(answer) == plain(bare)
        assert (header(answer, b"etag") == header(bare, b"etag")) is (coding == b"identity")
        assert int(header(answer, b"content-length")) == len(answer.body["body"] if answer else b"")


def test_head_tells_of_the_lead_in_and_has_no_body(door: Door) -> None:
    got, told = door.ask(), door.ask(method="HEAD")
    assert told is not None
    assert told.body["body"] == b""
    assert header(told, b"content-length") == header(got, b"content-length")
    assert len(door.ledger) == 1


def test_a_range_is_not_regarded(door: Door) -> None:
    answer = door.ask((b"range", b"bytes=-100"))
    assert answer is not None
    assert answer.start["status"] == 200
    assert plain(answer) == plain(door.ask())


def test_a_free_window_is_shared_until_its_last_second_and_no_longer(door: Door) -> None:
    door.cache.hear(["article:7"])
    window = FreeWindow(NOW - YEAR, NOW + timedelta(seconds=20), "this week's long read")
    door.put(asked=replace(ASKED, windows=(window,)))
    answer = door.ask()
    assert GATED in plain(answer)
    assert b"FREE" in plain(answer)
    assert b"Free this week" in plain(answer)
    assert header(answer, b"cache-control") == b"public, max-age=20"
    assert GATED not in plain(door.ask(now=window.until))


def metered(door: Door) -> None:
    door.cache.hear(["article:7"])
    door.put(asked=replace(ASKED, policy=Policy.METERED))


def reads(*articles: int) -> tuple[bytes, bytes]:
    cookie = tokens.reads_cookie([Read(article, NOW - timedelta(days=1)) for article in articles], KEYS.meter)
    return b"cookie", f"{tokens.METER_COOKIE}={cookie}".encode()


def test_a_metered_piece_is_spent_once_and_free_to_read_again(door: Door) -> None:
    metered(door)
    first = door.ask(FIREFOX)
    assert GATED in plain(first)
    assert b"You may read 1 more article here" in plain(first)
    assert header(first, b"cache-control") == b"private, no-store"
    cookie = header(first, b"set-cookie")
    assert b"HttpOnly; SameSite=Lax; Secure" in cookie
    again = door.ask(FIREFOX, (b"cookie", cookie.partition(b";")[0]))
    assert GATED in plain(again)
    assert header(again, b"set-cookie") == b""


def test_a_spent_meter_shuts(door: Door) -> None:
    metered(door)
    answer = door.ask(FIREFOX, reads(8, 9))
    assert GATED not in plain(answer)
    assert b"meter-spent" in plain(answer)
    assert header(answer, b"cache-control") == b"private, no-store"


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", [FIREFOX]),
        ("GET", [FIREFOX, (b"sec-purpose", b"prefetch;prerender")]),
        ("GET", [FIREFOX, (b"range", b"bytes=0-")]),
        ("GET", [(b"user-agent", b"Googlebot/2.1")]),
        ("GET", []),
    ],
    ids=["HEAD", "prefetch", "range", "crawler", "no name"],
)
def test_what_is_not_a_person_opening_a_page_neither_spends_nor_earns(
    door: Door, method: str, headers: list[tuple[bytes, bytes]]
) -> None:
    metered(door)
    answer = door.ask(*headers, method=method)
    assert GATED not in plain(answer)
    assert header(answer, b"set-cookie") == b""
    assert header(answer, b"cache-control") == b"private, no-store"


def test_a_gift_opens_its_one_article_until_it_ends_or_is_taken_back(door: Door) -> None:
    def brings(gift: Gift) -> tuple[bytes, bytes]:
        return b"cookie", f"{tokens.GIFT_COOKIE}={tokens.gift_cookie(gift, KEYS.gift)}".encode()

    gift = Gift(3, 7, NOW + YEAR)
    answer = door.ask(brings(gift))
    assert GATED in plain(answer)
    assert b"A subscriber has given you" in plain(answer)
    assert header(answer, b"cache-control") == b"private, no-store"
    assert GATED not in plain(door.ask(brings(replace(gift, article=8))))
    assert GATED not in plain(door.ask(brings(replace(gift, until=NOW))))
    door.askers.revoked.gifts.add(3)
    assert b"gift-ended" in plain(door.ask(brings(gift)))


def test_a_licensed_network_reads_and_only_trusted_hops_say_where_one_is(door: Door) -> None:
    licence = a_grant(evidence=Evidence.LICENCE)
    net = ip_network("198.51.100.0/24")
    row = PlaceRow(int(net[0]), int(net[-1]), 4, Place(9, "Ashdown & Sons", (licence,)))
    door.askers.places = PlaceTable((row,))
    answer = door.ask(peer="198.51.100.7")
    assert GATED in plain(answer)
    assert b"You read through Ashdown &amp; Sons." in plain(answer)
    assert header(answer, b"cache-control") == b"private, no-store"
    forged = [
        (b"x-forwarded-for", b"198.51.100.7"),
        (b"forwarded", b"for=198.51.100.7"),
        (b"x-real-ip", b"198.51.100.7"),
    ]
    assert GATED not in plain(door.ask(*forged, peer="192.0.2.9"))
    door.askers.trusted = (ip_network("192.0.2.9"),)
    assert GATED in plain(door.ask((b"x-forwarded-for", b"203.0.113.4, 198.51.100.7"), peer="192.0.2.9"))
    assert GATED not in plain(door.ask((b"x-forwarded-for", b"198.51.100.7, 203.0.113.4"), peer="192.0.2.9"))


def test_a_message_that_waits_for_its_reader_is_for_django(door: Door) -> None:
    assert door.ask((b"cookie", b"messages=W10")) is None


def test_each_view_is_noted_and_each_whole_text_apart(door: Door) -> None:
    door.ask(FIREFOX)
    door.ask(FIREFOX, cookie_of(a_grant()))
    denied, read_whole = (dict(zip(COLUMNS, use.split("\t"), strict=True)) for use in door.ledger.take(9))
    assert (denied["kind"], denied["reason"]) == (UseKind.DENIAL, Reason.NO_ACCOUNT)
    assert (read_whole["kind"], read_whole["reason"]) == (UseKind.REQUEST, Reason.GRANT)
    assert read_whole["article"] == "7"
    assert read_whole["reader_key"] == "\\\\x" + reader_key(5, "", b"", b"key").hex()
    assert denied["reader_key"] not in {read_whole["reader_key"], ""}


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        (b"gzip, deflate, br", "br"),
        (b"gzip", "gzip"),
        (b"", ""),
        (b"br;q=0, gzip", "gzip"),
        (b"br;q=0.5, gzip;q=0.9", "gzip"),
        (b"*", "br"),
        (b"*;q=0", ""),
        (b"gzip;q=none", ""),
        (b"BR", "br"),
        (b"identity", ""),
    ],
)
def test_the_coding_is_the_one_the_browser_likes_best(accept: bytes, coding: str) -> None:
    assert coding_of(accept) == coding


def test_of_two_cookies_with_one_name_the_last_counts() -> None:
    assert cookies_of(b"a=1; b=2;a=3; c; =x") == {"a": "3", "b": "2", "": "x"}


def test_a_wall_is_asked_at_each_request(door: Door) -> None:
    """Nothing that depends on the day is stored: the same page opens at midnight."""
    door.cache.hear(["article:7"])
    from_day = date(2026, 11, 19)
    door.put(
        asked=replace(
            ASKED, cover_date=from_day.replace(year=2016), wall=replace(ASKED.wall, free_after_years=10)
        )
    )
    midnight = datetime(2026, 11, 19, tzinfo=UTC)
    assert GATED not in plain(door.ask(now=midnight - timedelta(microseconds=1)))
    assert GATED in plain(door.ask(now=midnight))
