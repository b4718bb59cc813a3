"""Files that are unsafe to show are refused when they come in."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image

from backnumber.archive.models import Picture
from backnumber.archive.pictures import refuse_unsafe, refuse_unsafe_svg

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'

UNSAFE = {
    "script": "<script>alert(1)</script>",
    "script of another case": "<SCRIPT>alert(1)</SCRIPT>",
    "handler": '<rect onload="alert(1)" width="1" height="1"/>',
    "handler of another case": '<rect ONCLICK="alert(1)"/>',
    "foreign": '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>',
    "html": '<body xmlns="http://www.w3.org/1999/xhtml"/>',
    "link out": '<a href="https://evil.example/"><text>x</text></a>',
    "link that runs": '<a xlink:href="javascript:alert(1)"><text>x</text></a>',
    "picture from elsewhere": '<image href="https://evil.example/x.png"/>',
    "picture that is a document": '<image href="data:image/svg+xml;base64,AAAA"/>',
    "use from elsewhere": '<use xlink:href="other.svg#x"/>',
    "style sheet from elsewhere": "<style>@import 'https://evil.example/x.css';</style>",
    "font from elsewhere": "<style>rect{fill:url(https://evil.example/x)}</style>",
    "escaped style": "<style>@\\69mport 'x'</style>",
    "fill from elsewhere": '<rect fill="url(https://evil.example/#x)"/>',
    "changes an address": '<a href="#a"><animate attributeName="href" values="javascript:alert(1)"/></a>',
    "sets an address": '<set attributeName="href" to="javascript:alert(1)"/>',
}


@pytest.mark.parametrize("inside", UNSAFE.values(), ids=UNSAFE)
def test_a_drawing_that_runs_or_reaches_out_is_refused(inside: str) -> None:
    with pytest.raises(ValidationError):
        refuse_unsafe_svg(f"{HEAD}{inside}</svg>".encode())


@pytest.mark.parametrize(
    "whole",
    [
        "",
        "not xml",
        "<html/>",
        "<svg",
        f'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>{HEAD}<text>&b;</text></svg>',
        f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>{HEAD}<text>&x;</text></svg>',
        f'<?xml-stylesheet href="https://evil.example/x.css"?>{HEAD}</svg>',
    ],
)
def test_what_is_no_plain_drawing_is_refused(whole: str) -> None:
    with pytest.raises(ValidationError):
        refuse_unsafe_svg(whole.encode())


def test_a_drawing_in_another_encoding_hides_nothing() -> None:
    with pytest.raises(ValidationError):
        refuse_unsafe_svg(f'<?xml version="1.0" encoding="utf-16"?>{HEAD}<script/></svg>'.encode("utf-16"))


def test_a_plain_drawing_passes() -> None:
    refuse_unsafe_svg(
        (
            HEAD
            + '<title>A plan</title><style>rect{fill:url(#g)}</style><defs><linearGradient id="g"/></defs>'
            '<rect style="stroke:#000" fill="url(#g)" width="9" height="9"/><use href="#g"/><a href="#g"/>'
            '<image href="data:image/png;base64,iVBORw0KGgo="/><text font-family="serif">1, 2</text></svg>'
        ).encode()
    )


@pytest.mark.django_db
def test_an_unsafe_drawing_is_not_stored() -> None:
    with pytest.raises(ValidationError, match="script"):
        Picture.objects.create(title="x", file=ContentFile(f"{HEAD}<script/></svg>".encode(), "x.svg"))
    assert not Picture.objects.exists()


def test_a_flood_of_pixels_is_refused_unread() -> None:
    """A few bytes that say they are 9,000 by 9,000, and a few that say far more."""
    for width, height in ((9_000, 9_000), (60_000, 60_000)):
        with pytest.raises(ValidationError, match="pixels"):
            refuse_unsafe("x.png", BytesIO(png_that_says(width, height)))


def test_a_file_that_is_no_picture_is_refused() -> None:
    with pytest.raises(ValidationError, match="no picture"):
        refuse_unsafe("x.png", BytesIO(b"MZ not a picture"))


@pytest.mark.django_db
def test_a_flood_of_pixels_is_not_stored() -> None:
    with pytest.raises((ValidationError, Image.DecompressionBombError)):
        Picture.objects.create(title="x", file=ContentFile(png_that_says(9_000, 9_000), "x.png"))
    assert not Picture.objects.exists()


def png_that_says(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
