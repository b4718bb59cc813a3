"""The key that signs sessions and links: from the environment, or in demo mode one kept in the var folder."""

import os
import secrets
from pathlib import Path

from backnumber import configuration


def secret_key(folder: Path) -> str:
    """Errors: ValueError in production when BACKNUMBER_SECRET_KEY is unset or short; in demo mode when none can be kept."""
    given = configuration.value("BACKNUMBER_SECRET_KEY")
    if configuration.is_production() and len(given) < 50:
        raise ValueError("Set BACKNUMBER_SECRET_KEY to at least 50 random characters.")
    try:
        return given or _kept(folder / "secret-key")
    except OSError as error:
        raise ValueError(f"no secret key can be kept in {folder}: {error.strerror}.") from error


def _kept(path: Path) -> str:
    """Two processes that start at once agree: the file is made by one of them, whole."""
    if not path.exists():
        mine = path.with_name(f"{path.name}.{os.getpid()}")
        mine.touch(mode=0o600)
        mine.write_text(secrets.token_urlsafe(64))
        try:
            os.link(mine, path)
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    return path.read_text()
