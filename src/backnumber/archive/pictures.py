"""Pictures and their rights. A picture without the right is withheld; its article stays.

What is unsafe to show is refused when it comes in: a drawing (SVG) that could run or fetch something, a flood
of pixels.
"""

import re
from datetime import datetime
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.db import models
from lxml import etree
from PIL import Image as Bitmap
from PIL import UnidentifiedImageError
from wagtail.images.models import AbstractImage, AbstractRendition, Image

MOST_PIXELS = 60_000_000
MOST_SVG_BYTES = 5_000_000
# Pillow refuses twice this number when it opens a file, before it unpacks it: whoever opens one, Wagtail too,
# is safe.
Bitmap.MAX_IMAGE_PIXELS = MOST_PIXELS // 2
_SVG = "http://www.w3.org/2000/svg"
_XHTML = "http://www.w3.org/1999/xhtml"
# https://www.w3.org/TR/SVG2/interact.html and struct.html: what runs, embeds, or changes an address while
# shown.
_RUNS = {
    "script",
    "foreignobject",
    "iframe",
    "embed",
    "object",
    "audio",
    "video",
    "canvas",
    "handler",
    "listener",
    "set",
    "animate",
}
_OWN_ADDRESS = re.compile(r"^(#|data:image/(png|jpeg|gif|webp);base64,)")
_OUTSIDE_STYLE = re.compile(
    r"\\|@import|expression\s*\(|javascript:|url\(\s*['\"]?(?!\s*['\"]?#)", re.IGNORECASE
)


class Rights(models.TextChoices):
    CLEARED = "cleared", "May be shown online"
    UNTIL = "until", "May be shown online until the day below"
    PRINT_ONLY = "print-only", "Cleared for print only: withheld online"


class Picture(AbstractImage):
    """A picture with its credit and its right. Wagtail's image with what an archive needs to know of it."""

    alt = models.CharField(
        "alternative text",
        max_length=500,
        blank=True,
        help_text="What a person who cannot see it needs to know.",
    )
    caption = models.CharField(max_length=500, blank=True)
    credit = models.CharField(max_length=255, blank=True)
    rights = models.CharField(max_length=16, choices=Rights, default=Rights.CLEARED)
    rights_until = models.DateField(
        "shown online until",
        null=True,
        blank=True,
        help_text="The last day, inclusive; only with the choice above.",
    )

    admin_form_fields = (*Image.admin_form_fields, "alt", "caption", "credit", "rights", "rights_until")

    def clean(self) -> None:
        super().clean()
        self._refuse_unsafe_file()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Errors: ValidationError for a file that is unsafe to show; nothing is then written."""
        self._refuse_unsafe_file()
        super().save(*args, **kwargs)

    def _refuse_unsafe_file(self) -> None:
        """A file that is in the store already was looked at when it came."""
        if not self.file or getattr(self.file, "_committed", True):
            return
        refuse_unsafe(self.file.name, self.file)

    @property
    def default_alt_text(self) -> str:
        return self.alt

    def may_be_shown(self, now: datetime) -> bool:
        """Promise: whether the right holds on the day of `now`. A right "until" without its day is none."""
        if self.rights == Rights.UNTIL:
            return self.rights_until is not None and now.date() <= self.rights_until
        return self.rights == Rights.CLEARED


class Rendition(AbstractRendition):
    """A size of a picture, made when first asked for."""

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


def refuse_unsafe(name: str, file: BinaryIO) -> None:
    """Promise: the file is left at its start. Errors: ValidationError, on the field `file`, when it is unsafe
    to show.

    An import asks before it makes a `Picture`: making one has Wagtail look into the file.
    """
    file.seek(0)
    try:
        if name.lower().endswith(".svg"):
            refuse_unsafe_svg(file.read(MOST_SVG_BYTES + 1))
        else:
            refuse_pixel_flood(file)
    finally:
        file.seek(0)


def refuse_unsafe_svg(drawing: bytes) -> None:
    """Errors: ValidationError, on the field `file`, for a drawing that is no SVG, runs something, or reaches
    outside itself.
    """
    if len(drawing) > MOST_SVG_BYTES:
        raise _refused("This drawing is too large; 5 MB is the most.")
    if b"<!ENTITY" in drawing.upper() or b"\x00" in drawing:
        raise _refused(
            "This drawing declares entities, or is not written in UTF-8; save it again as plain SVG."
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root: Any = etree.fromstring(drawing, parser)
    except etree.XMLSyntaxError as error:
        raise _refused(f"This drawing cannot be read as SVG: {error.msg}") from error
    if etree.QName(root).localname != "svg":
        raise _refused("This file is no SVG drawing.")
    for instruction in root.xpath("//processing-instruction()"):
        raise _refused(
            f"This drawing has an instruction to programs, <?{instruction.target}?>; save it as plain SVG."
        )
    for element in root.iter(etree.Element):
        _refuse_element(element)


def _refuse_element(element: Any) -> None:
    name = etree.QName(element)
    line = f" (line {element.sourceline})"
    if (
        name.namespace == _XHTML
        or name.localname.lower() in _RUNS
        or name.localname.lower().startswith("animate")
    ):
        raise _refused(f"This drawing holds <{name.localname}>, which could run in a reader’s browser{line}.")
    if name.localname.lower() == "style" and _OUTSIDE_STYLE.search("".join(element.itertext())):
        raise _refused(f"This drawing’s style reaches outside the file{line}.")
    for attribute, value in element.attrib.items():
        local = etree.QName(attribute).localname.lower()
        if local.startswith("on"):
            raise _refused(
                f"This drawing has the handler {local}, which could run in a reader’s browser{line}."
            )
        if local in {"href", "src"} and name.namespace == _SVG and not _OWN_ADDRESS.match(value.strip()):
            raise _refused(f"This drawing points outside the file{line}.")
        if _OUTSIDE_STYLE.search(value) and local not in {"href", "src"}:
            raise _refused(f"This drawing’s {local} reaches outside the file{line}.")


def refuse_pixel_flood(file: BinaryIO) -> None:
    """Errors: ValidationError, on the field `file`, for a picture of more than 60 million pixels or of no
    known kind.

    Only the head of the file is read: a small file that would unpack to gigabytes is refused without
    unpacking it.
    """
    try:
        with Bitmap.open(file) as picture:
            width, height = picture.size
    except Bitmap.DecompressionBombError as error:
        raise _refused("This picture has too many pixels; 60 million is the most.") from error
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise _refused("This file is no picture we can read.") from error
    if width * height > MOST_PIXELS:
        raise _refused(f"This picture has {width} × {height} pixels; 60 million is the most.")


def _refused(why: str) -> ValidationError:
    return ValidationError({"file": why})
