"""The control of the proof: a site that leaks in one way is found out in the row of that way, and a row whose entitled reader
sees nothing proves nothing.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from backnumber.editorial.roles import make_roles
from backnumber.prove import clearing
from backnumber.prove.asking import door
from backnumber.prove.fixtures import plant
from backnumber.prove.row import Findings, Site, Verdict
from backnumber.prove.rows import ALL
from backnumber.prove.site_under_test import SiteUnderTest
from tests.leaks.faulty import Asked, Fault, Forward, faulty, page
from tests.leaks.ground import committed
from tests.serving import Running, serving

pytestmark = pytest.mark.django_db
ROWS = {row.number: row for row in ALL}
Pick = Callable[[Asked, SiteUnderTest], bool]


@pytest.fixture(scope="module")
def running(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    with committed(django_db_blocker), serving(tmp_path_factory.mktemp("faulty")) as started:
        yield started


@pytest.fixture(scope="module")
def tested(running: Running, django_db_blocker: DjangoDbBlocker) -> Iterator[SiteUnderTest]:
    with django_db_blocker.unblock():
        planted = plant(timezone.now())
        try:
            yield planted
        finally:
            clearing.clear(planted.mark)


@pytest.fixture
def roles(db: None) -> None:
    make_roles()


def everything(tested: SiteUnderTest) -> str:
    """All that was planted, gated words too."""
    pieces = tested.pieces.values()
    return " ".join(
        word for piece in pieces for word in (piece.planted.lead_in, *piece.planted.gated.values())
    )


def found_by(number: int, tested: SiteUnderTest, fault: Fault, upstream: Running) -> Findings:
    """What a row changes is to be seen by the server: in a thread of its own it commits, beside the test's transaction."""
    found = Findings()
    check = ROWS[number].check
    assert check is not None

    def asked(port: int) -> None:
        check(Site(door(f"http://127.0.0.1:{port}", upstream.address), tested), found)
        connection.close()

    with faulty(fault, upstream.port) as port, ThreadPoolExecutor(1) as beside:
        beside.submit(asked, port).result()
    return found


def has(header: str, value: str = "") -> Pick:
    return lambda asked, tested: value in asked.headers.get(header, "-")


def to(part: str) -> Pick:
    return lambda asked, tested: part in asked.target


def article(name: str) -> Pick:
    return lambda asked, tested: asked.target.startswith(tested.pieces[name].path)


# Row by row: the requests at which the gate is broken on purpose, and all that was planted comes back.
BROKEN: dict[int, Pick] = {
    1: lambda asked, tested: asked.headers.get("accept-encoding") == "gzip",
    2: article("gated"),
    4: to("/feeds/contributors/"),
    5: to("/sitemaps/"),
    6: to("?fields=body"),
    7: to(".pdf"),
    8: to("/oembed"),
    10: lambda asked, tested: "hx-request" in asked.headers,
    11: to("/search/"),
    12: to("&page=2"),
    13: to("/suggest/"),
    14: to("/sections/prove-gate-"),
    15: to("?amp=1"),
    16: article("draft"),
    17: to("preview_token="),
    18: to("/revisions/compare/"),
    19: to("/nothing-"),
    22: lambda asked, tested: "if-none-match" in asked.headers,
    23: has("range", "bytes=-500"),
    24: lambda asked, tested: asked.method == "PROPFIND",
    25: to("%252e"),
    26: lambda asked, tested: asked.headers.get("x-internal") == "1",
    27: has("user-agent", "Googlebot"),
    28: lambda asked, tested: asked.headers.get("x-real-ip") == tested.campus,
    29: has("cookie", "pass=none"),
    30: lambda asked, tested: "sessionid" in asked.headers.get("cookie", ""),
    31: to("?gift="),
    32: has("sec-purpose", "prefetch"),
    34: article("turning"),
    35: to("/media/"),
    37: has("cookie", "pass="),
    38: article("waiting"),
}  # fmt: skip


