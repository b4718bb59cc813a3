"""PostgreSQL's own programs, of a version that fits the server: the system's, or those that come with the package."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from backnumber.embedded import server


class NoProgram(Exception):
    """No pg_dump here is new enough for the server."""


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder with pg_dump, pg_restore and psql of one major version."""

    folder: Path
    version: int

    def path(self, name: str) -> str:
        return str(self.folder / name)


def fitting() -> Programs:
    """Promise: programs no older than the server, and as near to its version as there are. Errors: NoProgram.

    A newer one says words to an older server that it does not know, so the nearest is best.
    """
    wanted = server_version() // 10_000
    found = [programs for programs in _all() if programs.version >= wanted]
    if not found:
        raise NoProgram(
            f"The server is PostgreSQL {wanted}, and there is no pg_dump of that version here: install postgresql-client-{wanted}."
        )
    return min(found, key=lambda programs: programs.version)


def server_version() -> int:
    """Promise: the server's version as PostgreSQL numbers it: 180003 is 18.3."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0])


def surroundings() -> dict[str, str]:
    """Promise: the environment in which those programs reach Django's database; the password stands in no command line."""
    connection.ensure_connection()
    params = connection.get_connection_params()
    named = {
        "PGHOST": params.get("host"),
        "PGPORT": params.get("port"),
        "PGUSER": params.get("user"),
        "PGPASSWORD": params.get("password"),
        "PGSSLMODE": params.get("sslmode"),
        "PGDATABASE": params.get("dbname") or params.get("database"),
    }
    kept = {name: value for name, value in os.environ.items() if name != "PGOPTIONS"}
    return {**kept, **{name: str(value) for name, value in named.items() if value}}


def _all() -> Iterator[Programs]:
    installed = shutil.which("pg_dump")
    if installed and shutil.which("psql") and shutil.which("pg_restore"):
        told = subprocess.run([installed, "--version"], capture_output=True, text=True, check=False).stdout
        number = re.search(r"\) (\d+)", told)
        if number:
            yield Programs(Path(installed).parent, int(number[1]))
    for version, folder in server.bundled().items():
        yield Programs(folder, version)
