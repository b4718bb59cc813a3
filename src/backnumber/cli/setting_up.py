"""One set-up at a time, on one var folder and on one database: a second waits, and then finds the work done."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

Tell = Callable[[str], None]

SET_UP = 7062  # the number of the lock in the database, https://www.postgresql.org/docs/current/explicit-locking.html

OLD_NAMES = (
    "This database was made by a version that was never released: its tables have other names, and nothing in it was changed. "
    "Begin with an empty database (another DATABASE_URL, or another var folder) and import your archive again."
)


def has_tables_of_old_names() -> bool:
    """Promise: whether a version before the first release made this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('press_page') IS NOT NULL AND to_regclass('edge_page') IS NULL")
        return bool(cursor.fetchone()[0])


@contextmanager
def alone(tell: Tell) -> Iterator[None]:
    """Promise: while the block lasts nobody else sets up this folder or this database; `tell` hears when it has to wait."""
    with _alone_in_the_folder(tell), _alone_in_the_database(tell):
        yield


@contextmanager
def _alone_in_the_folder(tell: Tell) -> Iterator[None]:
    descriptor = os.open(settings.VAR / "setup.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell(f"Waiting for another set-up of {settings.VAR} to end …")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _alone_in_the_database(tell: Tell) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # whoever waits for a lock is at no fault
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SET_UP])
        if not cursor.fetchone()[0]:
            tell("Waiting for another set-up of this database to end …")
            cursor.execute("SELECT pg_advisory_lock(%s)", [SET_UP])
    held = connection.connection
    try:
        yield
    finally:
        if connection.connection is held and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [SET_UP])
                cursor.execute("RESET statement_timeout")
