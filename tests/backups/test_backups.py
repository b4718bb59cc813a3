"""A backup is one file that is whole or not there; restoring it gives back every row and every picture, or changes nothing."""

import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as project
from django.db import connection
from django.utils import timezone
from psycopg.conninfo import make_conninfo
from pytest_django.fixtures import Settings
from typer.testing import CliRunner

from backnumber import configuration
from backnumber.archive.models import Article
from backnumber.backups import programs, service, tables
from backnumber.cli.commands import app
from tests.serving import database_url

runner = CliRunner()
OTHER = "restored_by_a_test"


@pytest.fixture(autouse=True)
def _alone(request: pytest.FixtureRequest) -> None:
    """Connections that tests before these have left open are no `serve` and no `worker`."""
    if request.node.get_closest_marker("django_db") is None:
        return
    request.getfixturevalue("transactional_db")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )


@pytest.fixture
def pictures(settings: Settings, tmp_path: Path) -> Path:
    """A folder with two pictures."""
    folder = tmp_path / "pictures"
    (folder / "original_images").mkdir(parents=True)
    (folder / "original_images" / "map.png").write_bytes(b"a map" * 1000)
    (folder / "plan.png").write_bytes(b"a plan")
    settings.MEDIA_ROOT = str(folder)
    return folder


@pytest.fixture
def empty_database(transactional_db: None) -> Iterator[str]:
    """DATABASE_URL of another database of the same server, which is empty."""
    _administer(f"DROP DATABASE IF EXISTS {OTHER} WITH (FORCE)", f"CREATE DATABASE {OTHER}")
    yield database_url().replace(connection.get_connection_params()["dbname"], OTHER, 1)
    _administer(f"DROP DATABASE IF EXISTS {OTHER} WITH (FORCE)")


def test_what_is_restored_is_what_was_backed_up(
    gated_and_committed: Article, pictures: Path, empty_database: str, tmp_path: Path
) -> None:
    file = tmp_path / "backup.tar"
    service.make(file, timezone.now(), lambda line: None)
    held = {one.table: one for one in tables.contents()}
    assert held["archive_article"].rows == 1
    fresh = tmp_path / "fresh"

    ran = backnumber("restore", str(file), var=fresh, url=empty_database)
    assert ran.returncode == 0, ran.stderr
    assert _asked(empty_database, "SELECT headline FROM archive_article") == [(gated_and_committed.headline,)]
    assert (fresh / "pictures" / "original_images" / "map.png").read_bytes() == b"a map" * 1000

    falsified = _with_other_contents(file, tmp_path / "falsified.tar")
    _asked(empty_database, "UPDATE archive_article SET headline = 'Written since' RETURNING 1")
    refused = backnumber("restore", str(falsified), "--replace", var=fresh, url=empty_database)
    assert refused.returncode == 1
    assert "archive_article does not hold what the backup held" in refused.stderr
    assert _asked(empty_database, "SELECT headline FROM archive_article") == [("Written since",)]

    replaced = backnumber("restore", str(file), "--replace", var=fresh, url=empty_database)
    assert replaced.returncode == 0, replaced.stderr
    assert _asked(empty_database, "SELECT headline FROM archive_article") == [(gated_and_committed.headline,)]


@pytest.fixture
def gated_and_committed(transactional_db: None, gated: Article) -> Article:
    return gated


@pytest.mark.django_db(transaction=True)
def test_what_is_there_is_replaced_only_when_told_to_and_a_dry_run_changes_nothing(
    pictures: Path, tmp_path: Path
) -> None:
    file = str(tmp_path / "backup.tar")
    assert runner.invoke(app, ["backup", file]).exit_code == 0
    refused = runner.invoke(app, ["restore", file])
    assert refused.exit_code == 1
    assert "not empty" in refused.output
    before = tables.contents()
    tried = runner.invoke(app, ["restore", file, "--dry-run", "--replace"])
    assert "could be restored" in tried.output
    assert tables.contents() == before


@pytest.mark.django_db(transaction=True)
def test_a_damaged_backup_is_refused_and_a_cut_one_too(pictures: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    made = service.make(file, timezone.now(), lambda line: None)
    assert service.read(file) == made
    whole = file.read_bytes()
    at = whole.index(b"a map") + 20
    file.write_bytes(whole[:at] + b"?" + whole[at + 1 :])
    with pytest.raises(service.Refused, match=r"pictures/original_images/map\.png is not what was backed up"):
        service.read(file)
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(service.Refused, match="is no whole backup"):
        service.read(file)


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_cannot_be_made_leaves_the_one_before(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "backup.tar"
    file.write_bytes(b"the one before")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(programs.server, "bundled", lambda: {12: Path("/nowhere")})
    with pytest.raises(programs.NoProgram, match="install postgresql-client-"):
        service.make(file, timezone.now(), lambda line: None)
    assert file.read_bytes() == b"the one before"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.django_db
def test_an_older_program_of_the_system_gives_way_to_the_one_that_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pg_dump", "psql", "pg_restore"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 13.4'\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    server_version = programs.server_version() // 10_000
    assert programs.fitting().version >= server_version
    assert programs.fitting().folder != tmp_path
    (tmp_path / "pg_dump").write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {server_version}.0'\n")
    assert programs.fitting().version == server_version  # the control: one that fits is found on the path
    assert programs.fitting().folder == tmp_path


def backnumber(*words: str, var: Path, url: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in configuration.SETTINGS}
    return subprocess.run(
        [sys.executable, "-m", "backnumber", *words],
        env={
            **kept,
            "BACKNUMBER_VAR": str(var),
            "DATABASE_URL": url,
            "BACKNUMBER_SECRET_KEY": project.SECRET_KEY,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def _with_other_contents(file: Path, target: Path) -> Path:
    """The same backup, which claims another sum of the articles."""
    with tarfile.open(file) as whole, tarfile.open(target, "w") as changed:
        for member in whole:
            data = whole.extractfile(member).read()  # type: ignore[union-attr]
            if member.name == service.CONTENTS:
                told = json.loads(data)
                next(one for one in told["tables"] if one["table"] == "archive_article")["check"] = "1"
                data = json.dumps(told).encode()
                member.size = len(data)
            changed.addfile(member, io.BytesIO(data))
    return target


def _asked(url: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as other:
        return other.execute(sql).fetchall()


def _administer(*statements: str) -> None:
    params = connection.get_connection_params()
    named = {name: params[name] for name in ("host", "port", "user", "password") if params.get(name)}
    with psycopg.connect(make_conninfo(**named, dbname="postgres"), autocommit=True) as admin:
        for statement in statements:
            admin.execute(statement)
