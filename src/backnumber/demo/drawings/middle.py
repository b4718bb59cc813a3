"""Drawings for the demo’s issues of 1974, 1986 and 1999."""

from collections.abc import Callable, Sequence
from html import escape
from itertools import pairwise
from math import cos, hypot, pi, radians, sin, sqrt

PAPER = "#fbf9f4"
INK = "#1b1a17"
RULE = "#d9d3c5"
ACCENT = "#7a1f1f"
STONE = "#5f594d"
SHADE = "#ebe5d7"
FACE = "Source Serif Pro, Georgia, serif"

Point = tuple[float, float]


def _sheet(parts: Sequence[str], width: int = 960, height: int = 600) -> str:
    """Return a complete SVG of the given size on paper."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="{FACE}">'
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>{"".join(parts)}</svg>'
    )


def _text(
    at: Point, words: str, anchor: str = "middle", size: int = 19, fill: str = INK, style: str = "normal"
) -> str:
    """Return one line of lettering."""
    return (
        f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" font-size="{size}" text-anchor="{anchor}" '
        f'font-style="{style}" fill="{fill}">{escape(words)}</text>'
    )


def _note(at: Point, words: str, anchor: str = "middle", fill: str = STONE) -> str:
    """Return one line of italic lettering."""
    return _text(at, words, anchor, 18, fill, "italic")


def _joined(points: Sequence[Point]) -> str:
    """Return the points as SVG writes them."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _line(points: Sequence[Point], stroke: str = INK, width: float = 1.6, dash: str = "") -> str:
    """Return an open line through the points, broken if a dash pattern is given."""
    broken = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<polyline points="{_joined(points)}" fill="none" stroke="{stroke}" stroke-width="{width}" '
        f'stroke-linejoin="round" stroke-linecap="round"{broken}/>'
    )


def _shape(
    points: Sequence[Point], fill: str = "none", stroke: str = INK, width: float = 1.6, dash: str = ""
) -> str:
    """Return a closed figure through the points."""
    broken = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<polygon points="{_joined(points)}" fill="{fill}" stroke="{stroke}" stroke-width="{width}" '
        f'stroke-linejoin="round"{broken}/>'
    )


def _path(drawn: str, fill: str = "none", stroke: str = INK, width: float = 1.6, dash: str = "") -> str:
    """Return a curve given as SVG path data."""
    broken = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="{drawn}" fill="{fill}" fill-rule="evenodd" stroke="{stroke}" stroke-width="{width}" '
        f'stroke-linejoin="round" stroke-linecap="round"{broken}/>'
    )


def _box(corner: Point, width: float, height: float, fill: str, stroke: str = "none") -> str:
    """Return a rectangle from its upper left corner."""
    return (
        f'<rect x="{corner[0]:.1f}" y="{corner[1]:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="1.4"/>'
    )


def _ring(at: Point, radius: float, fill: str = "none", stroke: str = INK, width: float = 1.6) -> str:
    """Return a circle."""
    return (
        f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius:.1f}" fill="{fill}" '
        f'stroke="{stroke}" stroke-width="{width}"/>'
    )


def _arrow(start: Point, tip: Point, stroke: str = INK, width: float = 2, dash: str = "") -> str:
    """Return a straight line that ends in a filled head."""
    run, rise = tip[0] - start[0], tip[1] - start[1]
    size = hypot(run, rise)
    east, south = run / size, rise / size
    foot = (tip[0] - 13 * east, tip[1] - 13 * south)
    barbs = [(foot[0] - 6 * south, foot[1] + 6 * east), (foot[0] + 6 * south, foot[1] - 6 * east)]
    return _line([start, foot], stroke, width, dash) + _shape([tip, *barbs], stroke, stroke, 1)


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
    for by, fill in ((1.46, SHADE), (1.31, PAPER), (1.22, SHADE)):
        west, *north, east = [_along(centre, tip, by) for tip in tips]
        figure = [(west[0], bank), west, *north, east, (east[0], bank)]
        rings.append(_shape(figure, fill, STONE, 1.3))
    return rings


def _fire(west: Sequence[Point], east: Sequence[Point]) -> list[str]:
    """Return the lines of fire between two neighbouring bastions."""
    lines = [_line([west[4], east[2]], ACCENT, 1.3, "5 5"), _line([east[0], west[2]], ACCENT, 1.3, "5 5")]
    for share, flip in ((0.32, False), (0.68, True)):
        here, there = _along(west[4], west[3], share), _along(east[0], east[1], share)
        start, end = (there, here) if flip else (here, there)
        lines.append(_arrow(start, _along(start, end, 0.9), ACCENT, 2.2))
    return lines


