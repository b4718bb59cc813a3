"""Drawn covers: an ornament grown from what an issue is (its title and date), in the palette of its decade.

The same issue has the same cover on every machine, whatever its key in a database. Pure; the words are set in HTML over it.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from backnumber.website.ornaments.engraving import Box, Chance, Inks
from backnumber.website.ornaments.families import FAMILIES

DRAWN = 1
"""Raise it when the drawing changes: it is in the pictures' addresses, which browsers keep for a year."""

LAYOUTS = ("band", "foot", "frame")  # by the place of the title; a band without cover lines is a "bleed"
SCHEMES = ("paper", "deep", "tint", "panel", "ink")


@dataclass(frozen=True, slots=True)
class Palette:
    """`ink` reads on `paper` and `tint`, `paper` reads on `deep` and `ink`, at 7:1 or better. `line` is only for lines."""

    paper: str
    ink: str
    deep: str
    tint: str
    line: str


PALETTES: dict[int, Palette] = {
    1840: Palette("#f0e6d0", "#241c14", "#4b1d16", "#d8c69c", "#8a5a2b"),
    1850: Palette("#f1e8d6", "#221a20", "#43204a", "#d6c3c9", "#7b4a78"),
    1860: Palette("#f2e9d3", "#1d2019", "#26402c", "#c6cba6", "#8b3a1e"),
    1870: Palette("#efe3c8", "#261b12", "#5a2a12", "#d5b98a", "#3f5b4b"),
    1880: Palette("#f0e7d2", "#1b1f22", "#1f3b45", "#bcc8bd", "#a3672c"),
    1890: Palette("#f3ecd9", "#20190f", "#3e3a12", "#d9cc86", "#9c2f1b"),
    1900: Palette("#f2eddc", "#1c2120", "#2b4436", "#b9cdb4", "#b0722f"),
    1910: Palette("#eee6d6", "#1a1c22", "#2a2f4d", "#c3c3cf", "#8f2f33"),
    1920: Palette("#f3e9d2", "#17150f", "#0f3d3a", "#e3bf7a", "#b5341f"),
    1930: Palette("#efe8d8", "#191a1c", "#5e1a17", "#cfc6b2", "#276673"),
    1940: Palette("#e9e1cc", "#1e1e16", "#3b4021", "#c2b88c", "#8c2b1c"),
    1950: Palette("#f4ecd8", "#1c262b", "#7a2a1c", "#a9c3b6", "#d08a2e"),
    1960: Palette("#f5efe0", "#1b1b1a", "#1d3e5e", "#ecb54c", "#d4452a"),
    1970: Palette("#f3e6cb", "#2a1a10", "#5b3312", "#dba64a", "#6c7a2c"),
    1980: Palette("#f1f0ea", "#141d28", "#16304f", "#c6d2d8", "#b8283c"),
    1990: Palette("#efebe1", "#1d191e", "#45204a", "#cbc4ae", "#2b716b"),
    2000: Palette("#f6f3ea", "#171f1b", "#123f33", "#bdd3c1", "#b06a26"),
    2010: Palette("#f7f2e8", "#211819", "#6d1b24", "#e4cdb2", "#1d6078"),
    2020: Palette("#f4f1e7", "#13191d", "#0f3c4b", "#f2c9a6", "#c65230"),
}

_BOXES = {
    "band": Box(0, 1020, 3000, 2010, 0.46),
    "bleed": Box(0, 1020, 3000, 2980, 0.6),
    "foot": Box(0, 1560, 3000, 2440, 0.56),
    "frame": Box(330, 980, 2340, 1930, 0.45),
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a cover looks like: the decade of its palette, which of its colours is where, and how it is laid out."""

    seed: str
    decade: int
    scheme: str
    layout: str
    family: int


@lru_cache(maxsize=10_000)
def drawing(title: str, day: date, position: int, has_lines: bool) -> Drawing:
    """Promise: how the issue of `title` (a slug) of `day` is drawn. Neighbouring issues differ in ornament and scheme.

    `position` is the title's place among the titles: a sister title is laid out differently. Where there are no cover
    lines, the ornament takes their room.
    """
    layout = LAYOUTS[min(position, len(LAYOUTS) - 1)]
    month, week = day.year * 12 + day.month, (day.day - 1) // 7
    shift = int(Chance(title).part() * 55)
    return Drawing(
        seed=f"{title}/{day.isoformat()}",
        decade=palette_of(day.year),
        scheme=SCHEMES[(month * 6 + week + shift) % len(SCHEMES)],
        layout="bleed" if layout == "band" and not has_lines else layout,
        family=(month * 5 + week + shift) % len(FAMILIES),
    )


def palette_of(year: int) -> int:
    """Promise: the decade whose palette a year takes: its own, or the nearest there is."""
    return min(max(year // 10 * 10, min(PALETTES)), max(PALETTES))


def grounds(palette: Palette, scheme: str) -> tuple[str, str]:
    """Promise: the ground of a cover and the colour of its words."""
    return {
        "paper": (palette.paper, palette.ink),
        "deep": (palette.deep, palette.paper),
        "tint": (palette.tint, palette.ink),
        "panel": (palette.paper, palette.ink),
        "ink": (palette.ink, palette.paper),
    }[scheme]


@lru_cache(maxsize=10_000)
def version(drawn: Drawing) -> str:
    """Promise: a short name for what is drawn: another drawing, another name."""
    return hashlib.sha256(f"{DRAWN} {drawn}".encode()).hexdigest()[:10]


@lru_cache(maxsize=512)
def svg(drawn: Drawing) -> str:
    """Promise: the cover without its words, as one SVG of less than 12 kB."""
    palette = PALETTES[drawn.decade]
    ground, words = grounds(palette, drawn.scheme)
    box = _BOXES[drawn.layout]
    panel, inks = _inks(palette, drawn.scheme, ground)
    ornament = FAMILIES[drawn.family](Chance(drawn.seed), box, inks)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3000 4000" width="300" height="400">'
        f'<rect width="3000" height="4000" fill="{ground}"/>'
        f'<clipPath id="b"><rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}"/></clipPath>'
        f"{_rect(box, panel) if panel else ''}"
        f'<g clip-path="url(#b)">{ornament}</g>{_rules(drawn.layout, box, words)}</svg>'
    )


def _inks(palette: Palette, scheme: str, ground: str) -> tuple[str, Inks]:
    """The panel behind the ornament, if it has one of its own, and what it is drawn with."""
    match scheme:
        case "paper":
            return "", Inks(palette.ink, palette.line, ground)
        case "panel":
            return palette.deep, Inks(palette.paper, palette.tint, palette.deep)
        case "tint":
            return "", Inks(palette.ink, palette.deep, ground)
        case "deep":
            return "", Inks(palette.paper, palette.tint, ground)
    return "", Inks(palette.tint, palette.paper, ground)


def _rect(box: Box, fill: str) -> str:
    return f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" fill="{fill}"/>'


def _rules(layout: str, box: Box, ink: str) -> str:
    if layout == "frame":
        return (
            f'<g fill="none" stroke="{ink}"><rect x="110" y="110" width="2780" height="3780" stroke-width="26"/>'
            '<rect x="165" y="165" width="2670" height="3670" stroke-width="8"/></g>'
        )
    if layout in {"foot", "bleed"}:
        return f'<path d="M0 {box.y}h3000" stroke="{ink}" stroke-width="20"/>'
    return f'<path d="M0 {box.y}h3000M0 {box.y + box.height}h3000" stroke="{ink}" stroke-width="14"/>'
