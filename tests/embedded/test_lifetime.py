"""The embedded server lives as long as somebody uses it, however they end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from psycopg import connect

from backnumber.embedded import server

USE = """
import sys, time
from pathlib import Path
from psycopg import connect
from backnumber.embedded import server
folder = Path(sys.argv[1])
with connect(**server.conninfo(folder, "backnumber"), dbname="backnumber") as connection:
    connection.execute("SELECT 1")
print("ready", flush=True)
sys.stdin.read()
"""


@contextmanager
def user(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that uses the server of the folder until its input is closed."""
    with subprocess.Popen(
        [sys.executable, "-c", USE, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all of these tests: making one takes longest."""
    return tmp_path_factory.mktemp("var") / "postgresql"


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL, None], ids=["term", "kill", "by itself"])
def test_the_server_ends_with_the_last_of_its_users(folder: Path, sign: signal.Signals | None) -> None:
    with user(folder) as first, user(folder) as second:
        end(first, sign)
        assert pid(folder)  # the control: somebody uses it still
        time.sleep(0.3)
        assert is_running(pid(folder))
        served_by = pid(folder)
        end(second, sign)
        assert ends(served_by)


def test_a_user_who_comes_while_the_server_is_being_stopped_finds_one(folder: Path) -> None:
    for _ in range(3):
        with user(folder) as one:
            end(one, signal.SIGKILL)
            with user(folder):
                assert is_running(pid(folder))


def test_a_server_that_was_killed_is_started_again_for_the_users_it_has(folder: Path) -> None:
    try:
        with connect(**server.conninfo(folder, "backnumber"), dbname="backnumber") as connection:
            connection.execute("SELECT 1")
        killed = pid(folder)
        os.kill(killed, signal.SIGQUIT)
        assert ends(killed)
        with connect(**server.conninfo(folder, "backnumber"), dbname="backnumber") as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        server.leave(folder)
    assert ends(pid(folder))


def test_a_data_folder_whose_making_was_cut_off_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "postgresql"
    half = tmp_path / "postgresql.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with user(folder):
        assert (folder / "PG_VERSION").exists()
    assert not half.exists()


def end(process: "subprocess.Popen[str]", sign: signal.Signals | None) -> None:
    if sign is None:
        assert process.stdin is not None
        process.stdin.close()
    else:
        process.send_signal(sign)
    process.wait(20)


def pid(folder: Path) -> int:
    try:
        return int((folder / "postmaster.pid").read_text().split()[0])
    except (FileNotFoundError, IndexError):
        return 0


def is_running(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def ends(number: int) -> bool:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if not is_running(number):
            return True
        time.sleep(0.05)
    return False