def _river_front(bank: float) -> list[str]:
    """Return the river, the gun lines, the water gate and the old blockhouse."""
    guns = [_box((x, bank - 9), 5, 13, INK) for x in (*range(206, 420, 15), *range(541, 755, 15))]
    tower = f"M458,{bank - 8} h44 v8 a22,22 0 0 1 -44,0 z"
    return [
        _box((0, bank), 960, 720 - bank, RULE),
        *guns,
        _path(tower, PAPER, INK, 2),
        _box((472, 528), 16, 14, INK),
        _text((120, 690), "THE THAMES", size=20),
        _note((300, bank + 32), "gun line"),
        _note((660, bank + 32), "gun line"),
        _line([(500, bank + 14), (560, 660)], STONE, 1.1),
        _note((566, 668), "Henry VIII’s blockhouse", "start"),
        _line([(447, 608), (410, 660)], STONE, 1.1),
        _note((404, 676), "water bastion, never built", "end"),
    ]


def _tilbury_labels() -> list[str]:
    """Return the names of the parts of the fort, with leaders where they are needed."""
    leaders = [[(236, 247), (132, 214)], [(246, 297), (132, 268)], [(268, 345), (132, 322)]]
    return [
        *(_line(leader, STONE, 1.1) for leader in leaders),
        _note((126, 218), "outer moat", "end"),
        _note((126, 272), "covered way", "end"),
        _note((126, 326), "inner moat", "end"),
        _note((480, 60), "marsh, which could be flooded"),
        _text((480, 382), "parade"),
        _text((480, 486), "Water Gate", size=18),
        _line([(480, 494), (480, 524)], STONE, 1.1),
        _text((384, 226), "NW", size=18),
        _text((576, 226), "NE", size=18),
        _text((302, 432), "W", size=18),
        _text((658, 432), "E", size=18),
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
        _shape([*wall, corners[0]], PAPER, INK, 3),
        _line(water, STONE, 2, "7 6"),
        *_fire(land[1], land[2]),
        *_tilbury_labels(),
    ]
    return _sheet(parts, height=720)


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
    strokes = [_line(edge, STONE, 2)]
    for start, end in pairwise(edge):
        for step in range(5):
            x, y = _along(start, end, step / 5)
            strokes.append(_line([(x, y), (x - 20, y + 5)], STONE, 1.1))
    return strokes


def _temple(top: float, king: str, number: str) -> list[str]:
    """Return one temple with its court, its name and the order in which the men came to it."""
    parts = [_box((560, top), 96, 38, PAPER, INK), _box((648, top - 5), 10, 48, INK)]
    parts.append(_line([(600, top), (600, top + 38)], INK, 1.2))
    parts.append(_text((690, top + 26), king, "start", 19))
    if number:
        parts.append(_ring((536, top + 19), 14, ACCENT, ACCENT))
        parts.append(_text((536, top + 25), number, size=18, fill=PAPER))
    return parts


def _village() -> list[str]:
    """Return the walled street of the workmen."""
    houses = [_line([(336, 320 + 10 * row), (384, 320 + 10 * row)], STONE, 1) for row in range(1, 11)]
    return [
        _box((336, 320), 48, 110, PAPER, INK),
        *houses,
        _line([(360, 320), (360, 430)], INK, 1.6),
        _text((360, 456), "The village", size=18),
    ]


def theban_strike() -> str:
    """Draw western Thebes in scheme, with the temples where the workmen sat down."""
    village = (388.0, 372.0)
    routes = [_arrow(village, (518, top + 21), ACCENT, 2.2) for top, _, number in TEMPLES if number]
    offered = _arrow((388, 352), (552, 122), ACCENT, 1.6, "6 6")
    parts = [
        _box((836, 0), 124, 600, SHADE),
        _line([(836, 0), (836, 600)], STONE, 1.3),
        *_cliffs(),
        *(mark for top, king, number in TEMPLES for mark in _temple(top, king, number)),
        *_village(),
        *routes,
        offered,
        _note((898, 320), "fields"),
        _text((898, 52), "N", size=20),
        _arrow((898, 120), (898, 64), STONE, 1.6),
        _note((126, 96), "to the Valley"),
        _note((126, 120), "of the Kings"),
        _arrow((126, 76), (126, 34), STONE, 1.6),
        _note((414, 150), "offered by the", "middle"),
        _note((414, 174), "chief of police", "middle"),
        _note((126, 300), "desert hills"),
        _text((690, 556), "(Medinet Habu)", "start", 18, STONE, "italic"),
        _text((690, 336), "(the Ramesseum)", "start", 18, STONE, "italic"),
    ]
    return _sheet(parts)


