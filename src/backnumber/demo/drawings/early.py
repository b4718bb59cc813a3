"""Drawings for the demo’s issues of 1951."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import cos, radians, sin

from backnumber.demo.drawings.pen import (
    ACCENT,
    INK,
    PAPER,
    RULE,
    SHADE,
    STONE,
    Point,
    box,
    cross,
    dot,
    head,
    line,
    note,
    path,
    ruled_title,
    sheet,
    text,
)


def _person(at: Point, name: str, dates: str, fill: str = INK) -> str:
    """Return a name in a family tree with the dates beneath it."""
    return text(at, name, fill=fill) + note((at[0], at[1] + 23), dates)


def purple_marriages() -> str:
    """Draw the families of Otto I and of the Macedonian emperors."""
    people = [
        _person((105, 108), "Constantine VII", "d. 959"),
        _person((105, 228), "Romanus II", "d. 963"),
        _person((283, 228), "Theophano", "empress"),
        _person((485, 228), "Nicephorus Phocas", "reigned 963–69"),
        _person((740, 228), "Otto I", "d. 973"),
        _person((875, 228), "Adelaide", "d. 999"),
        _person((566, 330), "John Tzimisces", "reigned 969–76"),
        _person((80, 440), "Basil II", "d. 1025"),
        _person((225, 440), "Constantine VIII", "d. 1028"),
        _person((380, 440), "Anna", "born in the purple", ACCENT),
        _person((608, 440), "Theophanu", "not born in it", ACCENT),
        _person((806, 440), "Otto II", "d. 983"),
        _person((380, 553), "Vladimir of Kiev", "baptised; married 989"),
        _person((706, 553), "Otto III", "d. 1002"),
    ]
    descents = [
        line([(105, 144), (105, 204)]),
        line([(194, 240), (194, 380)]),
        line([(80, 416), (80, 380), (380, 380), (380, 416)]),
        line([(225, 380), (225, 416)]),
        line([(806, 240), (806, 416)]),
        line([(706, 450), (706, 529)]),
    ]
    uncles = [
        line([(530, 264), (530, 308)], STONE, 1.4, "5 5"),
        note((542, 292), "nephew", "start"),
        line([(604, 364), (604, 416)], STONE, 1.4, "5 5"),
        note((592, 396), "niece", "end"),
    ]
    unions = [_wed(x, y) for x, y in [(194, 222), (369, 222), (806, 222), (706, 434)]]
    vow = [line([(380, 474), (380, 526)], ACCENT, 2), note((706, 416), "972", fill=ACCENT)]
    houses = [note((283, 178), "the Macedonian house"), note((806, 178), "the Saxon house")]
    return sheet([ruled_title("The two houses"), *people, *descents, *uncles, *unions, *vow, *houses])


def _wed(x: float, y: float) -> str:
    """Return the double stroke of a marriage."""
    return line([(x - 10, y - 4), (x + 10, y - 4)]) + line([(x - 10, y + 3), (x + 10, y + 3)])


def _clock(west: float, radius: float) -> Point:
    """Return the place of a meridian so many degrees west, seen from above the North Pole."""
    return (310 + radius * sin(radians(west)), 355 - radius * cos(radians(west)))


def longitude_dial() -> str:
    """Draw the hours of the day as meridians seen from above the Pole."""
    rim = 190.0
    east, west = _clock(-90, rim), _clock(90, rim)
    night = f"M{west[0]:.1f},{west[1]:.1f} A{rim},{rim} 0 0 1 {east[0]:.1f},{east[1]:.1f} Z"
    noon, jamaica = _clock(0, rim), _clock(76.8, rim)
    wedge = f"M310,355 L{noon[0]:.1f},{noon[1]:.1f} A{rim},{rim} 0 0 1 {jamaica[0]:.1f},{jamaica[1]:.1f} Z"
    disc = dot((310, 355), rim, "none", INK, 2)
    spokes = [line([_clock(15 * hour, 12), _clock(15 * hour, rim)], RULE, 1.2) for hour in range(24)]
    shades = [
        path(night, stroke="none", width=0, fill="#e6dfce"),
        path(wedge, stroke="none", width=0, fill="#ecd9d4"),
    ]
    arms = [line([(310, 355), noon], ACCENT, 2.4), line([(310, 355), jamaica], ACCENT, 2.4)]
    pole = [dot((310, 355), 5), dot(noon, 6, ACCENT), dot(jamaica, 6, ACCENT)]
    rays = [line([(x, 74), (x, 112)], STONE) + head((x, 116), (x, 74), STONE) for x in (180, 245, 375, 440)]
    parts = [*shades, *spokes, disc, *arms, *pole, *rays, note((310, 100), "the Sun")]
    return sheet([ruled_title("An hour is fifteen degrees"), *parts, *_hours(), *_reckoning()])


def _hours() -> list[str]:
    """Return the lettering round the dial."""
    named = [(45, "9 a.m."), (135, "3 a.m."), (180, "midnight")]
    named += [(225, "9 p.m."), (270, "6 p.m."), (315, "3 p.m.")]
    lettering = []
    for west, words in named:
        x, y = _clock(west, 210)
        anchor = "middle" if west == 180 else "start" if west < 180 else "end"
        lettering.append(text((x, y + (14 if west == 180 else 6)), words, anchor))
    x, y = _clock(90, 204)
    lettering.append(text((x, y + 20), "6 a.m.", "start"))
    lettering.append(text((310, 146), "Greenwich, noon", fill=ACCENT))
    x, y = _clock(76.8, 204)
    lettering.append(text((x, y - 4), "Port Royal, 6.53 a.m.", "start", fill=ACCENT))
    return lettering


def _reckoning() -> list[str]:
    """Return the small table of hours and degrees beside the dial."""
    rows = [("24 hours", "360°"), ("1 hour", "15°"), ("4 minutes", "1°"), ("2 minutes", "½°")]
    parts = [line([(690, 130), (920, 130)])]
    for number, (time, arc) in enumerate(rows):
        y = 160 + 34 * number
        parts += [text((690, y), time, "start"), text((920, y), arc, "end")]
    parts.append(line([(690, 278), (920, 278)]))
    words = ("Half a degree was the limit", "for the whole reward: thirty", "sea miles at the Equator.")
    parts += [note((690, 372 + 26 * row), sentence, "start") for row, sentence in enumerate(words)]
    parts.append(note((920, 560), "seen from above the Pole", "end"))
    return parts


def _feet(across: float, up: float) -> Point:
    """Return the place of a point so many feet from the middle of the nave and above its floor."""
    return (480 + 2 * across, 400 - 2 * up)


def crystal_palace_section() -> str:
    """Draw the Crystal Palace in section across the nave, at two units to the foot."""
    heights = {36: 64, 60: 64, 108: 44, 132: 44, 180: 24, 204: 24}
    columns = []
    for across, height in heights.items():
        for side in (-1, 1):
            columns.append(line([_feet(side * across, 0), _feet(side * across, height)], INK, 2.4))
    roofs = [_ridges(-60, 60, 64), _ridges(-132, -60, 44), _ridges(60, 132, 44)]
    roofs += [_ridges(-204, -132, 24), _ridges(132, 204, 24)]
    floors = []
    for near, far, level in ((36, 60, 24), (36, 60, 44), (108, 132, 24)):
        for side in (-1, 1):
            floors.append(line([_feet(side * near, level), _feet(side * far, level)], STONE, 2))
    ground = [line([_feet(-220, 0), _feet(220, 0)], INK, 2.4)]
    left, right = _feet(-36, 72), _feet(36, 72)
    roof = _feet(0, 64)[1]
    arch = f"M{left[0]},{roof} V{left[1]} A72,72 0 0 1 {right[0]},{right[1]} V{roof}"
    vault = [
        path(arch, stroke=ACCENT, width=2, dash="3 6"),
        note((480, 172), "the transept, 108 feet", fill=ACCENT),
    ]
    visitors = [_visitor(x) for x in (-20, -13, 4, 26)]
    parts = [*columns, *roofs, *floors, *ground, *vault, *visitors, *_measures(), *_heights()]
    return sheet([ruled_title("The Palace across the nave"), *parts])


def _ridges(start: int, end: int, level: int) -> str:
    """Return a girder and the ridge-and-furrow glazing over it, eight feet to the ridge."""
    points = []
    for across in range(start, end + 1, 4):
        points.append(_feet(across, level + (0 if (across - start) % 8 == 0 else 2.4)))
    beam = line([_feet(start, level - 3), _feet(end, level - 3)], STONE, 1.2)
    return beam + line([_feet(start, level), _feet(end, level)], INK, 1.2) + line(points, INK, 1.2)


def _visitor(across: float) -> str:
    """Return a person of some five and a half feet."""
    x, y = _feet(across, 0)
    return line([(x, y - 1), (x, y - 7)], INK, 3) + dot((x, y - 10), 2)


def _measures() -> list[str]:
    """Return the widths beneath the section."""
    marks = [-204, -180, -132, -108, -60, -36, 36, 60, 108, 132, 180, 204]
    parts = [line([_feet(mark, -4), _feet(mark, -16)], STONE, 1) for mark in marks]
    for near, far in pairwise(marks):
        parts.append(text((_feet((near + far) / 2, 0)[0], 430), str(far - near), size=18))
    for row, reach in enumerate((60, 132, 204)):
        y = 466 + 36 * row
        start, end = (_feet(-reach, 0)[0], y), (_feet(reach, 0)[0], y)
        parts += [line([start, end], STONE, 1), head(start, end, STONE), head(end, start, STONE)]
        words = f"{2 * reach} feet"
        parts += [box((434, y - 13), 92, 26, PAPER), text((480, y + 6), words, size=18)]
    return parts


def _heights() -> list[str]:
    """Return the heights at the sides of the section."""
    parts = []
    for edge, level in ((204, 24), (132, 44), (60, 64)):
        x, y = _feet(edge, level - 7)
        parts.append(text((x + 7, y), f"{level} ft", "start", size=18))
    return parts


MONTHS_OF_46 = (
    ("Jan", 29, False), ("Feb", 28, False), ("", 23, True), ("Mar", 31, False), ("Apr", 29, False),
    ("May", 31, False), ("Jun", 29, False), ("Quin", 31, False), ("Sext", 29, False), ("Sep", 29, False),
    ("Oct", 31, False), ("Nov", 29, False), ("two more", 67, True), ("Dec", 29, False),
)  # fmt: skip
MONTHS_OF_45 = (
    ("Jan", 31, False), ("Feb", 28, False), ("Mar", 31, False), ("Apr", 30, False), ("May", 31, False),
    ("Jun", 30, False), ("Quin", 31, False), ("Sext", 31, False), ("Sep", 30, False), ("Oct", 31, False),
    ("Nov", 30, False), ("Dec", 31, False),
)  # fmt: skip


def _calendar(months: Sequence[tuple[str, int, bool]], top: float) -> list[str]:
    """Return a year as a strip, the longer filling the width."""
    parts, x, unit = [], 40.0, 880 / 445
    for name, days, added in months:
        fill = "#e3c9c3" if added else SHADE
        parts.append(box((x, top), unit * days, 92, fill, INK, thick=1.2))
        middle, ink = x + unit * days / 2, ACCENT if added else INK
        parts.append(text((middle, top + 38), name, size=18, fill=ink))
        parts.append(text((middle, top + (68 if name else 53)), str(days), size=18, fill=ink))
        x += unit * days
    return parts


def long_year() -> str:
    """Draw the 445 days of 46 BC above the 365 of 45 BC."""
    first = [
        text((40, 124), "46 BC: 445 days", "start", size=22),
        *_calendar(MONTHS_OF_46, 146),
        line([(40, 246), (40, 276)], STONE, 1),
        note((40, 298), "1 January: by the sun, mid-October 47", "start"),
        line([(920, 246), (920, 276)], STONE, 1),
        note((920, 298), "31 December, by calendar and sun alike", "end"),
    ]
    second = [
        text((40, 384), "45 BC: 365 days", "start", size=22),
        *_calendar(MONTHS_OF_45, 406),
        note((783, 442), "and one more", "start"),
        note((783, 466), "in every fourth", "start"),
        note((783, 490), "year thereafter", "start"),
    ]
    key = [
        box((40, 544), 24, 20, "#e3c9c3", INK, thick=1.2),
        note((75, 561), "days put in by order of Caesar", "start"),
    ]
    return sheet([ruled_title("The last year of confusion"), *first, *second, *key])


def trenton_scheme() -> str:
    """Draw the roads to Trenton, without a scale."""
    river = "M60,70 C110,130 150,150 235,190 S430,330 560,390 S735,440 770,490 S740,560 700,620"
    water = [
        path(river, stroke="#cfd4cf", width=34),
        box((0, 0), 960, 60, PAPER),
        note((150, 222), "Delaware River"),
    ]
    upper: list[Point] = [(236, 138), (400, 160), (545, 142), (700, 190), (752, 232)]
    lower: list[Point] = [(400, 160), (470, 232), (590, 318), (690, 362)]
    roads = [
        line([(186, 200), (230, 141)], ACCENT, 3, "6 6"),
        line(upper, ACCENT, 3),
        head(upper[-1], upper[-2], ACCENT),
        line(lower, ACCENT, 3),
        head(lower[-1], lower[-2], ACCENT),
    ]
    names = [
        dot((230, 141), 6),
        text((250, 116), "McKonkey’s Ferry", "start"),
        dot((400, 160), 6),
        text((400, 194), "Birmingham", "end"),
        text((560, 122), "Greene and Washington", "start", fill=ACCENT),
        note((546, 198), "upper road", "start"),
        text((536, 248), "Sullivan", "start", fill=ACCENT),
        note((546, 271), "river road", "start"),
        text((150, 370), "PENNSYLVANIA", fill=STONE, size=18),
        text((868, 150), "NEW JERSEY", fill=STONE, size=18),
    ]
    return sheet(
        [*water, ruled_title("To Trenton, 26 December 1776"), *roads, *names, *_town(), *_failures()]
    )


def _town() -> list[str]:
    """Return the streets of Trenton, the creek and its bridge."""
    streets = [line([(762, 244), (716, 388)], INK, 4), line([(768, 244), (768, 400)], INK, 4)]
    creek = path("M925,384 C880,390 850,425 790,436 S745,432 738,436", stroke="#cfd4cf", width=9)
    orchard = [dot((x, y), 3.5, STONE) for x in (806, 822, 838) for y in (292, 308, 324)]
    labels = [
        dot((765, 240), 7, ACCENT),
        text((784, 226), "Knox’s guns", "start"),
        text((784, 270), "TRENTON", "start", size=20),
        note((854, 314), "orchard", "start"),
        note((930, 430), "Assunpink", "end"),
        note((930, 452), "Creek", "end"),
    ]
    return [creek, *streets, *orchard, *labels]


def _failures() -> list[str]:
    """Return the two crossings that were not made, and the warning about scale."""
    return [
        line([(520, 436), (556, 404)], STONE, 2.4, "6 6"),
        cross((571, 391)),
        text((520, 462), "Ewing: turned", "end"),
        text((520, 486), "back by the ice", "end"),
        line([(650, 556), (706, 556)], STONE, 2.4, "6 6"),
        cross((730, 556)),
        text((640, 552), "Cadwalader, at Bristol:", "end"),
        text((640, 576), "turned back by the ice", "end"),
        note((920, 576), "not to scale", "end"),
        line([(60, 576), (60, 520)], INK, 1.6),
        head((60, 510), (60, 540)),
        text((76, 526), "N", "start"),
    ]


DRAWINGS: dict[str, Callable[[], str]] = {
    "purple-marriages": purple_marriages,
    "longitude-dial": longitude_dial,
    "crystal-palace-section": crystal_palace_section,
    "long-year-46bc": long_year,
    "trenton-scheme": trenton_scheme,
}
