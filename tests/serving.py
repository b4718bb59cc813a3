"""The real server on a real socket, in processes of its own, on the database of the tests.

What the server is to see must be committed: a test that uses it asks for `transactional_db`.
"""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection

from tests.sink import free_port

STARTS_WITHIN = 120  # seconds, on a machine that is busy with other tests
STOPS_WITHIN = 15


@dataclass(frozen=True)
class Running:
    """A server that answers. `address` is as a browser has it, `log` what it has written so far."""

    address: str
    port: int
    process: "subprocess.Popen[bytes]"
    log_file: Path

    @property
    def pids(self) -> list[int]:
        """Its processes, the parent first."""
        return [self.process.pid, *(pid for pid in _group(self.process.pid) if pid != self.process.pid)]

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace")


def database_url() -> str:
    """Promise: DATABASE_URL of the database that this test's connection uses."""
    params = connection.get_connection_params()
    named = {name: str(params[name]) for name in ("host", "port", "user", "password") if params.get(name)}
    return f"postgresql:///{params['dbname']}?{urlencode(named)}"


@contextmanager
def serving(
    folder: Path,
    database: str = "",
    *,
    workers: int = 1,
    trusted: str = "",
    more: Mapping[str, str] | None = None,
    python: str | Path = sys.executable,
    module: str = "",
) -> Iterator[Running]:
    """Promise: `backnumber serve`, or a test's own `module` that is given the port, answers at a free port while the block lasts; ended with all its processes after.

    `folder` is its own; pictures it shares with the tests. `more` goes into its environment.
    """
    port = free_port()
    address = f"http://localhost:{port}"
    own = _environment(folder, database or database_url(), address, trusted, more or {})
    log = folder / "serve.log"
    command = ["backnumber", "serve", "--port", str(port), "--workers", str(workers)]
    with log.open("wb") as written:
        process = subprocess.Popen(
            [str(python), "-m", *([module, str(port)] if module else command)],
            env=own,
            cwd=folder,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_for(port, process, log)
        yield Running(address, port, process, log)
    finally:
        end(process)


def _environment(
    folder: Path, database: str, address: str, trusted: str, more: Mapping[str, str]
) -> dict[str, str]:
    var = folder / "var"
    var.mkdir(parents=True, exist_ok=True)
    pictures = Path(settings.MEDIA_ROOT)
    pictures.mkdir(parents=True, exist_ok=True)
    if not (var / "pictures").exists():
        (var / "pictures").symlink_to(pictures)
    return {
        **os.environ,
        "DATABASE_URL": database,
        "BACKNUMBER_SECRET_KEY": settings.SECRET_KEY,
        "BACKNUMBER_VAR": str(var),
        "BACKNUMBER_ADDRESS": address,
        "BACKNUMBER_TRUSTED_PROXIES": trusted,
        **more,
    }


def wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Promise: somebody answers HTTP there. Errors: AssertionError with the log when nobody does, or the process ends."""
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            asked = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            asked.request("GET", "/robots.txt", headers={"Host": f"localhost:{port}"})
            asked.getresponse().read()
            asked.close()
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
    raise AssertionError(f"nobody answers at {port}:\n{log.read_text(errors='replace')}")


def end(process: "subprocess.Popen[bytes]") -> None:
    """Promise: the process and all that it started have ended: asked first, killed if they do not."""
    for sign, seconds in ((signal.SIGTERM, STOPS_WITHIN), (signal.SIGKILL, STOPS_WITHIN)):
        if process.poll() is None or _group(process.pid):
            _tell(process.pid, sign)
            _wait_for_the_end(process, seconds)


def _tell(group: int, sign: signal.Signals) -> None:
    try:
        os.killpg(group, sign)
    except ProcessLookupError:
        return


def _wait_for_the_end(process: "subprocess.Popen[bytes]", seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None and not _group(process.pid):
            return
        time.sleep(0.02)


def _group(leader: int) -> list[int]:
    """The living processes of a group, by /proc: state and group are the third and fifth field (man 5 proc)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group = stat.read_text().rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue
        if int(group) == leader and state != "Z":
            found.append(int(stat.parent.name))
    return sorted(found)
