"""The site of the measurements: one PostgreSQL, a database for each size of archive, and the installation's environment.

It is kept in `var/bench-pages` from one run to the next.
"""

import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from psycopg import connect, sql
from psycopg.conninfo import make_conninfo

from backnumber.embedded import server

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var" / "bench-pages"
HOST = "archive.example.org"
_TOLD = re.compile(r"([\d,]+) pages rendered in ([\d,.]+) s")


@dataclass(frozen=True, slots=True)
class Rendered:
    """What `backnumber render` said it did."""

    pages: int
    seconds: float

    @property
    def pace(self) -> float:
        return self.pages / self.seconds if self.seconds else 0.0


@dataclass(slots=True)
class BenchSite:
    """An archive of `count` articles, laid and never rendered until somebody asks for that."""

    count: int
    environment: dict[str, str]
    keys: list[int] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    cast: dict[str, Any] = field(default_factory=dict)

    def desk(self) -> "Desk":
        return Desk(self.environment)

    def render(self, workers: int, *, anew: bool, title: str = "") -> Rendered:
        """Promise: every article's page is rendered; those that are good already only when `anew`."""
        command = [
            sys.executable,
            "-m",
            "backnumber",
            "render",
            "--kind",
            "article",
            "--workers",
            str(workers),
        ]
        command += ["--all"] if anew else []
        command += ["--title", title] if title else []
        done = subprocess.run(command, env=self.environment, check=True, stdout=subprocess.PIPE, text=True)
        said = _TOLD.search(done.stdout)
        if said is None:
            raise RuntimeError(f"`backnumber render` said {done.stdout!r}")
        return Rendered(int(said[1].replace(",", "")), float(said[2].replace(",", "")))


class Desk:
    """`desk.py` in a process of its own; `ask` waits for its answer, `begin` and `answer` do not."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "door.desk"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Desk":
        return self

    def __exit__(self, *of_error: object) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait(30)

    def begin(self, what: str, **arguments: Any) -> None:
        assert self._process.stdin is not None
        print(json.dumps([what, arguments]), file=self._process.stdin, flush=True)

    def answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the desk has ended; what it said stands above")
        return json.loads(line)

    def ask(self, what: str, **arguments: Any) -> Any:
        self.begin(what, **arguments)
        return self.answer()


def clear() -> None:
    """Promise: nothing is left of earlier runs, a database server of one that was killed neither. Call it before anything else."""
    with suppress(FileNotFoundError, ProcessLookupError):
        left = Path(f"/proc/{postmaster()}")
        if str(VAR) in (left / "cmdline").read_text():  # and not another's, who has its number by now
            os.kill(int(left.name), signal.SIGINT)  # "fast shutdown"
            while left.exists():
                time.sleep(0.1)
    shutil.rmtree(VAR, ignore_errors=True)


def start_postgresql() -> dict[str, str]:
    """Promise: psycopg's parameters; the server runs until this process ends."""
    VAR.mkdir(parents=True, exist_ok=True)
    return server.conninfo(VAR / "postgresql", "postgres")


def postmaster() -> int:
    return int((VAR / "postgresql" / "postmaster.pid").read_text().split()[0])


def lay(count: int) -> BenchSite:
    """Promise: an archive of `count` articles stands, and a cast for this run."""
    name = f"bench_{count}"
    params = start_postgresql()
    with connect(make_conninfo(**params, dbname="postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    site = BenchSite(count, _environment(name, params))
    subprocess.run(
        [sys.executable, "-m", "backnumber", "setup"],
        env=site.environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    with site.desk() as desk:
        desk.ask("lay", count=count)
        articles = desk.ask("articles")
        site.keys, site.addresses = articles["keys"], articles["addresses"]
        site.cast = desk.ask("cast")
    return site


def _environment(database: str, params: dict[str, str]) -> dict[str, str]:
    """A production site as `docs/run.md` sets it up, all that may be left out at its default."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BACKNUMBER_")}
    paths = [str(ROOT / "bench"), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(paths),
        "DJANGO_SETTINGS_MODULE": "backnumber.settings",
        "DATABASE_URL": f"postgresql://{params['user']}@/{database}?host={params['host']}",
        "BACKNUMBER_MODE": "production",
        "BACKNUMBER_VAR": str(VAR),
        "BACKNUMBER_ADDRESS": f"https://{HOST}",
        "BACKNUMBER_SECRET_KEY": _secret(),
        "BACKNUMBER_HELP_EMAIL": f"help@{HOST}",
        "BACKNUMBER_FROM_EMAIL": f"post@{HOST}",
        "BACKNUMBER_PAYMENTS": "none",
        "SMTP_URL": "smtp://127.0.0.1:9",
    }


def _secret() -> str:
    path = VAR / "secret"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()
