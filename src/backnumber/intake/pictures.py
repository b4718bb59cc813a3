"""Pictures that come with an archive: found beside it, checked, stored under a name made from what they hold."""

import hashlib
import posixpath
import re
import warnings
from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from django.core.files.base import ContentFile
from PIL import Image

from backnumber.archive.models import Picture
from backnumber.intake.reading import PictureSeen

BIGGEST_FILE = 40 * 1024 * 1024
MOST_PIXELS = 80_000_000
MOST_PICTURES = 5_000
MOST_FILES = 200_000  # looked through for a name that differs in case
EXTENSIONS = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp"})
_SIZED = re.compile(r"-\d{1,5}x\d{1,5}(?=\.\w{3,4}$)")
KINDS = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp"}


class NotTaken(ValueError):
    """A picture that is not taken along; the message says why."""


class NotThere(NotTaken):
    """No file was found for it."""


@dataclass
class Pictures:
    """Takes pictures along from one folder, each once. With `folder` None there is nowhere to look."""

    folder: Path | None
    dry_run: bool = False
    taken: dict[str, int] = field(default_factory=dict)
    by_small_letters: dict[str, Path] | None = None

    def take(self, seen: PictureSeen, beside: Path = Path()) -> int:
        """Promise: the key of the archive's picture; `beside` is the folder of the page it stands in. Errors: NotThere, NotTaken."""
        try:
            stem, raw = self._read(seen, beside)
        except (
            OSError,
            ValueError,
            RuntimeError,
        ) as error:  # a name too long, links in a circle, a broken address
            if isinstance(error, NotTaken):
                raise
            raise NotThere(f"it cannot be read ({type(error).__name__})") from None
        if len(self.taken) >= MOST_PICTURES:
            raise NotTaken(f"more than {MOST_PICTURES} pictures: the rest is not taken")
        name = _digest(raw)
        if name not in self.taken:
            extension, width, height = _checked(raw)
            self.taken[name] = (
                -1 if self.dry_run else _stored(raw, name, extension, (width, height), seen, stem)
            )
        return self.taken[name]

    def _read(self, seen: PictureSeen, beside: Path) -> tuple[str, bytes]:
        """The name and content of a picture: of a file, or written into the page itself."""
        if seen.src.lstrip()[:5].lower() == "data:":
            return "picture", _inline(seen.src.strip())
        path = self._found((*seen.originals, seen.src), beside)
        return path.stem, _read(path)

    def _found(self, addresses: Iterable[str], beside: Path) -> Path:
        if self.folder is None:
            raise NotThere("no folder of pictures was given")
        root = self.folder.resolve()
        for address in addresses:
            for candidate in _names(address, beside):
                path = self._file(root, candidate)
                if path is not None and not path.is_relative_to(root):
                    raise NotTaken("it lies outside of the folder")
                if path is not None:
                    return path
        raise NotThere("there is no such file")

    def _file(self, root: Path, name: str) -> Path | None:
        path = (root / name).resolve()
        if path.is_file():
            return path
        if self.by_small_letters is None:
            self.by_small_letters = _by_small_letters(root)
        return self.by_small_letters.get(name.lower())


def _by_small_letters(root: Path) -> dict[str, Path]:
    """Files by their names in small letters: old sites stood on servers for which these were the same."""
    found: dict[str, Path] = {}
    for path in islice(root.rglob("*"), MOST_FILES):
        if path.suffix.lower() in EXTENSIONS and not path.is_symlink():
            found.setdefault(path.relative_to(root).as_posix().lower(), path.resolve())
    return found


def _names(src: str, beside: Path) -> Iterable[str]:
    """Beside its page first; then `2008/06/boat.jpg` and `boat.jpg` of `https://example.org/uploads/2008/06/boat.jpg`, the longest
    first. Of `boat-300x200.jpg`, as WordPress calls a thumbnail, `boat.jpg` is the original.
    """
    address = urlsplit(src)
    path = unquote(address.path)
    if "\0" in path:
        return
    if not address.netloc and not path.startswith("/"):
        yield from _both(posixpath.normpath(posixpath.join(beside.as_posix(), path)))
    parts = [part for part in path.split("/") if part not in {"", ".", ".."}]
    for at in range(len(parts)):
        yield from _both("/".join(parts[at:]))


def _both(name: str) -> Iterable[str]:
    if name.startswith("../") or name == "..":
        return
    original = _SIZED.sub("", name)
    if original != name:
        yield original
    yield name


def _inline(src: str) -> bytes:
    """The content of a `data:` address (https://www.rfc-editor.org/rfc/rfc2397). Errors: NotTaken."""
    kind, _, content = src.partition(",")
    if not kind.lower().startswith("data:image/"):
        raise NotTaken("it is written into the page, but is no picture")
    if len(content) > 2 * BIGGEST_FILE:
        raise NotTaken(f"it is larger than {BIGGEST_FILE // 1024 // 1024} MB")
    try:
        packed = unquote_to_bytes(content)
        return b64decode(packed, validate=False) if kind.lower().endswith(";base64") else packed
    except ValueError:
        raise NotTaken("it is written into the page, but cannot be read") from None


def _read(path: Path) -> bytes:
    if path.stat().st_size > BIGGEST_FILE:
        raise NotTaken(f"it is larger than {BIGGEST_FILE // 1024 // 1024} MB")
    return path.read_bytes()


def _checked(raw: bytes) -> tuple[str, int, int]:
    """Promise: the extension and size of a picture that a browser shows and that is no flood of pixels."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(ContentFile(raw)) as image:
                kind, (width, height) = image.format or "", image.size
                if kind not in KINDS:
                    raise NotTaken(f"{kind or 'its kind'} is not one of {', '.join(KINDS)}")
                if width * height > MOST_PIXELS:
                    raise NotTaken(f"{width} × {height} pixels are too many")
                image.verify()
    except NotTaken:
        raise
    except Exception as error:  # Pillow raises many kinds for a broken file
        raise NotTaken(
            f"it is no picture that can be read ({type(error).__name__}); SVG is not taken, it can run script"
        ) from None
    return KINDS[kind], width, height


def stored_name(raw: bytes, extension: str) -> str:
    """Promise: the name of the file under the folder of pictures, the same whenever it is brought in."""
    return f"original_images/imported-{_digest(raw)[:20]}.{extension}"


def _digest(raw: bytes) -> str:
    return hashlib.sha1(raw, usedforsecurity=False).hexdigest()  # what Wagtail keeps as `file_hash`


def _stored(
    raw: bytes, name: str, extension: str, size: tuple[int, int], seen: PictureSeen, stem: str
) -> int:
    """Promise: one row for one content. A file that a killed import left half-written is written anew."""
    if known := Picture.objects.filter(file_hash=name).values_list("pk", flat=True).first():
        return int(known)
    storage = Picture._meta.get_field("file").storage
    path = stored_name(raw, extension)
    if storage.exists(path):
        with storage.open(path) as there:
            whole = there.read() == raw
        if not whole:
            storage.delete(path)
    if not storage.exists(path):
        path = storage.save(path, ContentFile(raw))
    picture = Picture(
        title=(seen.caption or seen.alt or stem)[:255],
        alt=seen.alt[:500],
        caption=seen.caption[:500],
        width=size[0],
        height=size[1],
        file_size=len(raw),
        file_hash=name,
    )
    picture.file.name = path
    picture.save()
    return int(picture.pk)
