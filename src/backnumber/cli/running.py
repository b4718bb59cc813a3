"""The worker beside the demo's server, and what the server needs first."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ValidationError
from django.core.management import call_command

from backnumber.readers import second_factor
from backnumber.readers.models import Reader
from backnumber.readers.service import open_account


def build_static() -> None:
    """Promise: the static files are collected and compressed; nothing is done when none is newer than the last time."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    found = (storage.path(path) for finder in get_finders() for path, storage in finder.list([]))
    newest = max(Path(path).stat().st_mtime for path in found)
    if not manifest.exists() or manifest.stat().st_mtime < newest:
        call_command("collectstatic", interactive=False, verbosity=0)


@contextmanager
def worker_beside() -> Iterator[None]:
    """A worker in a process of its own, for as long as the block lasts; started again should it end."""
    ended = threading.Event()
    process: list[subprocess.Popen[bytes]] = []

    def keep() -> None:
        while not ended.is_set():
            process[:] = [
                subprocess.Popen([sys.executable, "-m", "backnumber", "worker"], env=dict(os.environ))
            ]
            process[0].wait()
            ended.wait(2)

    thread = threading.Thread(target=keep, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        for one in process:
            _end(one)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(25)
    except subprocess.TimeoutExpired:  # its job is taken up by the next worker
        process.kill()
        process.wait()


class NotDone(Exception):
    """Says what to do instead, in a sentence."""


def make_administrator(email: str, ask_password: Callable[[], str]) -> Reader:
    """Promise: the reader of that address, who may do everything; made if new, with the password asked for.

    Errors: NotDone when the password is too weak; nothing is made then.
    """
    is_new = not Reader.objects.filter(email__iexact=email).exists()
    reader = open_account(email, _good_password(email, ask_password()) if is_new else None)
    reader.is_staff = reader.is_superuser = True
    reader.save(update_fields=["is_staff", "is_superuser"])
    return reader


def _good_password(email: str, password: str) -> str:
    """As AUTH_PASSWORD_VALIDATORS want it: this door is no wider than the one on the site."""
    try:
        validate_password(password, Reader(email=email))
    except ValidationError as error:
        raise NotDone(" ".join(error.messages)) from error
    return password


def forget_second_factor(email: str) -> None:
    """Errors: NotDone when there is no such account."""
    reader = Reader.objects.filter(email__iexact=email).first()
    if reader is None:
        raise NotDone(f"There is no account of {email}.")
    second_factor.forget(reader)
