"""What stopped a command, in one sentence that says what to do; `main` asks here before it shows a traceback.

Knows no command: it is told an exception. What it does not know stays an exception, for that is a mistake of ours.
"""

import errno
from collections.abc import Iterator

from django.db import Error as DatabaseError
from psycopg import Error as PostgresError
from psycopg import errors

NOT_SET_UP = "The database is not set up yet, or an older version set it up. Run `backnumber setup`, then this command again."
_AWAY = "Start it, or correct DATABASE_URL, then run this command again."
_FROM_POSTGRES: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((errors.UndefinedTable, errors.UndefinedColumn, errors.UndefinedFunction), NOT_SET_UP),
    (
        (errors.InvalidPassword, errors.InvalidAuthorizationSpecification),
        "The database refuses the name or the password: correct DATABASE_URL.",
    ),
    (
        (errors.InvalidCatalogName,),
        "The database that DATABASE_URL names does not exist: make it, then run `backnumber setup`.",
    ),
    (
        (errors.InsufficientPrivilege,),
        "The database does not let this user do that: {words}. Give the user of DATABASE_URL the right.",
    ),
    (
        (errors.ReadOnlySqlTransaction,),
        "The database is read-only (a replica?): let DATABASE_URL name the one that may be written to.",
    ),
    (
        (errors.DiskFull,),
        "The disk of the database is full: make room, then run this command again; what was half done is undone.",
    ),
    (
        (errors.TooManyConnections,),
        "The database takes no more connections: stop what needs them not, or raise its max_connections.",
    ),
    (
        (errors.LockNotAvailable, errors.QueryCanceled, errors.DeadlockDetected),
        "The database was too busy ({words}): nothing was left half done; run this command again.",
    ),
)
_FROM_THE_SYSTEM = {
    errno.ENOSPC: "The disk is full{at}: make room, then run this command again.",
    errno.EDQUOT: "The disk quota is used up{at}: make room, then run this command again.",
    errno.EROFS: "This disk cannot be written to{at}: choose another place.",
    errno.EACCES: "This user may not read or write{at}: change the rights of the file, or the user.",
    errno.EPERM: "This user may not do that{at}: change the rights of the file, or the user.",
    errno.ENOENT: "There is no such file or folder{at}.",
    errno.EISDIR: "That is a folder, not a file{at}.",
    errno.ENOTDIR: "That is a file, not a folder{at}.",
    errno.ENAMETOOLONG: "A file name is too long{at}.",
    errno.ELOOP: "Links lead round in a circle{at}.",
    errno.EMFILE: "Too many files are open: raise the limit (`ulimit -n`).",
    errno.EADDRINUSE: "Another program listens there already: stop it, or choose another port.",
}


def explained(error: BaseException) -> str:
    """Promise: the sentence for what stopped a command; empty for what is no fault of its surroundings."""
    return next(filter(None, map(_sentence, _causes(error))), "")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The exception and what it was made from, innermost last."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _sentence(error: BaseException) -> str:
    if isinstance(error, PostgresError):
        return _of_postgres(error)
    if isinstance(error, DatabaseError):
        return ""  # the driver's own exception, its cause, tells more
    if isinstance(error, OSError):
        return _of_system(error)
    return ""


def _of_postgres(error: PostgresError) -> str:
    words = _first_line(error)
    for kinds, sentence in _FROM_POSTGRES:
        if isinstance(error, kinds):
            return sentence.format(words=words)
    if isinstance(error, errors.OperationalError):
        return f"The database cannot be reached ({words}). {_AWAY}"
    return ""


def _of_system(error: OSError) -> str:
    sentence = _FROM_THE_SYSTEM.get(error.errno or 0, "")
    return sentence.format(at=f": {error.filename}" if error.filename else "")


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__).rstrip(".")
