"""Stops the embedded server when nobody uses it any more: a small process beside it, started by its first user.

Each user holds a shared lock on one file; the kernel lets it go when the process ends, killed or not. Who gets the same lock for
itself alone knows that nobody is left. Run as a program it needs only the standard library, so that it stays small.
"""

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path


def users_file(folder: Path) -> Path:
    """Promise: the file on which each user of the server of `folder` holds a shared lock."""
    return folder.with_name(f"{folder.name}.users")


def keeper_file(folder: Path) -> Path:
    """Promise: the file that the keeper of the server of `folder` has locked."""
    return folder.with_name(f"{folder.name}.keeper")


def opened(path: Path) -> int:
    """Promise: a descriptor of the file, which exists, to be locked; no program that we start inherits it."""
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def is_watching(folder: Path) -> bool:
    """Promise: whether a keeper is there. Only a user of the server may ask: with a user there, no keeper is just leaving."""
    descriptor = opened(keeper_file(folder))
    try:
        return not _locked_at_once(descriptor)
    finally:
        os.close(descriptor)


def watch(folder: Path, pg_ctl: str, user: str) -> None:
    """Promise: returns when the server has been stopped, after its last user; at once when another keeper is there."""
    own = opened(keeper_file(folder))
    if not _locked_at_once(own):
        return
    users = opened(users_file(folder))
    fcntl.flock(users, fcntl.LOCK_EX)
    if (folder / "postmaster.pid").exists():
        subprocess.run(
            [pg_ctl, "-w", "-m", "fast", "-D", str(folder), "stop"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            user=user or None,
        )
    os.close(own)  # first: whoever waits for the other lock looks next for a keeper
    os.close(users)


def _locked_at_once(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


if __name__ == "__main__":
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)  # told to stop with the others, it still has its work to do
    watch(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
