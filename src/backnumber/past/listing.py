"""Which entries of the index an article is listed under. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import slugify

from backnumber.archive.parts import Part
from backnumber.past.rules import LISTED_FROM, Found, sentence


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry for one article. `sentence` is open text, or empty. `is_known`: its name is in our own data, or an editor's."""

    key: str
    kind: str
    label: str
    is_open: bool
    is_known: bool
    sentence: str
    latitude: float | None
    longitude: float | None


_PLACE_OF = {"title": 0, "standfirst": 1, "lead": 2}
TABLES = {"ruler", "person", "organisation", "city", "region", "former", "battlefield", "realm"}
"""Rules that find only what stands by name in a table of ours: the name is no secret of any text."""
_NAMED_BY_EDITORS = {"accepted", "mended"}


def listed(parts: Sequence[Part], shown: Sequence[Found]) -> list[Listed]:
    """Promise: the entries, what the headline and the standfirst name first.

    What only gated text names is listed when it is named more than once, or when an editor said so.
    """
    by_key: dict[str, list[Found]] = {}
    for one in shown:
        if one.kind != "time" and (key := _key(one)):
            by_key.setdefault(key, []).append(one)
    found = [
        (_importance(parts, same), _listed(key, same, parts))
        for key, same in by_key.items()
        if parts[same[0].position].is_open
        or len(same) >= LISTED_FROM
        or any(one.status in _NAMED_BY_EDITORS for one in same)
    ]
    return [one for _, one in sorted(found, key=lambda pair: (pair[0], pair[1].key))]


def _key(one: Found) -> str:
    name = slugify(one.key.partition(":")[2]) or slugify(one.label)
    return f"{one.kind}:{name}" if name else ""


def _importance(parts: Sequence[Part], same: Sequence[Found]) -> tuple[int, int]:
    return (
        min(_PLACE_OF.get(parts[one.position].weight, 3) for one in same),
        -sum(parts[one.position].is_open for one in same),
    )


def _listed(key: str, same: Sequence[Found], parts: Sequence[Part]) -> Listed:
    in_open = [one for one in same if parts[one.position].is_open]
    evidence = next((one for one in in_open if parts[one.position].weight != "title"), None)
    placed = next((one for one in same if one.latitude is not None), same[0])
    return Listed(
        key=key,
        kind=same[0].kind,
        label=same[0].label,
        is_open=bool(in_open),
        is_known=placed.latitude is not None
        or any(one.rule in TABLES or one.status in _NAMED_BY_EDITORS for one in same),
        sentence=sentence(parts[evidence.position].text, evidence.start, evidence.end) if evidence else "",
        latitude=placed.latitude,
        longitude=placed.longitude,
    )
