"""The control of the proof: a site that leaks in one way is found out in the row of that way, and a row whose entitled reader
sees nothing proves nothing. And the command round it: it clears away what it has sown, whatever happens.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoDbBlocker
from typer.testing import CliRunner

from backnumber.archive.models import Article, Picture, Title
from backnumber.cli.commands import app
from backnumber.editorial.roles import make_roles
from backnumber.institutions.models import Institution
from backnumber.proof import clearing
from backnumber.proof.asking import door
from backnumber.proof.ground import Ground
from backnumber.proof.proving import prove
from backnumber.proof.row import Findings, Row, Site, Verdict
from backnumber.proof.rows import ALL
from backnumber.proof.sowing import sow
from backnumber.readers.models import Reader
from tests.leaks.faulty import Asked, Fault, Forward, faulty, page
from tests.leaks.ground import committed
from tests.serving import Running, serving
from tests.sink import free_port

pytestmark = pytest.mark.django_db
ROWS = {row.number: row for row in ALL}
Pick = Callable[[Asked, Ground], bool]


@pytest.fixture(scope="module")
def running(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    with committed(django_db_blocker), serving(tmp_path_factory.mktemp("faulty")) as started:
        yield started


@pytest.fixture(scope="module")
def ground(running: Running, django_db_blocker: DjangoDbBlocker) -> Iterator[Ground]:
    with django_db_blocker.unblock():
        sown = sow(timezone.now())
        try:
            yield sown
        finally:
            clearing.clear(sown.mark)


@pytest.fixture
def roles() -> None:
    make_roles()


def everything(ground: Ground) -> str:
    """All that was sown, gated words too."""
    pieces = ground.pieces.values()
    return " ".join(word for piece in pieces for word in (piece.sown.lead_in, *piece.sown.gated.values()))


def found_by(number: int, ground: Ground, fault: Fault, upstream: Running) -> Findings:
    found = Findings()
    check = ROWS[number].check
    assert check is not None
    with faulty(fault, upstream.port) as port:
        check(Site(door(f"http://127.0.0.1:{port}", upstream.address), ground), found)
    return found


def has(header: str, value: str = "") -> Pick:
    return lambda asked, ground: value in asked.headers.get(header, "-")


def to(part: str) -> Pick:
    return lambda asked, ground: part in asked.target


def article(name: str) -> Pick:
    return lambda asked, ground: asked.target.startswith(ground.pieces[name].path)


# Row by row: the requests at which the gate is broken on purpose, and all that was sown comes back.
BROKEN: dict[int, Pick] = {
    1: lambda asked, ground: asked.headers.get("accept-encoding") == "gzip",
    2: article("gated"),
    4: to("/feeds/contributors/"),
    5: to("/sitemaps/"),
    6: to("?fields=body"),
    7: to(".pdf"),
    8: to("/oembed"),
    10: lambda asked, ground: "hx-request" in asked.headers,
    11: to("/search/"),
    12: to("&page=2"),
    13: to("/suggest/"),
    14: to("/sections/prove-gate-"),
    15: to("?amp=1"),
    16: article("draft"),
    17: to("preview_token="),
    18: to("/revisions/compare/"),
    19: to("/nothing-"),
    22: lambda asked, ground: "if-none-match" in asked.headers,
    23: has("range", "bytes=-500"),
    24: lambda asked, ground: asked.method == "PROPFIND",
    25: to("%252e"),
    26: lambda asked, ground: asked.headers.get("x-internal") == "1",
    27: has("user-agent", "Googlebot"),
    28: lambda asked, ground: asked.headers.get("x-real-ip") == ground.campus,
    29: has("cookie", "=forged"),
    30: lambda asked, ground: "sessionid" in asked.headers.get("cookie", ""),
    31: to("?gift="),
    32: has("sec-purpose", "prefetch"),
    34: article("turning"),
    35: to("/media/"),
}  # fmt: skip


@pytest.mark.parametrize("number", BROKEN)
def test_a_gate_that_is_broken_in_one_way_leaks_in_that_row(
    number: int, ground: Ground, running: Running
) -> None:
    whole = page(everything(ground))

    def fault(asked: Asked, forward: Forward) -> bytes:
        return whole if BROKEN[number](asked, ground) else forward()

    assert found_by(number, ground, fault, running).verdict is Verdict.LEAKS


def test_a_cache_that_forgets_who_asked_leaks(ground: Ground, running: Running) -> None:
    """It keeps the first answer to an address for everybody, whatever Vary and Cache-Control say."""
    kept: dict[str, bytes] = {}

    def keeps(asked: Asked, forward: Forward) -> bytes:
        if asked.target not in kept:
            kept[asked.target] = forward()
        return kept[asked.target]

    assert found_by(20, ground, keeps, running).verdict is Verdict.LEAKS
    assert found_by(21, ground, keeps, running).verdict is Verdict.NO_CONTROL


def swapped(before: bytes, after: Callable[[Ground], str]) -> Callable[[Ground], Fault]:
    """In pages that are not packed."""

    def of(ground: Ground) -> Fault:
        return lambda asked, forward: forward().replace(before, after(ground).encode())

    return of


NOT_MODIFIED = b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"
# What is no gated word and yet not what must come back.
WRONG: dict[int, Callable[[Ground], Fault]] = {
    2: swapped(b'"isAccessibleForFree": false', lambda ground: '"isAccessibleForFree":  true'),
    3: swapped(b'<meta name="description" content="', lambda ground: f'<meta name="description" content="{ground.pieces["gated"].sown.lead_in} '),
    5: lambda ground: lambda asked, forward: page(ground.pieces["draft"].path) if "llms" in asked.target else forward(),
    16: lambda ground: lambda asked, forward: page("", "403 Forbidden") if "/draft.md" in asked.target else forward(),
    22: lambda ground: lambda asked, forward: NOT_MODIFIED if "if-none-match" in asked.headers and "cookie" not in asked.headers else forward(),
    26: lambda ground: lambda asked, forward: forward().replace(b"<h1>", f"<h1>{asked.headers.get('x-forwarded-host', '')}".encode()),
    33: lambda ground: lambda asked, forward: forward().replace(b"ocation: /", b"ocation: //evil.example/") if asked.method == "POST" else forward(),
}  # fmt: skip


@pytest.mark.parametrize("number", WRONG)
def test_an_answer_that_must_not_come_back_is_found_out(
    number: int, ground: Ground, running: Running
) -> None:
    found = found_by(number, ground, WRONG[number](ground), running)
    assert not found.leaks
    assert found.wrong


@pytest.mark.usefixtures("roles")
def test_no_row_holds_at_a_site_that_always_sends_everything() -> None:
    ground = sow(timezone.now())
    with faulty(lambda asked, forward: page(everything(ground))) as port:
        verdicts = verdicts_at(port, ground)
    assert Verdict.HOLDS not in verdicts.values()
    other = {number for number, verdict in verdicts.items() if verdict is not Verdict.LEAKS}
    assert other <= {3, 9, 33, 36}  # what stands in a page's head, or in an address, and what is not asked


@pytest.mark.usefixtures("roles")
def test_no_row_holds_at_a_site_that_never_shows_anything() -> None:
    """Nothing leaks there; nothing is proved either."""
    ground = sow(timezone.now())
    with faulty(lambda asked, forward: page("Nothing here.", "404 Not Found")) as port:
        verdicts = verdicts_at(port, ground)
    assert set(verdicts.values()) == {Verdict.NO_CONTROL, Verdict.ELSEWHERE}


def verdicts_at(port: int, ground: Ground) -> dict[int, Verdict]:
    site = Site(door(f"http://127.0.0.1:{port}", "http://localhost"), ground)
    verdicts = {}
    for row in ALL:
        found = Findings()
        if row.check:
            row.check(site, found)
        verdicts[row.number] = found.verdict if row.check else Verdict.ELSEWHERE
    return verdicts


def is_clear() -> bool:
    of_ours = (
        Title.objects.filter(slug__startswith="prove-gate"),
        Article.objects.filter(headline__startswith="Prove-gate"),
        Reader.objects.filter(email__endswith="prove-gate.invalid"),
        Institution.objects.filter(slug__startswith="prove-gate"),
        Picture.objects.filter(title__startswith="prove-gate"),
    )
    return not any(found.exists() for found in of_ours)


@pytest.mark.usefixtures("roles")
@pytest.mark.parametrize("stopped", [KeyboardInterrupt, SystemExit, RuntimeError])
def test_what_was_sown_is_cleared_away_however_it_ends(stopped: type[BaseException]) -> None:
    def check(site: Site, found: Findings) -> None:
        assert not is_clear()
        raise stopped

    with faulty(lambda asked, forward: page("")) as port, pytest.raises(stopped):
        prove(f"http://127.0.0.1:{port}", "http://localhost", [Row(1, "", "", check)])
    assert is_clear()


@pytest.mark.usefixtures("roles")
def test_what_a_killed_run_left_is_removed() -> None:
    first, second = sow(timezone.now()), sow(timezone.now())
    file = Path(first.picture.file.path)
    assert clearing.clear(first.mark) == len(first.pieces)
    assert not is_clear()
    run = CliRunner().invoke(app, ["prove-gate", "--clean"])
    assert run.exit_code == 0
    assert f"{len(second.pieces)} throw-away articles" in run.output
    assert is_clear()
    assert file.suffix == ".svg"


@pytest.mark.usefixtures("roles")
def test_the_command_ends_with_one_when_a_row_does_not_hold(tmp_path: Path) -> None:
    kept = tmp_path / "proof.json"
    with faulty(lambda asked, forward: page("Nothing here.", "404 Not Found")) as port:
        address = f"http://127.0.0.1:{port}"
        asked = ["prove-gate", "--address", address, "--row", "5", "--row", "36", "--json", str(kept)]
        run = CliRunner().invoke(app, asked)
    assert run.exit_code == 1, run.output
    assert "NO CONTROL" in run.output
    assert "tests/leaks/test_every_address.py" in run.output
    told = json.loads(kept.read_text())["proofs"][0]
    assert told["address"] == address
    assert told["holds"] is False
    assert [row["verdict"] for row in told["rows"]] == ["NO CONTROL", "by tests"]
    assert is_clear()


@pytest.mark.usefixtures("roles")
def test_the_command_ends_with_nought_when_every_row_holds() -> None:
    with faulty(lambda asked, forward: page("")) as port:
        address = f"http://127.0.0.1:{port}"
        assert CliRunner().invoke(app, ["prove-gate", "--address", address, "--row", "36"]).exit_code == 0


@pytest.mark.parametrize("address", ["http://127.0.0.1:{port}", "ftp://localhost", "localhost"])
def test_nothing_is_sown_where_nobody_answers(address: str) -> None:
    run = CliRunner().invoke(app, ["prove-gate", "--address", address.format(port=free_port())])
    assert run.exit_code == 2
    assert "cannot be asked" in run.output
    assert is_clear()


@pytest.mark.usefixtures("roles")
def test_sowing_sends_no_mail_and_gives_rights_to_throw_away_things_alone() -> None:
    before = ProcrastinateJob.objects.count()
    ground = sow(timezone.now())
    assert ProcrastinateJob.objects.count() == before
    scopes = [grant for reader in ground.readers.values() for grant in reader.grants.all()]
    assert scopes
    assert {grant.title_id for grant in scopes} == {ground.title.pk}
