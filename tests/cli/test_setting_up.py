"""Two who set up the same folder, or the same database, wait for each other."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from typer.testing import CliRunner

from backnumber import configuration
from backnumber.cli import setting_up
from backnumber.cli.commands import app
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


@pytest.mark.django_db
def test_a_database_of_before_the_first_release_is_left_as_it_is() -> None:
    assert not setting_up.has_tables_of_old_names(), "the control: this one is ours"
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE edge_page RENAME TO press_page")
    ran = CliRunner().invoke(app, ["setup"])
    assert ran.exit_code == 1
    assert "never released" in ran.output


def test_the_old_name_of_a_command_goes_on_working_and_says_the_new_one() -> None:
    ran = CliRunner().invoke(app, ["press", "--kind", "nonsense"])
    assert "`backnumber press` is called `backnumber render` now." in ran.output
    assert "there is no kind nonsense" in ran.output
    assert "press" not in CliRunner().invoke(app, ["--help"]).output
