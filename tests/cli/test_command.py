"""The `backnumber` command: it says what is wrong in a sentence, and its help names every command."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings
from typer.testing import CliRunner

from backnumber import configuration
from backnumber.cli.commands import app
from backnumber.demo.people import PEOPLE, list_of_people
from backnumber.readers.models import Reader
from backnumber.readers.service import open_account

runner = CliRunner()


def backnumber(tmp_path: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs the command in a process of its own, with these settings and no others."""
    kept = {name: value for name, value in os.environ.items() if name not in configuration.SETTINGS}
    return subprocess.run(
        [sys.executable, "-m", "backnumber", *words],
        env={**kept, "BACKNUMBER_VAR": str(tmp_path), **settings},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"BACKNUMBER_MODE": "live"}, "set it to 'demo' or 'production'"),
        ({"BACKNUMBER_MODE": "production"}, "BACKNUMBER_SECRET_KEY"),
        ({"BACKNUMBER_ADDRESS": "https://archive.example.org"}, "set BACKNUMBER_MODE=production"),
        ({"DATABASE_URL": "mysql://somewhere"}, "postgresql://"),
    ],
)
def test_a_wrong_setting_is_told_in_a_sentence(tmp_path: Path, given: dict[str, str], says: str) -> None:
    ran = backnumber(tmp_path, "settings", **given)
    assert ran.returncode == 1
    assert says in ran.stderr
    assert "Traceback" not in ran.stderr


def test_settings_are_listed_and_secrets_are_not_shown(tmp_path: Path) -> None:
    ran = backnumber(tmp_path, "settings", SMTP_URL="smtp://user:pa55word@mail.example.org")
    assert ran.returncode == 0
    assert all(name in ran.stdout for name in configuration.SETTINGS)
    assert "pa55word" not in ran.stdout


def test_the_demo_is_served_to_this_machine_only() -> None:
    ran = runner.invoke(app, ["serve", "--host", "0.0.0.0"])  # noqa: S104
    assert ran.exit_code == 2
    assert "anybody" in ran.output  # the line is broken to the width of the terminal


def test_an_unknown_person_of_the_demo_is_told_so() -> None:
    assert runner.invoke(app, ["sign-in-as", "nobody"]).exit_code == 2


@pytest.mark.django_db
def test_each_person_of_the_demo_has_an_address_that_signs_in(client: object) -> None:
    for person in PEOPLE:
        open_account(person.email)
        printed = runner.invoke(app, ["sign-in-as", person.key]).output.strip()
        path = printed.partition("/demo/")[2]
        client.get(f"/demo/{path}")  # type: ignore[attr-defined]
        assert int(client.session["_auth_user_id"]) == Reader.objects.get(email=person.email).pk  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_the_address_that_signs_in_is_of_the_port_the_demo_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BACKNUMBER_ADDRESS", raising=False)
    printed = runner.invoke(app, ["sign-in-as", "ada", "--port", "8099"]).output
    assert printed.startswith("http://localhost:8099/demo/as/ada")
    assert "`backnumber sign-in-as ada --port 8099`" in list_of_people("http://localhost:8099")
    assert "`backnumber sign-in-as ada`" in list_of_people("http://localhost:8000")


@pytest.mark.django_db
def test_the_doctor_says_what_to_do() -> None:
    ran = runner.invoke(app, ["doctor"])
    assert ran.exit_code == 1
    assert "There is no administrator." in ran.output
    assert "backnumber staff" in ran.output


@pytest.mark.django_db
def test_the_doctor_calls_no_chosen_setting_a_fault(settings: Settings) -> None:
    assert "Nothing is for sale: the gate has nothing to offer" in runner.invoke(app, ["doctor"]).output
    settings.PAYMENTS = "none"
    ran = runner.invoke(app, ["doctor"]).output
    assert "✓ Nothing is sold on the site, as BACKNUMBER_PAYMENTS says." in ran
    assert "Nothing is for sale" not in ran


@pytest.mark.django_db
def test_a_look_of_the_doctor_that_fails_is_told_and_the_others_go_on(settings: Settings) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE procrastinate_workers RENAME TO elsewhere")
    ran = runner.invoke(app, ["doctor"]).output
    assert "The workers cannot be looked at: relation" in ran
    assert "The static files are" in ran.partition("cannot be looked at")[2]
    assert "The database has every migration." in ran


@pytest.mark.django_db
def test_nothing_to_send_is_said_plainly() -> None:
    ran = runner.invoke(app, ["weekly", "--dry-run"])
    assert ran.exit_code == 1
    assert "no long read is picked" in ran.output
