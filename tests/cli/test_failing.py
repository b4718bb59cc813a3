"""What stops a command is told in one sentence that says what to do; a mistake of ours keeps its traceback."""

import errno
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection
from psycopg import connect, errors, sql

from backnumber.cli.failing import NOT_SET_UP, explained
from tests.cli.test_command import backnumber

NAME = "not_set_up"


@pytest.fixture
def empty_database(transactional_db: None) -> Iterator[str]:
    """The address of a database in which nothing was set up."""
    given = connection.get_connection_params()
    server = {name: given[name] for name in ("host", "port", "user", "password") if given.get(name)}
    with connect(dbname="postgres", autocommit=True, **server) as other:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME))
        other.execute(drop)
        other.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
        yield f"postgresql:///{NAME}?" + "&".join(f"{name}={value}" for name, value in server.items())
        other.execute(drop)


def test_a_command_on_a_database_that_is_not_set_up_says_what_to_run(
    tmp_path: Path, empty_database: str
) -> None:
    export = tmp_path / "export.xml"
    export.write_text("<rss><channel></channel></rss>", encoding="utf-8")
    for words in (("index",), ("import", "wxr", str(export), "--title", "x")):
        ran = backnumber(tmp_path, *words, DATABASE_URL=empty_database)
        assert ran.returncode == 1
        assert ran.stderr.strip() == f"backnumber {words[0]}: {NOT_SET_UP}"


def test_a_database_that_is_away_is_said_to_be_away(tmp_path: Path) -> None:
    ran = backnumber(tmp_path, "index", DATABASE_URL="postgresql://nobody@localhost:1/none")
    assert ran.returncode == 1
    assert "The database cannot be reached" in ran.stderr
    assert "DATABASE_URL" in ran.stderr
    assert "Traceback" not in ran.stderr


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    try:
        raise error from cause
    except Exception as caught:
        return caught


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (raised(ProgrammingError("x"), errors.UndefinedTable("x")), "backnumber setup"),
        (raised(RuntimeError("of the queue"), errors.UndefinedTable("x")), "backnumber setup"),
        (raised(ProgrammingError("x"), errors.UndefinedColumn("x")), "backnumber setup"),
        (errors.InvalidCatalogName("x"), "make it"),
        (errors.InvalidPassword("x"), "refuses"),
        (errors.DiskFull("x"), "full"),
        (errors.ReadOnlySqlTransaction("x"), "read-only"),
        (errors.OperationalError("connection failed\nand more"), "cannot be reached (connection failed)"),
        (OSError(errno.ENOSPC, "No space", "/var/x"), "The disk is full: /var/x"),
        (PermissionError(errno.EACCES, "Denied", "/var/x"), "may not read or write: /var/x"),
        (FileNotFoundError(errno.ENOENT, "None", "x.csv"), "no such file or folder: x.csv"),
    ],
)
def test_what_stops_a_command_is_told_with_what_to_do(error: Exception, says: str) -> None:
    assert says in explained(error)


@pytest.mark.parametrize(
    "error", [KeyError("x"), ProgrammingError("x"), errors.SyntaxError("x"), OSError("x")]
)
def test_a_mistake_of_ours_is_not_explained_away(error: Exception) -> None:
    assert explained(error) == ""


def test_a_mistake_of_ours_keeps_its_traceback(tmp_path: Path) -> None:
    faulty = (
        "import sys, backnumber.cli as cli\nclass Commands:\n  def app(self): raise KeyError('x')\n"
        "cli._make_ready = lambda named: None\n"
        "take = cli.import_module\ncli.import_module = lambda n: Commands() if n.endswith('commands') else take(n)\ncli.main()"
    )
    ran = subprocess.run([sys.executable, "-c", faulty], capture_output=True, text=True, check=False)
    assert "Traceback" in ran.stderr
    assert "KeyError" in ran.stderr