# Boston


def _hundred(left: float, top: float, deaths: float) -> list[str]:
    """Return a hundred dots in a square, those who died in the accent."""
    dots = []
    for place in range(100):
        at = (left + 32 * (place % 10), top + 32 * (place // 10))
        share = min(max(deaths - place, 0.0), 1.0)
        dots.append(_ring(at, 10, ACCENT if share == 1 else SHADE, ACCENT if share else STONE, 1.2))
        if 0 < share < 1:
            half = f"M{at[0]},{at[1] - 10} a10,10 0 0 0 0,20 z"
            dots.append(_path(half, ACCENT, ACCENT, 0.8))
    return dots


def boston_odds() -> str:
    """Draw how many of every hundred died at Boston in 1721, untreated and inoculated."""
    parts = [
        _text((234, 62), "Caught in the natural way", size=22),
        _note((234, 92), "844 died of 5,889"),
        *_hundred(90, 140, 14),
        _text((726, 62), "Inoculated by Boylston", size=22),
        _note((726, 92), "6 died of some 240"),
        *_hundred(582, 140, 2.5),
        _text((234, 500), "14 in every hundred", size=22, fill=ACCENT),
        _text((726, 500), "2½ in every hundred", size=22, fill=ACCENT),
        _line([(480, 40), (480, 520)], RULE, 1.4),
    ]
    return _sheet(parts, height=540)


# Halley’s comet

SUN = (800.0, 300.0)
SCALE = 20.6
LONG, STRETCH = 17.9, 0.9673


def _place(anomaly: float) -> Point:
    """Return where the comet stands at an eccentric anomaly, on the sheet."""
    short = LONG * sqrt(1 - STRETCH**2)
    across = LONG * (cos(anomaly) - STRETCH)
    return (SUN[0] + SCALE * across, SUN[1] + SCALE * short * sin(anomaly))


def _anomaly(share: float) -> float:
    """Solve Kepler’s equation for a share of the period by bisection."""
    low, high, mean = 0.0, 2 * pi, 2 * pi * share
    for _ in range(60):
        middle = (low + high) / 2
        if middle - STRETCH * sin(middle) < mean:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _planets() -> list[str]:
    """Return the sun and the orbits of the four great planets, cut off by the sheet."""
    parts = []
    for name, radius in (("Jupiter", 5.2), ("Saturn", 9.54), ("Uranus", 19.2), ("Neptune", 30.1)):
        known = name in ("Jupiter", "Saturn")
        size = radius * SCALE
        dash = "" if known else ' stroke-dasharray="4 6"'
        parts.append(
            f'<circle cx="{SUN[0]}" cy="{SUN[1]}" r="{size:.1f}" fill="none" '
            f'stroke="{STONE}" stroke-width="1.3"{dash}/>'
        )
        drop, aside, anchor = (size, 0.0, "middle") if size < 272 else (272.0, 8.0, "end")
        x = SUN[0] - sqrt(size * size - drop * drop) - aside
        parts.append(_note((x, SUN[1] - drop - 8), name, anchor))
    return [*parts, _ring(SUN, 7, ACCENT, ACCENT), _text((SUN[0] + 44, SUN[1] + 7), "Sun", "start", 18)]


def halley_orbit() -> str:
    """Draw the comet’s orbit to scale, with its place at dates from 1682 to 1759."""
    track = [_place(2 * pi * step / 240) for step in range(241)]
    parts = [*_planets(), _line(track, INK, 2.4)]
    start, period = 1682.7, 76.49
    for year in (1684, 1690, 1700, 1710, 1720, 1730, 1740, 1750, 1757):
        x, y = _place(_anomaly((year - start) / period))
        parts.append(_ring((x, y), 5.5, ACCENT, PAPER, 1.5))
        if year == 1720:
            parts.append(_text((x - 12, y + 6), str(year), "end", 18, ACCENT))
            continue
        aside = 28 if year in (1740, 1757) else 0
        lift = 28 if y > SUN[1] else -16
        parts.append(_text((x + aside, y + lift), str(year), "middle", 18, ACCENT))
    end = 936.0
    start_of_bar = end - 10 * SCALE
    parts.append(_line([(start_of_bar, 548), (start_of_bar, 556), (end, 556), (end, 548)], INK, 1.5))
    parts.append(_note((end, 582), "ten times the earth’s distance from the sun", "end"))
    return _sheet(parts)


# Mexican numbers


def _flag(at: Point, size: float = 1) -> str:
    """Return the sign for twenty."""
    x, y = at
    cloth = _box((x, y - 40 * size), 24 * size, 24 * size, SHADE, INK)
    return cloth + _line([(x, y - 44 * size), (x, y)], INK, 2.2)


def _feather(at: Point, size: float = 1) -> str:
    """Return the sign for four hundred."""
    x, y = at
    barbs = ""
    for step in range(6):
        height = y - (10 + 6 * step) * size
        spread = (13 - 1.3 * step) * size
        barbs += _line(
            [(x - spread, height - 8 * size), (x, height), (x + spread, height - 8 * size)], STONE, 1.5
        )
    return barbs + _line([(x, y - 50 * size), (x, y)], INK, 2.2)


def _bag(at: Point, size: float = 1) -> str:
    """Return the sign for eight thousand."""
    x, y = at
    w, h = 17 * size, 40 * size
    body = f"M{x - w},{y - h} h{2 * w} v{h * 0.5} q0,{h * 0.34} {-w},{h * 0.34} q{-w},0 {-w},{-h * 0.34} z"
    tassels = "".join(
        _line([(x + off * size, y - 0.17 * h), (x + off * size, y)], ACCENT, 2.2) for off in (-8, 0, 8)
    )
    cross = _line([(x - w, y - 0.8 * h), (x + w, y - 0.8 * h)], INK, 1.2)
    return _path(body, SHADE, INK, 1.8) + cross + tassels


def _skin(at: Point) -> str:
    """Return a jaguar’s skin, spread out."""
    x, y = at
    half = [(8, -38), (30, -34), (34, -22), (16, -14), (16, 12), (36, 20), (34, 32), (14, 30), (4, 40)]
    edge = [(x + dx, y + dy) for dx, dy in half] + [(x - dx, y + dy) for dx, dy in reversed(half)]
    spots = ((-7, -22), (8, -12), (-6, -2), (7, 8), (-8, 18), (5, 24))
    return _shape(edge, SHADE) + "".join(_ring((x + dx, y + dy), 2.6, INK, INK, 1) for dx, dy in spots)


def _bird(at: Point) -> str:
    """Return the skin of a small bright bird."""
    x, y = at
    body = f"M{x - 34},{y - 10} l14,-6 q6,-14 20,-8 q26,8 34,30 l6,26 l-14,-14 q-34,8 -46,-22 z"
    return _path(body, SHADE, INK, 1.8) + _ring((x - 10, y - 13), 2.2, INK, INK, 1)


def _cup(at: Point) -> str:
    """Return a cup for chocolate."""
    x, y = at
    bowl = f"M{x - 30},{y - 22} h60 q0,46 -30,46 q-30,0 -30,-46 z"
    return _path(bowl, SHADE, INK, 1.8) + _line([(x - 27, y - 8), (x + 27, y - 8)], STONE, 1.4)


def _owed(
    left: float, thing: str, sign: Callable[[Point, float], str], count: int, words: Sequence[str]
) -> list[str]:
    """Return one entry of the tribute: the thing, its number in signs, and its reading."""
    pitch = 26 if count > 2 else 40
    start = left - pitch * (count - 1) / 2
    start -= 8 if sign is _flag else 0
    signs = [sign((start + pitch * place, 366), 0.8) for place in range(count)]
    lines = [_text((left, 506), words[0], size=22, fill=ACCENT), _text((left, 534), words[1], size=18)]
    return [thing, *signs, *lines]


def mexican_numerals() -> str:
    """Draw the four Mexican number signs and four entries from the tribute lists."""
    parts = [
        _ring((130, 118), 8, INK, INK),
        _flag((344, 142), 1.2),
        _feather((600, 144), 1.2),
        _bag((830, 142), 1.2),
        *(
            _text((x, 190), words, size=22)
            for x, words in ((130, "1"), (356, "20"), (600, "400"), (830, "8,000"))
        ),
        *(
            _note((x, 218), words)
            for x, words in ((130, "a dot"), (356, "a flag"), (600, "a feather"), (830, "a bag"))
        ),
        _line([(60, 262), (900, 262)], RULE, 1.4),
        *_owed(120, _skin((120, 422)), _flag, 2, ("40", "jaguar skins")),
        *_owed(360, _bird((360, 420)), _flag, 8, ("160", "blue birds’ skins")),
        *_owed(600, _cup((600, 420)), _feather, 2, ("800", "cups for chocolate")),
        *_owed(830, _ring((830, 420), 28, STONE, INK), _bag, 2, ("16,000", "rubber balls")),
    ]
    return _sheet(parts, height=580)


# Casting by the lost wax

WAX = "#c9a25a"
CLAY = "#cfc3ab"
COAT = "#e4dac5"
BRASS = "#7a1f1f"
STAGES = (
    "the core, of clay",
    "the image, in wax",
    "the mould, of clay, with a channel",
    "upturned in the fire: the wax runs out",
    "brass is poured into the gap",
    "mould broken, core scraped out",
)


def _head(at: Point, swell: float) -> str:
    """Return the outline of a head in section, swollen outwards by so much."""
    x, y = at
    w, h = 44 + swell, 62 + swell
    return (
        f"M{x - w * 0.72:.1f},{y + 66:.1f} L{x - w * 0.72:.1f},{y + 30:.1f} "
        f"C{x - w * 1.25:.1f},{y - 6:.1f} {x - w * 1.0:.1f},{y - h:.1f} {x:.1f},{y - h:.1f} "
        f"C{x + w * 1.0:.1f},{y - h:.1f} {x + w * 1.25:.1f},{y - 6:.1f} {x + w * 0.72:.1f},{y + 30:.1f} "
        f"L{x + w * 0.72:.1f},{y + 66:.1f} Z"
    )


def _mould(at: Point, gap: str) -> list[str]:
    """Return the mould, the gap filled with the given colour, the core and the channel."""
    x, y = at
    channel = [(x - 9, y - 108), (x + 9, y - 108), (x + 5, y - 68), (x - 5, y - 68)]
    return [
        _path(_head(at, 34), COAT, INK, 1.8),
        _path(_head(at, 9), gap, INK, 1.2),
        _path(_head(at, 0), CLAY, INK, 1.2),
        _shape(channel, gap, INK, 1.2),
    ]


def _stage(number: int, at: Point, words: str) -> list[str]:
    """Return the number and legend of one stage."""
    x, y = at
    return [
        _ring((x - 118, y - 92), 15, "none", INK, 1.4),
        _text((x - 118, y - 86), str(number), size=18),
        _note((x, y + 102), words),
    ]


def _flames(at: Point) -> list[str]:
    """Return a fire about the mould."""
    x, y = at
    return [
        _path(f"M{x + dx},{y + 80} c-15,-10 -8,-24 2,-38 c0,12 13,20 -2,38 z", ACCENT, ACCENT, 1)
        for dx in (-108, -86, -64, 64, 86, 108)
    ]


def _broken(at: Point) -> list[str]:
    """Return the finished head with the pieces of its mould."""
    x, y = at
    chips = (
        [(-104, -40), (-78, -58), (-72, -20), (-96, -10)],
        [(80, -52), (106, -30), (94, 2), (74, -14)],
        [(-108, 30), (-82, 16), (-72, 52), (-100, 60)],
        [(76, 30), (104, 22), (110, 56), (84, 62)],
    )
    pieces = [_shape([(x + dx, y + dy) for dx, dy in chip], COAT, INK, 1.4) for chip in chips]
    return [*pieces, _path(_head(at, 9) + " " + _head(at, 0), BRASS, INK, 1.4)]


def lost_wax() -> str:
    """Draw the six stages of casting by the lost wax, in section."""
    spots = [(x, y) for y in (140.0, 434.0) for x in (170.0, 480.0, 790.0)]
    one, two, three, four, five, six = spots
    drops = [
        _path(f"M{four[0]},{four[1] + drop} q-7,12 0,15 q7,-3 0,-15 z", WAX, INK, 0.8) for drop in (52, 70)
    ]
    turned = f'<g transform="translate(0 -52) rotate(180 {four[0]} {four[1]})">'
    pour = [_arrow((five[0], five[1] - 150), (five[0], five[1] - 114), BRASS, 3)]
    parts = [mark for place, spot in enumerate(spots) for mark in _stage(place + 1, spot, STAGES[place])]
    parts += [_path(_head(one, 0), CLAY, INK, 1.6)]
    parts += [_path(_head(two, 9), WAX, INK, 1.6), _path(_head(two, 0), CLAY, INK, 1.2)]
    parts += [*_mould(three, WAX), turned, *_mould(four, PAPER), "</g>", *drops, *_flames(four)]
    parts += [*_mould(five, BRASS), *pour, *_broken(six)]
    return _sheet(parts, height=570)


DRAWINGS: dict[str, Callable[[], str]] = {
    "tilbury-plan": tilbury_plan,
    "theban-strike": theban_strike,
    "boston-odds": boston_odds,
    "halley-orbit": halley_orbit,
    "mexican-numerals": mexican_numerals,
    "lost-wax": lost_wax,
}
