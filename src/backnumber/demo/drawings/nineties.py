"""Drawings for the demo’s issues of 1999."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import cos, hypot, radians, sin

from backnumber.demo.drawings.pen import (
    ACCENT,
    DEEP_SHADE,
    INK,
    PALE_STONE,
    PAPER,
    RULE,
    STONE,
    Point,
    arrow,
    box,
    dot,
    line,
    note,
    path,
    shape,
    sheet,
    straight,
    text,
    title,
)

# Tilbury


def _pentagon(centre: Point, radius: float) -> list[Point]:
    """Return the corners of a regular pentagon from its lowest one, clockwise as drawn."""
    turns = [radians(90 + 72 * corner) for corner in range(5)]
    return [(centre[0] + radius * cos(turn), centre[1] + radius * sin(turn)) for turn in turns]


def _along(start: Point, end: Point, share: float) -> Point:
    """Return the point that lies the given share of the way from start to end."""
    return (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))


def _bastion(centre: Point, corners: Sequence[Point], which: int) -> list[Point]:
    """Return one bastion: flank foot, shoulder, point, shoulder, flank foot."""
    here, before, after = corners[which], corners[which - 1], corners[(which + 1) % 5]
    feet = (_along(here, before, 0.22), _along(here, after, 0.22))
    shoulders = []
    for foot, other in zip(feet, (before, after), strict=True):
        run, rise = other[0] - here[0], other[1] - here[1]
        size = hypot(run, rise)
        out = (rise / size, -run / size)
        if (foot[0] - centre[0]) * out[0] + (foot[1] - centre[1]) * out[1] < 0:
            out = (-out[0], -out[1])
        shoulders.append((foot[0] + 34 * out[0], foot[1] + 34 * out[1]))
    return [feet[0], shoulders[0], _along(centre, here, 1.46), shoulders[1], feet[1]]


def _moats(tips: Sequence[Point], centre: Point, bank: float) -> list[str]:
    """Return the two moats and the covered way between them, open to the river."""
    rings: list[str] = []
    for by, fill in ((1.46, DEEP_SHADE), (1.31, PAPER), (1.22, DEEP_SHADE)):
        west, *north, east = [_along(centre, tip, by) for tip in tips]
        figure = [(west[0], bank), west, *north, east, (east[0], bank)]
        rings.append(shape(figure, fill, STONE, 1.3))
    return rings


def _fire(west: Sequence[Point], east: Sequence[Point]) -> list[str]:
    """Return the lines of fire between two neighbouring bastions."""
    lines = [line([west[4], east[2]], ACCENT, 1.3, "5 5"), line([east[0], west[2]], ACCENT, 1.3, "5 5")]
    for share, flip in ((0.32, False), (0.68, True)):
        here, there = _along(west[4], west[3], share), _along(east[0], east[1], share)
        start, end = (there, here) if flip else (here, there)
        lines.append(arrow(start, _along(start, end, 0.9), ACCENT, 2.2))
    return lines


def _river_front(bank: float) -> list[str]:
    """Return the river, the gun lines, the water gate and the old blockhouse."""
    guns = [box((x, bank - 9), 5, 13, INK) for x in (*range(206, 420, 15), *range(541, 755, 15))]
    tower = f"M458,{bank - 8} h44 v8 a22,22 0 0 1 -44,0 z"
    return [
        box((0, bank), 960, 720 - bank, RULE),
        *guns,
        path(tower, fill=PAPER, stroke=INK, width=2),
        box((472, 528), 16, 14, INK),
        text((120, 690), "THE THAMES", size=20),
        note((300, bank + 32), "gun line"),
        note((660, bank + 32), "gun line"),
        line([(500, bank + 14), (560, 660)], STONE, 1.1),
        note((566, 668), "Henry VIII’s blockhouse", "start"),
        line([(447, 608), (410, 660)], STONE, 1.1),
        note((404, 676), "water bastion, never built", "end"),
    ]


def _tilbury_labels() -> list[str]:
    """Return the names of the parts of the fort, with leaders where they are needed."""
    leaders = [[(236, 247), (132, 214)], [(246, 297), (132, 268)], [(268, 345), (132, 322)]]
    return [
        *(line(leader, STONE, 1.1) for leader in leaders),
        note((126, 218), "outer moat", "end"),
        note((126, 272), "covered way", "end"),
        note((126, 326), "inner moat", "end"),
        note((480, 60), "marsh, which could be flooded"),
        text((480, 382), "parade"),
        text((480, 486), "Water Gate", size=18),
        line([(480, 494), (480, 524)], STONE, 1.1),
        text((384, 226), "NW", size=18),
        text((576, 226), "NE", size=18),
        text((302, 432), "W", size=18),
        text((658, 432), "E", size=18),
    ]


def tilbury_plan() -> str:
    """Draw de Gomme’s pentagon, its moats, its missing bastion and its lines of fire."""
    centre, bank = (480.0, 375.0), 572.0
    corners = _pentagon(centre, 165)
    water, *land = [_bastion(centre, corners, which) for which in range(5)]
    wall = [point for bastion in land for point in bastion]
    parts = [
        *_moats([bastion[2] for bastion in land], centre, bank),
        *_river_front(bank),
        shape([*wall, corners[0]], PAPER, INK, 3),
        line(water, STONE, 2, "7 6"),
        *_fire(land[1], land[2]),
        *_tilbury_labels(),
    ]
    return sheet(parts, height=720)


# Western Thebes

TEMPLES = (
    (96, "Seti I", ""),
    (206, "Thutmose III", "1"),
    (286, "Ramesses II", "2"),
    (366, "Merneptah", "3"),
    (506, "Ramesses III", ""),
)


def _cliffs() -> list[str]:
    """Return the edge of the desert hills as a hatched line."""
    bends = (300, 284, 300, 262, 282, 246, 262, 236)
    edge = [(float(x), 20 + 81.5 * step) for step, x in enumerate(bends)]
    strokes = [line(edge, STONE, 2)]
    for start, end in pairwise(edge):
        for step in range(5):
            x, y = _along(start, end, step / 5)
            strokes.append(line([(x, y), (x - 20, y + 5)], STONE, 1.1))
    return strokes


def _temple(top: float, king: str, number: str) -> list[str]:
    """Return one temple with its court, its name and the order in which the men came to it."""
    parts = [box((560, top), 96, 38, PAPER, INK), box((648, top - 5), 10, 48, INK)]
    parts.append(line([(600, top), (600, top + 38)], INK, 1.2))
    parts.append(text((690, top + 26), king, "start"))
    if number:
        parts.append(dot((536, top + 19), 14, ACCENT, ACCENT))
        parts.append(text((536, top + 25), number, size=18, fill=PAPER))
    return parts


def _village() -> list[str]:
    """Return the walled street of the workmen."""
    houses = [line([(336, 320 + 10 * row), (384, 320 + 10 * row)], STONE, 1) for row in range(1, 11)]
    return [
        box((336, 320), 48, 110, PAPER, INK),
        *houses,
        line([(360, 320), (360, 430)], INK, 1.6),
        text((360, 456), "The village", size=18),
    ]


def theban_strike() -> str:
    """Draw western Thebes in scheme, with the temples where the workmen sat down."""
    village = (388.0, 372.0)
    routes = [arrow(village, (518, top + 21), ACCENT, 2.2) for top, _, number in TEMPLES if number]
    offered = arrow((388, 352), (552, 122), ACCENT, 1.6, "6 6")
    parts = [
        box((836, 0), 124, 600, DEEP_SHADE),
        line([(836, 0), (836, 600)], STONE, 1.3),
        *_cliffs(),
        *(mark for top, king, number in TEMPLES for mark in _temple(top, king, number)),
        *_village(),
        *routes,
        offered,
        note((898, 320), "fields"),
        text((898, 52), "N", size=20),
        arrow((898, 120), (898, 64), STONE, 1.6),
        note((126, 96), "to the Valley"),
        note((126, 120), "of the Kings"),
        arrow((126, 76), (126, 34), STONE, 1.6),
        note((414, 150), "offered by the"),
        note((414, 174), "chief of police"),
        note((126, 300), "desert hills"),
        note((690, 556), "(Medinet Habu)", "start"),
        note((690, 336), "(the Ramesseum)", "start"),
    ]
    return sheet(parts)


# Ireland


def famine_provinces() -> str:
    """Draw the fall in population of Ireland’s provinces between 1841 and 1851."""
    parts = [title("Fewer people, 1841–51", "Fall in population, per cent, from the censuses")]
    falls = (("Leinster", 15.2), ("Ulster", 15.7), ("Munster", 22.5), ("Connacht", 28.8))
    left, scale = 200, 22
    for share in range(0, 31, 5):
        x = left + share * scale
        parts.append(straight((x, 150), (x, 510), RULE, 1.5))
        parts.append(text((x, 540), str(share), size=18, fill=PALE_STONE))
    for index, (province, fall) in enumerate(falls):
        y = 168 + index * 86
        parts.append(box((left, y), fall * scale, 54, INK))
        parts.append(text((left - 16, y + 35), province, "end", size=22))
        parts.append(text((left + fall * scale + 12, y + 35), f"{fall}", "start", size=22))
    mean = left + 19.8 * scale
    parts += [straight((mean, 150), (mean, 510), PAPER, 9), straight((mean, 136), (mean, 510), ACCENT, 3)]
    parts.append(text((mean, 124), "Ireland 19.8", size=20, fill=ACCENT))
    parts.append(straight((left, 150), (left, 510), INK, 2))
    parts.append(note((530, 576), "per cent", fill=PALE_STONE))
    return sheet(parts)


DRAWINGS: dict[str, Callable[[], str]] = {
    "tilbury-plan": tilbury_plan,
    "theban-strike": theban_strike,
    "famine-provinces": famine_provinces,
}
