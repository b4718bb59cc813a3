"""Who signed a piece, and from where. Knows no Django."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from backnumber.intake.balance import LeftOut, words
from backnumber.intake.casing import name_case
from backnumber.intake.markup import words_of
from backnumber.intake.profile import SignatureKeys, pattern
from backnumber.intake.reading import Kind, Line


@dataclass(frozen=True, slots=True)
class Signature:
    """`places` is inline HTML: "Stand Rectory.", "Oxford, May 20."."""

    name: str
    places: tuple[str, ...] = ()


def signature_in(line: Line, keys: SignatureKeys) -> Signature | None:
    """Promise: the signature of a line that is one; None when it is a date, a place, too long, or no
    signature at all.
    """
    if line.kind is not Kind.SIGNATURE and not _is_unmarked(line, keys):
        return None
    first, *places = _parts(line.html)
    if keys.split and not places and (found := pattern(keys.split).fullmatch(words_of(first))):
        first, places = (
            _escaped(found["name"] or ""),
            [_escaped(place) for place in (found["place"],) if place],
        )
    printed = words_of(first).strip(" ,;[]—-")
    if not printed or len(printed) > keys.longest or any(pattern(p).search(printed) for p in keys.ignore):
        return None
    if not any(c.isalnum() for c in printed):
        return None
    return Signature(name_case(printed) if keys.case == "title" else printed, tuple(p for p in places if p))


def _is_unmarked(line: Line, keys: SignatureKeys) -> bool:
    if line.kind is not Kind.TEXT or line.inner or not keys.unmarked or len(line.html) > 2 * keys.longest:
        return False
    return bool(pattern(keys.unmarked).fullmatch(words_of(line.html)))


def _parts(html: str) -> list[str]:
    """The name, then what stands under it. A first line that does not end goes on in the next."""
    parts = html.split("<br>")
    while len(parts) > 1 and not re.search(r"[.*?!)\]]\W*$", words_of(parts[0])):
        parts[0:2] = [f"{parts[0]} {parts[1]}"]
    return parts


def is_place(html: str, keys: SignatureKeys) -> bool:
    """Promise: whether a line after a signature is only where and when it was written."""
    words = words_of(html)
    return bool(keys.place) and len(words) <= 90 and bool(pattern(keys.place).fullmatch(words))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_BY = re.compile(r"^(?:(?:text|words|story)\s+)?by:?\s+(?=\w)", re.IGNORECASE)
BETWEEN = "; "
_BETWEEN = re.compile(r"\s*;\s*|\s*,?\s+(?:and|&)\s+(?=\S+\s\S)", re.IGNORECASE)


def with_names(signature: Signature | None) -> Signature | None:
    """Promise: a byline under a headline with its names apart: "By Ann Wick and Carl Oil" are two."""
    if signature is None:
        return None
    names = [name.strip(" ,") for name in _BETWEEN.split(_BY.sub("", signature.name))]
    return replace(signature, name=BETWEEN.join(dict.fromkeys(filter(None, names))) or signature.name)


def beside_names(lines: Iterable[Line], signatures: Iterable[Signature | None]) -> Iterator[LeftOut]:
    """What stands in a signature and is no name: the comma, "and others"."""
    for line, signature in zip(lines, signatures, strict=True):
        if signature is not None:
            rest = Counter(words(words_of(line.html)))
            rest.subtract(words(" ".join([signature.name, *map(words_of, signature.places)])))
            yield LeftOut("in signatures", " ".join(rest.elements()))
