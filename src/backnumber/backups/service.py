"""Making a backup, and restoring one: all or nothing, and compared with what was backed up.

A backup is a tar file: `pictures/…`, `database.dump` (pg_dump's custom format), and last `contents.json` with the checksum of each.
"""

import hashlib
import io
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection, transaction

from backnumber.backups import programs, tables

DATABASE, CONTENTS, PICTURES = "database.dump", "contents.json", "pictures/"
BLOCK = 1 << 20
_ONE_TRANSACTION = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--file=-")
_AS_SQL = ("--no-owner", "--no-privileges", "--file=-")

Tell = Callable[[str], None]


class Refused(Exception):
    """The backup is not made, or not restored, and why; nothing was changed."""


class Backup(msgspec.Struct, frozen=True):
    """What is in a backup. `files`: the SHA-256 of each."""

    made_at: datetime
    made_by: str
    server: int
    tables: list[tables.Contents]
    files: dict[str, str]
    has_pictures: bool


def make(target: Path, now: datetime, tell: Tell) -> Backup:
    """Promise: the file is there, whole and on the disk, or as it was before. Errors: Refused, OSError."""
    part = target.with_name(f".{target.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
            dump = Path(folder) / DATABASE
            held = _dump(dump, tell)
            with part.open("wb") as written, tarfile.open(fileobj=written, mode="w") as archive:
                made = _fill(archive, dump, held, now, tell)
                archive.close()
                written.flush()
                os.fsync(written.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return made


def read(file: Path) -> Backup:
    """Promise: what the backup holds; every checksum is right. Errors: Refused."""
    found: dict[str, str] = {}
    told = b""
    try:
        with tarfile.open(file) as archive:
            for member in archive:
                if member.name == CONTENTS:
                    told = _opened(archive, member).read()
                elif member.isfile():
                    found[member.name] = _digest(_opened(archive, member))
        backup = msgspec.json.decode(told, type=Backup)
    except (tarfile.TarError, EOFError, msgspec.MsgspecError) as error:
        raise Refused(f"{file} is no whole backup of Backnumber: {error}") from error
    wrong = sorted(
        name for name in backup.files.keys() | found.keys() if backup.files.get(name) != found.get(name)
    )
    if wrong:
        raise Refused(f"{file} is damaged: {', '.join(wrong[:5])} is not what was backed up.")
    return backup


def restore(file: Path, backup: Backup, tell: Tell, *, replace: bool = False) -> None:
    """Promise: the database holds what the backup held, row by row, and the pictures are in place; or nothing has changed.

    Errors: Refused, for a database or a folder of pictures that holds something and is not to be replaced, and for one in use.
    """
    refuse_what_is_there(backup, replace=replace)
    fitting = programs.fitting()
    with _unpacked(file, tell) as folder:
        tell("Restoring the database …")
        _load(folder / DATABASE, backup, fitting)
        if backup.has_pictures:
            tell("Putting the pictures in their place …")
            _put(folder / PICTURES, Path(_pictures_folder() or ""))
    shutil.rmtree(settings.SEARCH_FOLDER, ignore_errors=True)  # made of another database: it is built anew
    connection.close()


def refuse_what_is_there(backup: Backup, *, replace: bool) -> None:
    """Errors: Refused, with what stands against restoring."""
    if tables.names() and not replace:
        raise Refused("The database is not empty. To put the backup in its place, say --replace.")
    if _others():
        raise Refused(f"{_others()} other connection(s) use the database: stop `serve` and `worker` first.")
    folder = _pictures_folder()
    if not backup.has_pictures:
        return
    if folder is None:
        raise Refused("The backup has pictures, and BACKNUMBER_PICTURES names no folder to put them in.")
    if not replace and folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} holds pictures already. To put the backup in their place, say --replace.")


def waiting_jobs() -> int:
    """Promise: how many jobs the restored queue still has to do; some may have been done since the backup was made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
        return int(cursor.fetchone()[0])


def _dump(target: Path, tell: Tell) -> list[tables.Contents]:
    """The tables are counted in the very snapshot that is dumped."""
    fitting = programs.fitting()
    surroundings = programs.surroundings()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        command = [
            fitting.path("pg_dump"),
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            "--schema=public",
        ]
        command += [f"--snapshot={cursor.fetchone()[0]}", f"--file={target}"]
        with subprocess.Popen(command, env=surroundings, stderr=subprocess.PIPE, text=True) as running:
            held = tables.contents()
            tell(f"{len(held)} tables with {sum(one.rows for one in held):,} rows.")
            while running.poll() is None:
                time.sleep(0.1)
            said = running.stderr.read() if running.stderr else ""
    if running.returncode:
        raise Refused(f"The database could not be backed up: {said.strip()}")
    return held


def _fill(
    archive: tarfile.TarFile, dump: Path, held: list[tables.Contents], now: datetime, tell: Tell
) -> Backup:
    files = {}
    folder = _pictures_folder()
    pictures = sorted(path for path in folder.rglob("*") if path.is_file()) if folder else []
    for done, path in enumerate(pictures, 1):
        name = f"{PICTURES}{path.relative_to(str(folder)).as_posix()}"
        files[name] = _add(archive, path, name)
        if done == len(pictures) or done % 100 == 0:
            tell(f"{done} of {len(pictures)} pictures")
    files[DATABASE] = _add(archive, dump, DATABASE)
    backup = Backup(
        now,
        f"backnumber {version('backnumber')}",
        programs.server_version(),
        held,
        files,
        has_pictures=folder is not None,
    )
    told = msgspec.json.format(msgspec.json.encode(backup))
    last = tarfile.TarInfo(CONTENTS)
    last.size = len(told)
    archive.addfile(last, io.BytesIO(told))
    return backup


def _add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    """The checksum is of the bytes that are written, whatever becomes of the file meanwhile."""
    with path.open("rb") as file:
        member = archive.gettarinfo(arcname=name, fileobj=file)
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        summed = _Summed(file)
        archive.addfile(member, summed)
    return summed.sum.hexdigest()


class _Summed:
    """A file that sums up what is read of it."""

    def __init__(self, file: Any) -> None:
        self.file, self.sum = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block: bytes = self.file.read(size)
        self.sum.update(block)
        return block


@contextmanager
def _unpacked(file: Path, tell: Tell) -> Iterator[Path]:
    """Beside the place of the pictures, so that they need only be moved there."""
    beside = (_pictures_folder() or Path(settings.VAR) / "pictures").parent
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=beside, prefix=".restore-") as folder, tarfile.open(file) as archive:
        tell("Unpacking …")
        archive.extractall(folder, filter="data")
        yield Path(folder)


def _load(dump: Path, backup: Backup, fitting: programs.Programs) -> None:
    """One transaction: the old schema goes, the new one comes, and each table is compared before anything is kept."""
    surroundings = programs.surroundings()
    connection.close()
    first = "SET lock_timeout = '10s'; SET statement_timeout = 0; DROP SCHEMA public CASCADE;\n"
    if not _makes_schema(dump, fitting):
        first += "CREATE SCHEMA public;\n"
    with tempfile.TemporaryFile("w+") as said:
        psql = subprocess.Popen(
            [fitting.path("psql"), *_ONE_TRANSACTION],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=surroundings,
        )
        is_whole = _fed(
            psql, first, [fitting.path("pg_restore"), *_AS_SQL, str(dump)], tables.checks(backup.tables)
        )
        if not is_whole:
            psql.kill()  # what it has done so far is undone by the server
        if psql.wait() or not is_whole:
            said.seek(0)
            raise Refused(
                f"The backup cannot be restored, and nothing was changed: {said.read().strip()[-2000:]}"
            )


def _fed(psql: "subprocess.Popen[bytes]", first: str, middle: list[str], last: str) -> bool:
    """Promise: psql got all three, and its input has ended; False when it stopped listening, or the middle broke off."""
    if psql.stdin is None:
        return False
    try:
        psql.stdin.write(first.encode())
        psql.stdin.flush()
        if subprocess.run(middle, stdout=psql.stdin, stderr=psql.stderr, check=False).returncode:
            time.sleep(0.2)  # one that stopped listening says why
            return False
        psql.stdin.write(last.encode())
        psql.stdin.close()
    except BrokenPipeError:
        psql.wait()
        return False
    return True


def _makes_schema(dump: Path, fitting: programs.Programs) -> bool:
    listed = subprocess.run(
        [fitting.path("pg_restore"), "--list", str(dump)], capture_output=True, text=True, check=True
    ).stdout
    return " SCHEMA - public " in listed


def _put(source: Path, target: Path) -> None:
    """Each picture appears whole; one of the same name gives way. What the backup does not know stays."""
    for path in sorted(source.rglob("*")) if source.exists() else []:
        if path.is_file():
            to = target / path.relative_to(source)
            to.parent.mkdir(parents=True, exist_ok=True)
            path.replace(to)


def _pictures_folder() -> Path | None:
    """None where pictures are not kept in a folder."""
    return Path(default_storage.location) if isinstance(default_storage, FileSystemStorage) else None


def _others() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


def _opened(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Any:
    return archive.extractfile(member) or io.BytesIO()


def _digest(file: Any) -> str:
    found = hashlib.sha256()
    while block := file.read(BLOCK):
        found.update(block)
    return found.hexdigest()
