"""A real worker in a process of its own, at a pace that a test can wait for."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.serving import database_url

BEGIN = """
import django
django.setup()
from backnumber.cli import working
working.PAUSES = (0.2, 0.3, 0.4)
working.work(working.Pace(heartbeat=0.3, gone_after=1.0, looks_every=0.3, connects_within=1.0, stops_within=3.0))
"""


class Worker:
    """`log` is what it has written so far."""

    def __init__(self, log: Path, process: "subprocess.Popen[bytes]") -> None:
        self._log, self.process = log, process

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(5)

    def stop(self) -> int:
        """Promise: told to stop; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


@contextmanager
def worker(folder: Path, database: str = "", mail_server: str = "") -> Iterator[Worker]:
    """Promise: a worker while the block lasts. What it is to see must be committed."""
    log = folder / f"worker-{time.monotonic_ns()}.log"
    own = {
        **os.environ,
        "DATABASE_URL": database or database_url(),
        "BACKNUMBER_SECRET_KEY": settings.SECRET_KEY,
        "BACKNUMBER_VAR": str(folder),
        "SMTP_URL": mail_server,
    }
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-c", BEGIN], env=own, stdout=written, stderr=subprocess.STDOUT
        )
    try:
        yield Worker(log, process)
    finally:
        process.kill()
        process.wait(5)


def until(is_so: Callable[[], bool], seconds: float = 30.0) -> None:
    """Errors: AssertionError when it is not so in time."""
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "it did not become so in time"
        time.sleep(0.05)


def workers_known() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        return int(cursor.fetchone()[0])


def jobs(status: str = "") -> list[tuple[str, str, int]]:
    """Task, status and attempts of every job of ours, or of those with this status."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, status::text, attempts FROM procrastinate_jobs WHERE %s IN ('', status::text) ORDER BY id",
            [status],
        )
        return list(cursor.fetchall())


def empty_the_queue() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_periodic_defers; DELETE FROM procrastinate_jobs; DELETE FROM procrastinate_workers"
        )
