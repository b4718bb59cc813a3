"""Static files that are made, not written: the one style sheet, the fonts and the icons. `collectstatic` finds them like
any others.

They are kept in the var folder and made anew when their source is newer.
"""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage

from backnumber.website import fonts, icons

PACKAGE = Path(__file__).resolve().parent
SHEET = "website/site.css"
FONTS = tuple(f"website/fonts/{name}" for name in (*fonts.FACES, fonts.LICENCE))
BUILT = (SHEET, *FONTS, *icons.PICTURES)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


class BuiltFinder(BaseFinder):
    """Finds what `build` makes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(settings.BUILT_FOLDER)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [str(build(path))] if path in BUILT else []
        return found if find_all or not found else found[0]

    def list(self, _ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for path in BUILT:
            build(path)
            yield path, self.storage


def build(path: str) -> Path:
    """Promise: the file at `path` below the folder for built files, no older than its sources."""
    target: Path = settings.BUILT_FOLDER / path
    maker = PACKAGE / ("icons.py" if path in icons.PICTURES else "fonts.py")
    sources = _components() if path == SHEET else [maker]
    if not target.exists() or target.stat().st_mtime < max(s.stat().st_mtime for s in sources):
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{os.getpid()}")
        if path == SHEET:
            part.write_text(style_sheet(), encoding="utf-8")
        elif path in icons.PICTURES:
            icons.build(path, part)
        else:
            fonts.build(target.name, part)
        part.replace(target)
    return target


def style_sheet() -> str:
    """Promise: every component's style sheet in the order of their names, one after the other, comments and
    blank lines left out.
    """
    text = _COMMENT.sub("", "\n".join(source.read_text(encoding="utf-8") for source in _components()))
    return "\n".join(line.strip() for line in text.splitlines() if line.strip()) + "\n"


def _components() -> list[Path]:
    return [*sorted((PACKAGE / "css").glob("*.css")), *sorted((PACKAGE / "static" / "website").glob("*.css"))]
