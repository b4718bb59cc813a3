"""Every reading of what came back: unpacked, and with entities, escapes and tags undone. Pure.

It reads leniently: what is cut off half-way, as a part of a page is, is read as far as it goes.
"""

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

import brotli

_TAG = re.compile(r"<[^>]*>")
_UNICODE = re.compile(r"\\u\{?([0-9a-fA-F]{4,6})\}?|\\x([0-9a-fA-F]{2})")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda packed: zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(packed),
    "deflate": lambda packed: zlib.decompressobj().decompress(packed),
    "br": lambda packed: brotli.Decompressor().process(packed),
}


@dataclass(frozen=True, slots=True)
class Readings:
    """`text` holds the content in every reading, one after the other; `plain` are its words as a reader would read them."""

    text: str = ""
    plain: str = ""


def readings(content: bytes, coding: str) -> Readings:
    """Promise: the content as it came, unpacked, and undone in each way it may have been wrapped."""
    text = unpacked(content, coding).decode("utf-8", "replace")
    undone = _undone(_undone(text))  # JSON in an attribute, an attribute in JSON
    plain = _TAG.sub(" ", undone)
    return Readings("\n".join(dict.fromkeys([text, undone, _TAG.sub("", undone)])), plain)


def unpacked(content: bytes, coding: str) -> bytes:
    unpack = _UNPACK.get(coding.strip().lower())
    if unpack is None:
        return content
    try:
        return unpack(content)
    except (zlib.error, brotli.error):
        return content


def _undone(text: str) -> str:
    text = _UNICODE.sub(_character, text).replace(r"\n", "\n").replace(r"\"", '"').replace(r"\/", "/")
    return unquote(unescape(text).replace("+", " ")).translate(_INVISIBLE)


def _character(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number <= 0x10FFFF else match[0]
