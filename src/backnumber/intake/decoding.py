"""A file's bytes as text. Each file by its own: its mark, what it truly is, what it says it is, what a browser takes it for.

Knows no Django.
"""

import codecs
import re
from dataclasses import dataclass

import webencodings
from charset_normalizer import from_bytes

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*[=:]\s*["']?\s*([A-Za-z0-9._:-]+)""", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_MOJIBAKE = re.compile(
    "Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œ]|â€[\u0080-\u00bf™œ\u009d“”˜¦]|\ufffd|[\x80-\x9f]"
)
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_NOT_WESTERN = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")  # what Windows-1252 has no letter for
WESTERN = 0.3  # of the letters of a Western text, fewer than this lie beyond ASCII


@dataclass(frozen=True, slots=True)
class Decoded:
    """`doubts` are (line, reason): what a person should look at."""

    text: str
    encoding: str
    doubts: tuple[tuple[int, str], ...] = ()


def decode(raw: bytes) -> Decoded:
    """Promise: text without control characters, its lines ended by LF, its lines as many as the file's.

    Bytes that are valid UTF-8 are read as UTF-8 even when the file says otherwise: that is never an accident.
    Labels mean what they mean to browsers (https://encoding.spec.whatwg.org/#names-and-labels): Latin-1 is
    Windows-1252. A file that says nothing is read as Windows-1252 too, unless most of its letters are not Western.
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


def codec_of(label: str) -> str:
    """Promise: Python's name of the encoding a browser takes for a label, or Python itself for one that browsers do not know
    ("latin-1"); empty for one that nobody knows.
    """
    found = webencodings.lookup(label)
    if found is not None:
        return "" if found.name in {"replacement", "x-user-defined"} else str(found.codec_info.name)
    try:
        codec = codecs.lookup(label)
        b"x".decode(codec.name)  # refuses what makes no text: base64, zip
    except (LookupError, ValueError):
        return ""
    return "cp1252" if codec.name in {"ascii", "iso8859-1"} else codec.name


def _decoded(raw: bytes) -> tuple[str, str, list[tuple[int, str]]]:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, "replace"), encoding, []
    if encoding := _without_mark(raw):
        return raw.decode(encoding, "replace"), encoding, []
    try:
        return raw.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError as error:
        broken_at = raw.count(b"\n", 0, error.start) + 1
    declared = _declared(raw)
    if declared and declared not in {"utf-8", "utf-16-le", "utf-16-be"}:
        try:
            return raw.decode(declared), declared, []
        except UnicodeDecodeError:
            pass
    if _is_nearly_utf_8(raw):
        reason = "it is UTF-8 but for some bytes, which were read as Windows-1252"
        return raw.decode("utf-8", ONE_BY_ONE), "utf-8", [(broken_at, reason)]
    if declared == "utf-8":
        reason = "says it is UTF-8 but is not; read as Windows-1252"
        return raw.decode("cp1252", "replace"), "cp1252", [(broken_at, reason)]
    text, encoding = _guessed(raw)
    said = "its encoding is not what it says" if declared else "it does not say its encoding"
    return text, encoding, [(broken_at, f"{said}; read as {encoding}")]


def _guessed(raw: bytes) -> tuple[str, str]:
    """As browsers do: Windows-1252, the encoding of the West; else what the letters look like."""
    letters = sum(byte >= 0x80 or chr(byte).isalpha() for byte in raw)
    beyond = sum(byte >= 0xA0 for byte in raw)
    if beyond < WESTERN * letters and not _NOT_WESTERN.search(raw):
        return raw.decode("cp1252"), "windows-1252"
    best = from_bytes(raw).best()
    return (str(best), best.encoding) if best else (raw.decode("cp1252", "replace"), "windows-1252")


def _without_mark(raw: bytes) -> str:
    """UTF-16 without its mark: every other byte is nothing."""
    start = raw[:400]
    if len(start) < 8 or start.count(0) < len(start) // 3:
        return ""
    return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"


def _is_nearly_utf_8(raw: bytes) -> bool:
    whole = sum(1 for _ in _SEQUENCE.finditer(raw))
    rest = sum(byte >= 0x80 for byte in _SEQUENCE.sub(b"", raw))
    return whole > rest


def _one_by_one(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


ONE_BY_ONE = "backnumber-windows-1252"
codecs.register_error(ONE_BY_ONE, _one_by_one)


def _declared(raw: bytes) -> str:
    found = _DECLARED.search(raw[:4096])
    return codec_of(found[1].decode("ascii")) if found else ""


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _around(text: str, at: int) -> str:
    return " ".join(text[max(at - 15, 0) : at + 15].split())
