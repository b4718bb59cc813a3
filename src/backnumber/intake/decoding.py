"""A file's bytes as text. Each file by its own: its mark, what it truly is, what it says it is, what it looks
like.

Knows no Django.
"""

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*[=:]\s*["']?\s*([A-Za-z0-9._-]+)""", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAME = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
}
_MOJIBAKE = re.compile(
    "Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œ]|â€[\u0080-\u00bf™œ\u009d“”˜¦]|\ufffd|[\x80-\x9f]"
)
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """`doubts` are (line, reason): what a person should look at."""

    text: str
    encoding: str
    doubts: tuple[tuple[int, str], ...] = ()


def decode(raw: bytes) -> Decoded:
    """Promise: text without control characters, its line ends `\\n`, its lines as many as the file's.

    Bytes that are valid UTF-8 are read as UTF-8 even when the file says otherwise: that is never an accident.
    Latin-1 is read as Windows-1252, as every browser does
    (https://encoding.spec.whatwg.org/#names-and-labels).
    """
    text, encoding, doubts = _decoded(raw)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := _NOT_TEXT.search(text):
        doubts.append((_line(text, found.start()), "control characters were taken out"))
        text = _NOT_TEXT.sub("", text)
    if found := _MOJIBAKE.search(text):
        doubts.append(
            (
                _line(text, found.start()),
                f"looks wrongly decoded near {_around(text, found.start())!r}; it was read as {encoding}",
            )
        )
    return Decoded(text, encoding, tuple(doubts))


def _decoded(raw: bytes) -> tuple[str, str, list[tuple[int, str]]]:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, "replace"), encoding, []
    try:
        return raw.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError as error:
        broken_at = raw.count(b"\n", 0, error.start) + 1
    declared = _declared(raw)
    if declared and declared != "utf-8":
        try:
            return raw.decode(declared), declared, []
        except (UnicodeDecodeError, LookupError):
            pass
    if declared != "utf-8" and (best := from_bytes(raw).best()) is not None:
        return (
            str(best),
            best.encoding,
            [(broken_at, f"its encoding is not what it says; it looks like {best.encoding}")],
        )
    said = "says it is UTF-8 but is not" if declared == "utf-8" else "has no encoding that fits"
    return raw.decode("cp1252", "replace"), "cp1252", [(broken_at, f"{said}; read as Windows-1252")]


def _declared(raw: bytes) -> str:
    found = _DECLARED.search(raw[:4096])
    if not found:
        return ""
    name = found[1].decode("ascii").lower()
    try:
        return _SAME.get(name, "utf-8" if codecs.lookup(name).name == "utf-8" else name)
    except LookupError:
        return ""


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _around(text: str, at: int) -> str:
    return " ".join(text[max(at - 15, 0) : at + 15].split())
