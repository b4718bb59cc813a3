"""What an import decides: which fields to take, which an editor has made their own, which piece is which.
Pure.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.text import slugify

from backnumber.intake.casing import latin

Digests = Mapping[str, str]
ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Settled:
    """`take` are fields to write, `kept` those that source and editor both changed: the editor's stay."""

    take: tuple[str, ...]
    kept: tuple[str, ...]


def digest(value: Any) -> str:
    """Promise: the same for the same value; the ids of a stream's blocks do not count."""
    return hashlib.sha256(
        json.dumps(_without_ids(value), ensure_ascii=False, sort_keys=True, default=str).encode()
    ).hexdigest()[:20]


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_ids(inner) for key, inner in value.items() if key != "id"}
    if isinstance(value, list | tuple):
        return [_without_ids(inner) for inner in value]
    return value


def digests(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: digest(value) for name, value in values.items()}


def settle(last: Digests, present: Digests, new: Digests) -> Settled:
    """Promise: three ways by field. As last time: nothing. Untouched by editors: take. Both changed, and not
    to the same: keep.
    """
    changed = [name for name in new if new[name] != last.get(name) and new[name] != present.get(name)]
    kept = tuple(name for name in changed if name in last and present.get(name) != last[name])
    return Settled(tuple(name for name in changed if name not in kept), kept)


@dataclass(frozen=True, slots=True)
class Known:
    """A piece as it was brought in before, or as it is in the source now."""

    key: str
    headline: str
    section: str
    body: str


def keys_for(pieces: Sequence[Known], before: Sequence[Known]) -> list[str]:
    """Promise: for each piece the key it is known by: its own, or that of the piece it was before its
    headline changed.
    """
    free = {known.key: known for known in before}
    found = [free.pop(piece.key, None) for piece in pieces]
    tails = {tail(key): key for key in reversed(free)}
    for at, piece in enumerate(pieces):
        if found[at] is None and (key := tails.pop(tail(piece.key), "")):
            found[at] = free.pop(key)
    for at, piece in enumerate(pieces):
        if found[at] is None and (match := _same(piece, free.values())):
            found[at] = free.pop(match.key)
    return [match.key if match else piece.key for match, piece in zip(found, pieces, strict=True)]


def tail(key: str) -> str:
    """Promise: what a piece is known by within its issue, whatever the issue's number and date."""
    return key.partition("#")[2]


def _same(piece: Known, candidates: Iterable[Known]) -> Known | None:
    candidates = list(candidates)
    if match := next((known for known in candidates if known.body == piece.body), None):
        return match
    near = [
        (SequenceMatcher(None, k.headline, piece.headline).ratio(), k)
        for k in candidates
        if k.section == piece.section
    ]
    best = max(near, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] >= ALIKE else None


def numbered(keys: Iterable[str]) -> list[str]:
    """Promise: the keys in their order, each once: the second of a kind ends in `-2`."""
    seen: set[str] = set()
    return [unique(key, seen) for key in keys]


def unique(wanted: str, taken: set[str], longest: int = 300) -> str:
    """Promise: `wanted`, or `wanted-2` and so on, not in `taken`, and now in it."""
    base, number = wanted[:longest], 1
    made = base
    while made in taken:
        number += 1
        tail = f"-{number}"
        made = f"{base[: longest - len(tail)].rstrip('-')}{tail}"
    taken.add(made)
    return made


def slug(text: str, otherwise: str, longest: int = 80) -> str:
    """Promise: an address of whole words; of Greek its Latin letters; `otherwise` when nothing is left."""
    made = slugify(latin(re.sub("[—–/]|\\.\\.+", " ", text)))
    if len(made) > longest:
        made = made[: longest + 1].rsplit("-", 1)[0][:longest]
    return made.strip("-") or otherwise
