"""What goes wrong with the embedded server is an error of the database, for everybody who expects one."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, OperationalError
from pytest_django import DjangoDbBlocker

from backnumber import configuration
from backnumber.embedded import base, server

CANNOT_START = "the embedded PostgreSQL in .* cannot start"
SMALL = 1 << 20  # bytes that a file may have: for whoever writes more the disk is full


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process, and of those it starts, grows beyond a megabyte."""
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, kept[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)


def connecting_to(folder: Path) -> base.DatabaseWrapper:
    settings = {
        "ENGINE": "backnumber.embedded",
        "NAME": "backnumber",
        "OPTIONS": {"folder": str(folder)},
        "USER": "",
        "PASSWORD": "",
        "HOST": "",
        "PORT": "",
        "TIME_ZONE": None,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "AUTOCOMMIT": True,
        "ATOMIC_REQUESTS": False,
    }
    return base.DatabaseWrapper(settings)


def test_a_full_disk_is_an_operational_error_of_the_database(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    connection = connecting_to(tmp_path / "postgresql")
    with django_db_blocker.unblock(), full_disk(), pytest.raises(OperationalError, match=CANNOT_START):
        connection.ensure_connection()


def test_a_folder_that_cannot_be_made_is_one_too(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> None:
    (tmp_path / "file").touch()
    with (
        django_db_blocker.unblock(),
        pytest.raises(DatabaseError, match=r"cannot start: (Not a directory|File exists)"),
    ):
        connecting_to(tmp_path / "file" / "postgresql").ensure_connection()


def test_files_of_another_version_are_one_too(tmp_path: Path) -> None:
    folder = tmp_path / "postgresql"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("12\n")
    with pytest.raises(psycopg.OperationalError, match="found version 12"):
        server.conninfo(folder, "backnumber")


def test_asked_in_a_loop_a_server_that_cannot_start_is_tried_every_few_seconds(tmp_path: Path) -> None:
    (tmp_path / "postgresql").touch()
    told = []
    for _ in range(50):
        with pytest.raises(psycopg.OperationalError) as raised:
            server.conninfo(tmp_path / "postgresql", "backnumber")
        told.append(str(raised.value))
    assert len(set(told)) == 1  # one line in whatever log keeps what is new
    (tmp_path / "postgresql").unlink()
    with pytest.raises(psycopg.OperationalError):  # the pause is not over
        server.conninfo(tmp_path / "postgresql", "backnumber")


def test_on_a_full_disk_the_doctor_says_all_it_can(tmp_path: Path) -> None:
    with full_disk():
        ran = backnumber(tmp_path, "doctor")
    assert ran.returncode == 1
    assert "Demo mode" in ran.stdout
    assert "free for the var folder" in ran.stdout
    assert "The database does not answer: the embedded PostgreSQL" in ran.stdout
    assert "Traceback" not in ran.stderr


def test_a_var_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ran = backnumber(tmp_path / "file" / "var", "doctor")
    assert ran.returncode == 1
    assert "BACKNUMBER_VAR is" in ran.stderr
    assert "Traceback" not in ran.stderr


def backnumber(var: Path, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in configuration.SETTINGS}
    return subprocess.run(
        [sys.executable, "-m", "backnumber", *words],
        env={**kept, "BACKNUMBER_VAR": str(var)},
        capture_output=True,
        text=True,
        check=False,
    )
