"""The build id: a name for everything that pages are rendered with beside the archive. Another build, other pages."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import django
from django.conf import settings

import backnumber

_SUFFIXES = {".py", ".html", ".css", ".svg", ".toml"}
_SETTINGS = (
    "ADDRESS", "SITE_NAME", "HELP_EMAIL", "PAYMENTS", "PRODUCTION", "TIME_ZONE", "LANGUAGE_CODE", "STATIC_URL",
    "ROOT_URLCONF", "METER_NOBODY", "METER_READERS", "METER_DAYS", "GIFTS", "GIFT_DAYS", "SECRET_KEY",
)  # fmt: skip


@cache
def build_id() -> str:
    """Promise: the same while program, templates, style sheet and settings are; worked out once a process.

    The secret key is among them: addresses of pictures and references at the gate are made with it.
    """
    found = hashlib.blake2b(digest_size=16)
    for part in (*_of_settings(), *_of_files()):
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()


def _of_settings() -> Iterator[bytes]:
    yield django.get_version().encode()
    for name in _SETTINGS:
        yield f"{name}={getattr(settings, name)!r}".encode()


def _of_files() -> Iterator[bytes]:
    """The manifest names each static file by its content; before there is one, their addresses do not change."""
    package = Path(backnumber.__file__).parent
    for path in sorted(path for path in package.rglob("*") if path.suffix in _SUFFIXES):
        yield path.relative_to(package).as_posix().encode()
        yield path.read_bytes()
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists():
        yield manifest.read_bytes()