@pytest.mark.parametrize("number", BROKEN)
def test_a_gate_that_is_broken_in_one_way_leaks_in_that_row(
    number: int, tested: SiteUnderTest, running: Running
) -> None:
    whole = page(everything(tested))

    def fault(asked: Asked, forward: Forward) -> bytes:
        return whole if BROKEN[number](asked, tested) else forward()

    assert found_by(number, tested, fault, running).verdict is Verdict.LEAKS


def test_a_cache_that_forgets_who_asked_leaks(tested: SiteUnderTest, running: Running) -> None:
    """It keeps the first answer to an address for everybody, whatever Vary and Cache-Control say."""
    kept: dict[str, bytes] = {}

    def keeps(asked: Asked, forward: Forward) -> bytes:
        if asked.target not in kept:
            kept[asked.target] = forward()
        return kept[asked.target]

    assert found_by(20, tested, keeps, running).verdict is Verdict.LEAKS
    assert found_by(21, tested, keeps, running).verdict is Verdict.NO_CONTROL


def swapped(before: bytes, after: Callable[[SiteUnderTest], str]) -> Callable[[SiteUnderTest], Fault]:
    """In pages that are not packed."""

    def of(tested: SiteUnderTest) -> Fault:
        return lambda asked, forward: forward().replace(before, after(tested).encode())

    return of


NOT_MODIFIED = b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"
# What is no gated word and yet not what must come back.
WRONG: dict[int, Callable[[SiteUnderTest], Fault]] = {
    2: swapped(b'"isAccessibleForFree": false', lambda tested: '"isAccessibleForFree":  true'),
    3: swapped(b'<meta name="description" content="', lambda tested: f'<meta name="description" content="{tested.pieces["gated"].planted.lead_in} '),
    5: lambda tested: lambda asked, forward: page(tested.pieces["draft"].path) if "llms" in asked.target else forward(),
    16: lambda tested: lambda asked, forward: page("", "403 Forbidden") if "/draft.md" in asked.target else forward(),
    22: lambda tested: lambda asked, forward: NOT_MODIFIED if "if-none-match" in asked.headers and "cookie" not in asked.headers else forward(),
    26: lambda tested: lambda asked, forward: forward().replace(b"</h1>", f"{asked.headers.get('x-forwarded-host', '')}</h1>".encode()),
    33: lambda tested: lambda asked, forward: forward().replace(b"ocation: /", b"ocation: //evil.example/") if asked.method == "POST" else forward(),
}  # fmt: skip


@pytest.mark.parametrize("number", WRONG)
def test_an_answer_that_must_not_come_back_is_found_out(
    number: int, tested: SiteUnderTest, running: Running
) -> None:
    found = found_by(number, tested, WRONG[number](tested), running)
    assert not found.leaks
    assert found.wrong


@pytest.mark.usefixtures("roles")
def test_no_row_holds_at_a_site_that_always_sends_everything() -> None:
    tested = plant(timezone.now())
    with faulty(lambda asked, forward: page(everything(tested))) as port:
        verdicts = verdicts_at(port, tested)
    assert Verdict.HOLDS not in verdicts.values()
    other = {number for number, verdict in verdicts.items() if verdict is not Verdict.LEAKS}
    assert other <= {3, 9, 33, 36}  # what stands in a page's head, or in an address, and what is not asked


@pytest.mark.usefixtures("roles")
def test_no_row_holds_at_a_site_that_never_shows_anything() -> None:
    """Nothing leaks there; nothing is proved either."""
    tested = plant(timezone.now())
    with faulty(lambda asked, forward: page("Nothing here.", "404 Not Found")) as port:
        verdicts = verdicts_at(port, tested)
    assert set(verdicts.values()) == {Verdict.NO_CONTROL, Verdict.ELSEWHERE}


def verdicts_at(port: int, tested: SiteUnderTest) -> dict[int, Verdict]:
    site = Site(door(f"http://127.0.0.1:{port}", "http://localhost"), tested)
    verdicts = {}
    for row in ALL:
        found = Findings()
        if row.check:
            row.check(site, found)
        verdicts[row.number] = found.verdict if row.check else Verdict.ELSEWHERE
    return verdicts
