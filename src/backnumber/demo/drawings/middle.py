"""Drawings for the demo’s issues of 1974 and 1986."""

from collections.abc import Callable, Sequence
from math import cos, pi, sin, sqrt

from backnumber.demo.drawings.pen import (
    ACCENT,
    DEEP_SHADE,
    INK,
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
    text,
)

# Boston


def _hundred(left: float, top: float, deaths: float) -> list[str]:
    """Return a hundred dots in a square, those who died in the accent."""
    dots = []
    for place in range(100):
        at = (left + 32 * (place % 10), top + 32 * (place // 10))
        share = min(max(deaths - place, 0.0), 1.0)
        dots.append(dot(at, 10, ACCENT if share == 1 else DEEP_SHADE, ACCENT if share else STONE, 1.2))
        if 0 < share < 1:
            half = f"M{at[0]},{at[1] - 10} a10,10 0 0 0 0,20 z"
            dots.append(path(half, fill=ACCENT, stroke=ACCENT, width=0.8))
    return dots


def boston_odds() -> str:
    """Draw how many of every hundred died at Boston in 1721, untreated and inoculated."""
    parts = [
        text((234, 62), "Caught in the natural way", size=22),
        note((234, 92), "844 died of 5,889"),
        *_hundred(90, 140, 14),
        text((726, 62), "Inoculated by Boylston", size=22),
        note((726, 92), "6 died of some 240"),
        *_hundred(582, 140, 2.5),
        text((234, 500), "14 in every hundred", size=22, fill=ACCENT),
        text((726, 500), "2½ in every hundred", size=22, fill=ACCENT),
        line([(480, 40), (480, 520)], RULE, 1.4),
    ]
    return sheet(parts, height=540)


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
        parts.append(dot(SUN, size, "none", STONE, 1.3, "" if known else "4 6"))
        drop, aside, anchor = (size, 0.0, "middle") if size < 272 else (272.0, 8.0, "end")
        x = SUN[0] - sqrt(size * size - drop * drop) - aside
        parts.append(note((x, SUN[1] - drop - 8), name, anchor))
    return [*parts, dot(SUN, 7, ACCENT, ACCENT), text((SUN[0] + 44, SUN[1] + 7), "Sun", "start", size=18)]


def halley_orbit() -> str:
    """Draw the comet’s orbit to scale, with its place at dates from 1682 to 1759."""
    track = [_place(2 * pi * step / 240) for step in range(241)]
    parts = [*_planets(), line(track, INK, 2.4)]
    start, period = 1682.7, 76.49
    for year in (1684, 1690, 1700, 1710, 1720, 1730, 1740, 1750, 1757):
        x, y = _place(_anomaly((year - start) / period))
        parts.append(dot((x, y), 5.5, ACCENT, PAPER, 1.5))
        if year == 1720:
            parts.append(text((x - 12, y + 6), str(year), "end", size=18, fill=ACCENT))
            continue
        aside = 28 if year in (1740, 1757) else 0
        lift = 28 if y > SUN[1] else -16
        parts.append(text((x + aside, y + lift), str(year), size=18, fill=ACCENT))
    end = 936.0
    start_of_bar = end - 10 * SCALE
    parts.append(line([(start_of_bar, 548), (start_of_bar, 556), (end, 556), (end, 548)], INK, 1.5))
    parts.append(note((end, 582), "ten times the earth’s distance from the sun", "end"))
    return sheet(parts)


# Mexican numbers


def _flag(at: Point, size: float = 1) -> str:
    """Return the sign for twenty."""
    x, y = at
    cloth = box((x, y - 40 * size), 24 * size, 24 * size, DEEP_SHADE, INK)
    return cloth + line([(x, y - 44 * size), (x, y)], INK, 2.2)


def _feather(at: Point, size: float = 1) -> str:
    """Return the sign for four hundred."""
    x, y = at
    barbs = ""
    for step in range(6):
        height = y - (10 + 6 * step) * size
        spread = (13 - 1.3 * step) * size
        barbs += line(
            [(x - spread, height - 8 * size), (x, height), (x + spread, height - 8 * size)], STONE, 1.5
        )
    return barbs + line([(x, y - 50 * size), (x, y)], INK, 2.2)


def _bag(at: Point, size: float = 1) -> str:
    """Return the sign for eight thousand."""
    x, y = at
    w, h = 17 * size, 40 * size
    body = f"M{x - w},{y - h} h{2 * w} v{h * 0.5} q0,{h * 0.34} {-w},{h * 0.34} q{-w},0 {-w},{-h * 0.34} z"
    tassels = "".join(
        line([(x + off * size, y - 0.17 * h), (x + off * size, y)], ACCENT, 2.2) for off in (-8, 0, 8)
    )
    band = line([(x - w, y - 0.8 * h), (x + w, y - 0.8 * h)], INK, 1.2)
    return path(body, fill=DEEP_SHADE, stroke=INK, width=1.8) + band + tassels


def _skin(at: Point) -> str:
    """Return a jaguar’s skin, spread out."""
    x, y = at
    half = [(8, -38), (30, -34), (34, -22), (16, -14), (16, 12), (36, 20), (34, 32), (14, 30), (4, 40)]
    edge = [(x + dx, y + dy) for dx, dy in half] + [(x - dx, y + dy) for dx, dy in reversed(half)]
    spots = ((-7, -22), (8, -12), (-6, -2), (7, 8), (-8, 18), (5, 24))
    return shape(edge, DEEP_SHADE, INK) + "".join(dot((x + dx, y + dy), 2.6, INK, INK, 1) for dx, dy in spots)


def _bird(at: Point) -> str:
    """Return the skin of a small bright bird."""
    x, y = at
    body = f"M{x - 34},{y - 10} l14,-6 q6,-14 20,-8 q26,8 34,30 l6,26 l-14,-14 q-34,8 -46,-22 z"
    return path(body, fill=DEEP_SHADE, stroke=INK, width=1.8) + dot((x - 10, y - 13), 2.2, INK, INK, 1)


def _cup(at: Point) -> str:
    """Return a cup for chocolate."""
    x, y = at
    bowl = f"M{x - 30},{y - 22} h60 q0,46 -30,46 q-30,0 -30,-46 z"
    return path(bowl, fill=DEEP_SHADE, stroke=INK, width=1.8) + line(
        [(x - 27, y - 8), (x + 27, y - 8)], STONE, 1.4
    )


def _owed(
    left: float, thing: str, sign: Callable[[Point, float], str], count: int, words: Sequence[str]
) -> list[str]:
    """Return one entry of the tribute: the thing, its number in signs, and its reading."""
    pitch = 26 if count > 2 else 40
    start = left - pitch * (count - 1) / 2
    start -= 8 if sign is _flag else 0
    signs = [sign((start + pitch * place, 366), 0.8) for place in range(count)]
    lines = [text((left, 506), words[0], size=22, fill=ACCENT), text((left, 534), words[1], size=18)]
    return [thing, *signs, *lines]


def mexican_numerals() -> str:
    """Draw the four Mexican number signs and four entries from the tribute lists."""
    parts = [
        dot((130, 118), 8, INK, INK),
        _flag((344, 142), 1.2),
        _feather((600, 144), 1.2),
        _bag((830, 142), 1.2),
        *(
            text((x, 190), words, size=22)
            for x, words in ((130, "1"), (356, "20"), (600, "400"), (830, "8,000"))
        ),
        *(
            note((x, 218), words)
            for x, words in ((130, "a dot"), (356, "a flag"), (600, "a feather"), (830, "a bag"))
        ),
        line([(60, 262), (900, 262)], RULE, 1.4),
        *_owed(120, _skin((120, 422)), _flag, 2, ("40", "jaguar skins")),
        *_owed(360, _bird((360, 420)), _flag, 8, ("160", "blue birds’ skins")),
        *_owed(600, _cup((600, 420)), _feather, 2, ("800", "cups for chocolate")),
        *_owed(830, dot((830, 420), 28, STONE, INK), _bag, 2, ("16,000", "rubber balls")),
    ]
    return sheet(parts, height=580)


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


def _bust(at: Point, swell: float) -> str:
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
        path(_bust(at, 34), fill=COAT, stroke=INK, width=1.8),
        path(_bust(at, 9), fill=gap, stroke=INK, width=1.2),
        path(_bust(at, 0), fill=CLAY, stroke=INK, width=1.2),
        shape(channel, gap, INK, 1.2),
    ]


def _stage(number: int, at: Point, words: str) -> list[str]:
    """Return the number and legend of one stage."""
    x, y = at
    return [
        dot((x - 118, y - 92), 15, "none", INK, 1.4),
        text((x - 118, y - 86), str(number), size=18),
        note((x, y + 102), words),
    ]


def _flames(at: Point) -> list[str]:
    """Return a fire about the mould."""
    x, y = at
    return [
        path(
            f"M{x + dx},{y + 80} c-15,-10 -8,-24 2,-38 c0,12 13,20 -2,38 z",
            fill=ACCENT,
            stroke=ACCENT,
            width=1,
        )
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
    pieces = [shape([(x + dx, y + dy) for dx, dy in chip], COAT, INK, 1.4) for chip in chips]
    return [*pieces, path(_bust(at, 9) + " " + _bust(at, 0), fill=BRASS, stroke=INK, width=1.4)]


def lost_wax() -> str:
    """Draw the six stages of casting by the lost wax, in section."""
    spots = [(x, y) for y in (140.0, 434.0) for x in (170.0, 480.0, 790.0)]
    one, two, three, four, five, six = spots
    drops = [
        path(f"M{four[0]},{four[1] + drop} q-7,12 0,15 q7,-3 0,-15 z", fill=WAX, stroke=INK, width=0.8)
        for drop in (52, 70)
    ]
    turned = f'<g transform="translate(0 -52) rotate(180 {four[0]} {four[1]})">'
    pour = [arrow((five[0], five[1] - 150), (five[0], five[1] - 114), BRASS, 3)]
    parts = [mark for place, spot in enumerate(spots) for mark in _stage(place + 1, spot, STAGES[place])]
    parts += [path(_bust(one, 0), fill=CLAY, stroke=INK, width=1.6)]
    parts += [
        path(_bust(two, 9), fill=WAX, stroke=INK, width=1.6),
        path(_bust(two, 0), fill=CLAY, stroke=INK, width=1.2),
    ]
    parts += [*_mould(three, WAX), turned, *_mould(four, PAPER), "</g>", *drops, *_flames(four)]
    parts += [*_mould(five, BRASS), *pour, *_broken(six)]
    return sheet(parts, height=570)


DRAWINGS: dict[str, Callable[[], str]] = {
    "boston-odds": boston_odds,
    "halley-orbit": halley_orbit,
    "mexican-numerals": mexican_numerals,
    "lost-wax": lost_wax,
}
