"""Pictures for tests: real files of a few pixels, made here."""

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from backnumber.archive.models import Picture

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30" width="40" height="30">'
    '<rect width="40" height="30" fill="#7a1f1f"/></svg>'
)


def a_picture(*, width: int = 600, height: int = 400, name: str = "map.png", **fields: Any) -> Picture:
    file = BytesIO()
    Image.new("RGB", (width, height), (120, 30, 30)).save(file, "PNG")
    return Picture.objects.create(title="A map", file=ContentFile(file.getvalue(), name), **fields)


def a_drawing(svg: str = DRAWING, **fields: Any) -> Picture:
    return Picture.objects.create(title="A plan", file=ContentFile(svg.encode(), "plan.svg"), **fields)
