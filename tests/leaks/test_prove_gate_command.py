"""The command `backnumber prove-gate`: what it ends with, and that nothing of what it has planted is left, whatever happens."""

import json
from pathlib import Path

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from typer.testing import CliRunner

from backnumber.archive.models import Article, Picture, Title
from backnumber.cli.commands import app
from backnumber.editorial.roles import make_roles
from backnumber.institutions.models import Institution
from backnumber.prove import clearing
from backnumber.prove.fixtures import plant
from backnumber.prove.proving import prove
from backnumber.prove.row import Findings, Row, Site
from backnumber.readers.models import Reader
from tests.leaks.faulty import faulty, page
from tests.sink import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def roles(db: None) -> None:
    make_roles()


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
    first, second = plant(timezone.now()), plant(timezone.now())
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
    assert "by tests" in run.output
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
    tested = plant(timezone.now())
    assert ProcrastinateJob.objects.count() == before
    scopes = [grant for reader in tested.readers.values() for grant in reader.grants.all()]
    assert scopes
    assert {grant.title_id for grant in scopes} == {tested.title.pk}
