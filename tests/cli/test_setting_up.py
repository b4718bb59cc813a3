"""Two who set up the same folder, or the same database, wait for each other."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from backnumber import configuration
from backnumber.cli import setting_up
from tests.parallel import tried
from tests.serving import database_url


@pytest.mark.django_db(transaction=True)
def test_two_set_ups_never_work_at_once_and_the_second_says_that_it_waits(
    tmp_path: Path, settings: object
) -> None:
    settings.VAR = tmp_path  # type: ignore[attr-defined]
    at_work, most, told = [], [], []

    def set_up() -> None:
        with setting_up.alone(told.append):
            at_work.append(1)
            most.append(len(at_work))
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.3)")
            at_work.pop()

    _, errors = tried(set_up, set_up, set_up)
    assert not errors
    assert most == [1, 1, 1]
    assert any("Waiting for another set-up" in line for line in told)


@pytest.mark.django_db(transaction=True)
def test_set_ups_of_one_database_from_two_folders_wait_too(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [setting_up.SET_UP])
    kept = {name: value for name, value in os.environ.items() if name not in configuration.SETTINGS}
    own = {**kept, "BACKNUMBER_VAR": str(tmp_path), "DATABASE_URL": database_url(), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "backnumber", "setup"], env=own, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "Waiting for another set-up of this database to end …\n"
        assert other.poll() is None
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [setting_up.SET_UP])
        assert "are ready" in other.stdout.read()
    assert other.returncode == 0
