"""Pictures as pages show them: a signed address for each size, and the view behind it that asks for the right
once more.

An original is never served as it was uploaded, a drawing (SVG) excepted, and no address can be guessed.
"""

import hashlib
import hmac
import logging
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

from backnumber.archive.blocks import PictureRef
from backnumber.archive.pictures import Picture
from backnumber.archive.readable import Readable
from backnumber.archive.rendering import ShownPicture
from backnumber.archive.storage import place

log = logging.getLogger(__name__)

WIDTHS = (480, 960, 1600)
# A drawing is shown by itself here: nothing in it may run or fetch.
_DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
_KEPT_FOR = 3600


def shown(
    readable: Readable, now: datetime, found: Mapping[int, Picture] | None = None
) -> dict[int, ShownPicture]:
    """Promise: the pictures the text refers to whose right holds at `now`; one query, none when there are
    none or they are `found` already.
    """
    wanted = wanted_by([readable])
    at_hand = in_store(wanted) if found is None else found
    return {
        key: shown_picture(at_hand[key])
        for key in wanted
        if key in at_hand and at_hand[key].may_be_shown(now)
    }


def wanted_by(texts: Iterable[Readable]) -> list[int]:
    """Promise: the keys of the pictures these texts refer to, each once."""
    blocks = (block for readable in texts for block in readable.blocks)
    return list(dict.fromkeys(block.picture for block in blocks if isinstance(block, PictureRef)))


def in_store(keys: Collection[int]) -> dict[int, Picture]:
    """Promise: the pictures, whatever their rights; one query, none when no key is given."""
    return {picture.pk: picture for picture in Picture.objects.filter(pk__in=keys)} if keys else {}


def shown_picture(picture: Picture) -> ShownPicture:
    """Promise: a picture as a page shows it, sizes it does not have left out. The caller has asked for the
    right; the address of the largest size is as hard to guess as the others, and asks for the right as they do.
    """
    widths = _widths(picture)
    return ShownPicture(
        src=address(picture, min(widths, key=lambda w: abs(w - 960))),
        srcset="" if picture.is_svg() else ", ".join(f"{address(picture, w)} {w}w" for w in widths),
        width=picture.width,
        height=picture.height,
        alt=picture.alt,
        caption=picture.caption,
        credit=picture.credit,
        large=address(picture, max(widths)),
    )


def address(picture: Picture, width: int) -> str:
    extension = "svg" if picture.is_svg() else "webp"
    return reverse("picture", args=[picture.pk, width, _signature(picture, width), extension])


def _widths(picture: Picture) -> Iterable[int]:
    """A picture is never made larger; one narrower than the least width is served at its own."""
    if picture.is_svg():
        return (WIDTHS[-1],)
    return [w for w in WIDTHS if w <= picture.width] or [WIDTHS[0]]


def _signature(picture: Picture, width: int) -> str:
    """Changes with the file, so that a replaced picture has a new address."""
    key = hashlib.sha256(b"backnumber.website.pictures" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(
        key, f"{picture.pk}:{width}:{picture.file.name}:{picture.file_size}".encode(), hashlib.sha256
    ).hexdigest()[:32]


@require_safe
def serve(request: HttpRequest, picture: int, width: int, signature: str, extension: str) -> HttpResponse:
    """404 for a picture that is not there, is withheld now, or whose address was made up: the same answer."""
    found = Picture.objects.filter(pk=picture).first()
    if found is None or not hmac.compare_digest(_signature(found, width), signature):
        raise Http404
    if not found.may_be_shown(timezone.now()) or (extension == "svg") != found.is_svg():
        raise Http404
    response = _drawing(found) if found.is_svg() else _bitmap(found, width)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = f"private, max-age={_KEPT_FOR}"
    return response


def _drawing(picture: Picture) -> HttpResponse:
    response = HttpResponse(_read(picture, picture.file.name), content_type="image/svg+xml")
    response.headers["Content-Security-Policy"] = _DRAWING_POLICY
    return response


def _bitmap(picture: Picture, width: int) -> HttpResponse:
    try:
        rendition = picture.get_rendition(f"width-{width}|format-webp")
    except (SourceImageIOError, InvalidFilterSpecError, OSError) as error:
        _tell_of(picture, error)
        raise Http404 from error
    return HttpResponse(_read(picture, rendition.file.name), content_type="image/webp")


def _read(picture: Picture, name: str) -> bytes:
    try:
        with default_storage.open(name) as file:
            return bytes(file.read())
    except OSError as error:
        _tell_of(picture, error)
        raise Http404 from error


@lru_cache(maxsize=1024)
def _told(picture: int, why: str) -> None:
    """Once in each process: a page asks for its pictures as often as it is read."""
    log.error("picture %d is not shown: %s", picture, why)


def _tell_of(picture: Picture, error: Exception) -> None:
    _told(picture.pk, f"“{picture.title}”, {picture.file.name} in {place()}: {error or type(error).__name__}")
