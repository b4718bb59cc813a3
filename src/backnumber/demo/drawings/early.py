"""Drawings for the demo’s issues of 1951 and 1963."""

from collections.abc import Callable, Sequence
from datetime import date
from html import escape
from itertools import pairwise
from math import cos, radians, sin

PAPER = "#fbf9f4"
INK = "#1b1a17"
RULE = "#d9d3c5"
ACCENT = "#7a1f1f"
STONE = "#5f594d"
SHADE = "#efe9db"
FACE = "Source Serif Pro, Georgia, serif"

Point = tuple[float, float]


def _sheet(parts: Sequence[str], width: int = 960, height: int = 600) -> str:
    """Return a complete SVG of the given size on paper."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="{FACE}">'
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>{"".join(parts)}</svg>'
    )


def _text(at: Point, words: str, anchor: str = "middle", size: int = 19, fill: str = INK) -> str:
    """Return one line of upright lettering."""
    return (
        f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" font-size="{size}" text-anchor="{anchor}" '
        f'fill="{fill}">{escape(words)}</text>'
    )


def _note(at: Point, words: str, anchor: str = "middle", fill: str = STONE) -> str:
    """Return one line of italic lettering."""
    return (
        f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" font-size="18" text-anchor="{anchor}" '
        f'font-style="italic" fill="{fill}">{escape(words)}</text>'
    )


def _line(points: Sequence[Point], stroke: str = INK, width: float = 1.6, dash: str = "") -> str:
    """Return an open line through the points, broken if a dash pattern is given."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    broken = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<polyline points="{path}" fill="none" stroke="{stroke}" stroke-width="{width}" '
        f'stroke-linejoin="round" stroke-linecap="round"{broken}/>'
    )


def _path(drawn: str, stroke: str = INK, width: float = 1.6, fill: str = "none", dash: str = "") -> str:
    """Return a curve given as SVG path data."""
    broken = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="{drawn}" fill="{fill}" stroke="{stroke}" stroke-width="{width}" '
        f'stroke-linejoin="round" stroke-linecap="round"{broken}/>'
    )


def _box(corner: Point, width: float, height: float, fill: str, stroke: str = "none") -> str:
    """Return a rectangle from its upper left corner."""
    return (
        f'<rect x="{corner[0]:.1f}" y="{corner[1]:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="1.2"/>'
    )


def _dot(at: Point, radius: float = 5, fill: str = INK) -> str:
    """Return a filled circle."""
    return f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius}" fill="{fill}"/>'


def _head(tip: Point, back: Point, fill: str = INK) -> str:
    """Return an arrow-head at the tip of a line that comes from the point behind."""
    run, rise = tip[0] - back[0], tip[1] - back[1]
    size = (run * run + rise * rise) ** 0.5
    along, across = (run / size, rise / size), (-rise / size, run / size)
    foot = (tip[0] - 13 * along[0], tip[1] - 13 * along[1])
    corners = [tip, (foot[0] + 6 * across[0], foot[1] + 6 * across[1])]
    corners.append((foot[0] - 6 * across[0], foot[1] - 6 * across[1]))
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    return f'<polygon points="{path}" fill="{fill}"/>'


def _cross(at: Point, arm: float = 9) -> str:
    """Return a saltire in the accent."""
    x, y = at
    return _line([(x - arm, y - arm), (x + arm, y + arm)], ACCENT, 3.2) + _line(
        [(x - arm, y + arm), (x + arm, y - arm)], ACCENT, 3.2
    )


def _title(words: str) -> str:
    """Return the heading of a drawing and the rule beneath it."""
    return _text((40, 46), words, "start", 24) + _line([(40, 60), (920, 60)], RULE)


def _person(at: Point, name: str, dates: str, fill: str = INK) -> str:
    """Return a name in a family tree with the dates beneath it."""
    return _text(at, name, fill=fill) + _note((at[0], at[1] + 23), dates)


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
        _line([(105, 144), (105, 204)]),
        _line([(194, 240), (194, 380)]),
        _line([(80, 416), (80, 380), (380, 380), (380, 416)]),
        _line([(225, 380), (225, 416)]),
        _line([(806, 240), (806, 416)]),
        _line([(706, 450), (706, 529)]),
    ]
    uncles = [
        _line([(530, 264), (530, 308)], STONE, 1.4, "5 5"),
        _note((542, 292), "nephew", "start"),
        _line([(604, 364), (604, 416)], STONE, 1.4, "5 5"),
        _note((592, 396), "niece", "end"),
    ]
    unions = [_wed(x, y) for x, y in [(194, 222), (369, 222), (806, 222), (706, 434)]]
    vow = [_line([(380, 474), (380, 526)], ACCENT, 2), _note((706, 416), "972", fill=ACCENT)]
    houses = [_note((283, 178), "the Macedonian house"), _note((806, 178), "the Saxon house")]
    return _sheet([_title("The two houses"), *people, *descents, *uncles, *unions, *vow, *houses])


def _wed(x: float, y: float) -> str:
    """Return the double stroke of a marriage."""
    return _line([(x - 10, y - 4), (x + 10, y - 4)]) + _line([(x - 10, y + 3), (x + 10, y + 3)])


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
    disc = f'<circle cx="310" cy="355" r="{rim}" fill="none" stroke="{INK}" stroke-width="2"/>'
    spokes = [_line([_clock(15 * hour, 12), _clock(15 * hour, rim)], RULE, 1.2) for hour in range(24)]
    shades = [_path(night, "none", 0, "#e6dfce"), _path(wedge, "none", 0, "#ecd9d4")]
    arms = [_line([(310, 355), noon], ACCENT, 2.4), _line([(310, 355), jamaica], ACCENT, 2.4)]
    pole = [_dot((310, 355), 5), _dot(noon, 6, ACCENT), _dot(jamaica, 6, ACCENT)]
    rays = [_line([(x, 74), (x, 112)], STONE) + _head((x, 116), (x, 74), STONE) for x in (180, 245, 375, 440)]
    parts = [*shades, *spokes, disc, *arms, *pole, *rays, _note((310, 100), "the Sun")]
    return _sheet([_title("An hour is fifteen degrees"), *parts, *_hours(), *_reckoning()])


def _hours() -> list[str]:
    """Return the lettering round the dial."""
    named = [(45, "9 a.m."), (135, "3 a.m."), (180, "midnight")]
    named += [(225, "9 p.m."), (270, "6 p.m."), (315, "3 p.m.")]
    lettering = []
    for west, words in named:
        x, y = _clock(west, 210)
        anchor = "middle" if west == 180 else "start" if west < 180 else "end"
        lettering.append(_text((x, y + (14 if west == 180 else 6)), words, anchor))
    x, y = _clock(90, 204)
    lettering.append(_text((x, y + 20), "6 a.m.", "start"))
    lettering.append(_text((310, 146), "Greenwich, noon", fill=ACCENT))
    x, y = _clock(76.8, 204)
    lettering.append(_text((x, y - 4), "Port Royal, 6.53 a.m.", "start", fill=ACCENT))
    return lettering


def _reckoning() -> list[str]:
    """Return the small table of hours and degrees beside the dial."""
    rows = [("24 hours", "360°"), ("1 hour", "15°"), ("4 minutes", "1°"), ("2 minutes", "½°")]
    parts = [_line([(690, 130), (920, 130)])]
    for number, (time, arc) in enumerate(rows):
        y = 160 + 34 * number
        parts += [_text((690, y), time, "start"), _text((920, y), arc, "end")]
    parts.append(_line([(690, 278), (920, 278)]))
    words = ("Half a degree was the limit", "for the whole reward: thirty", "sea miles at the Equator.")
    parts += [_note((690, 372 + 26 * row), line, "start") for row, line in enumerate(words)]
    parts.append(_note((920, 560), "seen from above the Pole", "end"))
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
            columns.append(_line([_feet(side * across, 0), _feet(side * across, height)], INK, 2.4))
    roofs = [_ridges(-60, 60, 64), _ridges(-132, -60, 44), _ridges(60, 132, 44)]
    roofs += [_ridges(-204, -132, 24), _ridges(132, 204, 24)]
    floors = []
    for near, far, level in ((36, 60, 24), (36, 60, 44), (108, 132, 24)):
        for side in (-1, 1):
            floors.append(_line([_feet(side * near, level), _feet(side * far, level)], STONE, 2))
    ground = [_line([_feet(-220, 0), _feet(220, 0)], INK, 2.4)]
    left, right = _feet(-36, 72), _feet(36, 72)
    roof = _feet(0, 64)[1]
    arch = f"M{left[0]},{roof} V{left[1]} A72,72 0 0 1 {right[0]},{right[1]} V{roof}"
    vault = [_path(arch, ACCENT, 2, dash="3 6"), _note((480, 172), "the transept, 108 feet", fill=ACCENT)]
    visitors = [_visitor(x) for x in (-20, -13, 4, 26)]
    title = _title("The Palace across the nave")
    return _sheet([title, *columns, *roofs, *floors, *ground, *vault, *visitors, *_measures(), *_heights()])


def _ridges(start: int, end: int, level: int) -> str:
    """Return a girder and the ridge-and-furrow glazing over it, eight feet to the ridge."""
    points = []
    for across in range(start, end + 1, 4):
        points.append(_feet(across, level + (0 if (across - start) % 8 == 0 else 2.4)))
    beam = _line([_feet(start, level - 3), _feet(end, level - 3)], STONE, 1.2)
    return beam + _line([_feet(start, level), _feet(end, level)], INK, 1.2) + _line(points, INK, 1.2)


def _visitor(across: float) -> str:
    """Return a person of some five and a half feet."""
    x, y = _feet(across, 0)
    return _line([(x, y - 1), (x, y - 7)], INK, 3) + _dot((x, y - 10), 2)


def _measures() -> list[str]:
    """Return the widths beneath the section."""
    marks = [-204, -180, -132, -108, -60, -36, 36, 60, 108, 132, 180, 204]
    parts = [_line([_feet(mark, -4), _feet(mark, -16)], STONE, 1) for mark in marks]
    for near, far in pairwise(marks):
        parts.append(_text((_feet((near + far) / 2, 0)[0], 430), str(far - near), size=18))
    for row, reach in enumerate((60, 132, 204)):
        y = 466 + 36 * row
        start, end = (_feet(-reach, 0)[0], y), (_feet(reach, 0)[0], y)
        parts += [_line([start, end], STONE, 1), _head(start, end, STONE), _head(end, start, STONE)]
        words = f"{2 * reach} feet"
        parts += [_box((434, y - 13), 92, 26, PAPER), _text((480, y + 6), words, size=18)]
    return parts


def _heights() -> list[str]:
    """Return the heights at the sides of the section."""
    parts = []
    for edge, level in ((204, 24), (132, 44), (60, 64)):
        x, y = _feet(edge, level - 7)
        parts.append(_text((x + 7, y), f"{level} ft", "start", 18))
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
        parts.append(_box((x, top), unit * days, 92, fill, INK))
        middle, ink = x + unit * days / 2, ACCENT if added else INK
        parts.append(_text((middle, top + 38), name, size=18, fill=ink))
        parts.append(_text((middle, top + (68 if name else 53)), str(days), size=18, fill=ink))
        x += unit * days
    return parts


def long_year() -> str:
    """Draw the 445 days of 46 BC above the 365 of 45 BC."""
    first = [
        _text((40, 124), "46 BC: 445 days", "start", 22),
        *_calendar(MONTHS_OF_46, 146),
        _line([(40, 246), (40, 276)], STONE, 1),
        _note((40, 298), "1 January: by the sun, mid-October 47", "start"),
        _line([(920, 246), (920, 276)], STONE, 1),
        _note((920, 298), "31 December, by calendar and sun alike", "end"),
    ]
    second = [
        _text((40, 384), "45 BC: 365 days", "start", 22),
        *_calendar(MONTHS_OF_45, 406),
        _note((783, 442), "and one more", "start"),
        _note((783, 466), "in every fourth", "start"),
        _note((783, 490), "year thereafter", "start"),
    ]
    key = [
        _box((40, 544), 24, 20, "#e3c9c3", INK),
        _note((75, 561), "days put in by order of Caesar", "start"),
    ]
    return _sheet([_title("The last year of confusion"), *first, *second, *key])


def trenton_scheme() -> str:
    """Draw the roads to Trenton, without a scale."""
    river = "M60,70 C110,130 150,150 235,190 S430,330 560,390 S735,440 770,490 S740,560 700,620"
    water = [_path(river, "#cfd4cf", 34), _box((0, 0), 960, 60, PAPER), _note((150, 222), "Delaware River")]
    upper: list[Point] = [(236, 138), (400, 160), (545, 142), (700, 190), (752, 232)]
    lower: list[Point] = [(400, 160), (470, 232), (590, 318), (690, 362)]
    roads = [
        _line([(186, 200), (230, 141)], ACCENT, 3, "6 6"),
        _line(upper, ACCENT, 3),
        _head(upper[-1], upper[-2], ACCENT),
        _line(lower, ACCENT, 3),
        _head(lower[-1], lower[-2], ACCENT),
    ]
    names = [
        _dot((230, 141), 6),
        _text((250, 116), "McKonkey’s Ferry", "start"),
        _dot((400, 160), 6),
        _text((400, 194), "Birmingham", "end"),
        _text((560, 122), "Greene and Washington", "start", fill=ACCENT),
        _note((546, 198), "upper road", "start"),
        _text((536, 248), "Sullivan", "start", fill=ACCENT),
        _note((546, 271), "river road", "start"),
        _text((150, 370), "PENNSYLVANIA", fill=STONE, size=18),
        _text((868, 150), "NEW JERSEY", fill=STONE, size=18),
    ]
    return _sheet([*water, _title("To Trenton, 26 December 1776"), *roads, *names, *_town(), *_failures()])


def _town() -> list[str]:
    """Return the streets of Trenton, the creek and its bridge."""
    streets = [_line([(762, 244), (716, 388)], INK, 4), _line([(768, 244), (768, 400)], INK, 4)]
    creek = _path("M925,384 C880,390 850,425 790,436 S745,432 738,436", "#cfd4cf", 9)
    orchard = [_dot((x, y), 3.5, STONE) for x in (806, 822, 838) for y in (292, 308, 324)]
    labels = [
        _dot((765, 240), 7, ACCENT),
        _text((784, 226), "Knox’s guns", "start"),
        _text((784, 270), "TRENTON", "start", 20),
        _note((854, 314), "orchard", "start"),
        _note((930, 430), "Assunpink", "end"),
        _note((930, 452), "Creek", "end"),
    ]
    return [creek, *streets, *orchard, *labels]


def _failures() -> list[str]:
    """Return the two crossings that were not made, and the warning about scale."""
    return [
        _line([(520, 436), (556, 404)], STONE, 2.4, "6 6"),
        _cross((571, 391)),
        _text((520, 462), "Ewing: turned", "end"),
        _text((520, 486), "back by the ice", "end"),
        _line([(650, 556), (706, 556)], STONE, 2.4, "6 6"),
        _cross((730, 556)),
        _text((640, 552), "Cadwalader, at Bristol:", "end"),
        _text((640, 576), "turned back by the ice", "end"),
        _note((920, 576), "not to scale", "end"),
        _line([(60, 576), (60, 520)], INK, 1.6),
        _head((60, 510), (60, 540)),
        _text((76, 526), "N", "start"),
    ]


PORTS = (
    "Yangtze", "Fukien", "Champa", "Surabaya", "Palembang",
    "Malacca", "Sumatra", "Ceylon", "Calicut", "Hormuz",
)  # fmt: skip
VOYAGE = (
    (0, date(1431, 1, 19)), (0, date(1431, 3, 20)), (1, date(1431, 4, 8)), (1, date(1432, 1, 12)),
    (2, date(1432, 1, 27)), (2, date(1432, 2, 12)), (3, date(1432, 3, 7)), (3, date(1432, 7, 13)),
    (4, date(1432, 7, 24)), (4, date(1432, 7, 27)), (5, date(1432, 8, 3)), (5, date(1432, 9, 2)),
    (6, date(1432, 9, 12)), (6, date(1432, 11, 2)), (7, date(1432, 11, 28)), (8, date(1432, 12, 10)),
    (8, date(1432, 12, 14)), (9, date(1433, 1, 17)), (9, date(1433, 3, 9)), (8, date(1433, 3, 31)),
    (8, date(1433, 4, 9)), (6, date(1433, 4, 25)), (6, date(1433, 5, 1)), (5, date(1433, 5, 9)),
    (2, date(1433, 6, 13)), (2, date(1433, 6, 17)), (0, date(1433, 7, 7)),
)  # fmt: skip


def _when(day: date) -> float:
    """Return the place of a day along the foot of the voyage’s graph."""
    return 150 + (day - date(1431, 1, 1)).days * 770 / 943


def _where(port: float) -> float:
    """Return the height of a port on the voyage’s graph."""
    return 510 - 45 * port


def seventh_voyage_graph() -> str:
    """Draw the fleet of 1431 as a railway draws its trains."""
    winters = [((1431, 1), (1431, 4)), ((1431, 11), (1432, 4)), ((1432, 11), (1433, 4))]
    shades = []
    for start, end in winters:
        left, right = _when(date(*start, 1)), _when(date(*end, 1))
        shades.append(_box((left, 70), right - left, 461, SHADE))
    rules = []
    for number, name in enumerate(PORTS):
        y = _where(number)
        rules += [_line([(150, y), (920, y)], RULE, 1.2), _text((140, y + 6), name, "end", 18)]
    track = _line([(_when(day), _where(port)) for port, day in VOYAGE], ACCENT, 3.4)
    notes = [
        _note((_when(date(1431, 8, 20)), _where(1) - 12), "nine months’ wait"),
        _note((_when(date(1432, 5, 8)), _where(3) + 26), "four months"),
        _note((_when(date(1432, 10, 8)), _where(6) - 14), "seven weeks", "end"),
        _note((_when(date(1433, 2, 12)), _where(9) - 12), "51 days"),
        _note((_when(date(1433, 6, 5)), _where(1) + 6), "homeward", "end"),
    ]
    return _sheet([_title("The seventh voyage, 1431–33"), *shades, *rules, *_months(), track, *notes])


def _months() -> list[str]:
    """Return the quarters and the years along the foot of the graph."""
    parts = [_line([(150, 531), (920, 531)])]
    for year in (1431, 1432, 1433):
        for month, letter in ((1, "Jan"), (4, "Apr"), (7, "Jul"), (10, "Oct")):
            if (year, month) > (1433, 7):
                continue
            x = _when(date(year, month, 1))
            parts += [_line([(x, 531), (x, 540)]), _text((x, 560), letter, size=18)]
        parts.append(_text((_when(date(year, 1, 1)), 586), str(year), size=18, fill=ACCENT))
    return parts


def godin_strip_map() -> str:
    """Draw Madame Godin’s journey in three strips, as a road-book would."""
    title = _title("From Riobamba to Oyapock, 1769–70")
    strips = [_ribbon(92), _ribbon(264), _ribbon(436)]
    return _sheet([title, *strips, *_mountain_strip(92), *_river_strip(264), *_sea_strip(436)])


def _ribbon(top: float) -> str:
    """Return the frame of one strip."""
    return _box((40, top), 880, 146, "#f5f1e6", RULE)


def _wave(start: Point, end_x: float, stroke: str, dash: str = "") -> str:
    """Return a winding river between two places at one height."""
    x, y = start
    count = round((end_x - x) / 60)
    step = (end_x - x) / count
    drawn = f"M{x:.1f},{y:.1f}"
    for number in range(count):
        bend = y + (16 if number % 2 else -16)
        drawn += f" Q{x + step * (number + 0.5):.1f},{bend:.1f} {x + step * (number + 1):.1f},{y:.1f}"
    return _path(drawn, stroke, 4, dash=dash)


def _stop(at: Point, name: str, remark: str, anchor: str = "middle") -> str:
    """Return a place on the strip with its name above and a remark below."""
    x = at[0] + {"start": -8, "end": 8}.get(anchor, 0)
    return _dot(at, 7) + _text((x, at[1] - 28), name, anchor, 20) + _note((x, at[1] + 44), remark, anchor)


def _mountain_strip(top: float) -> list[str]:
    """Return the first strip, from the Andes to Andoas."""
    y = top + 72
    return [
        _line([(80, y), (330, y)], INK, 3, "10 7"),
        _note((228, y - 12), "mountain path"),
        _wave((330, y), 870, ACCENT),
        _cross((600, y), 11),
        _note((600, y + 44), "the party lost", fill=ACCENT),
        _note((600, y - 28), "river Bobonaza", fill=ACCENT),
        _stop((80, y), "Riobamba", "1 October 1769", "start"),
        _stop((330, y), "Canelos", "found deserted"),
        _stop((870, y), "Andoas", "reached alone", "end"),
    ]


def _river_strip(top: float) -> list[str]:
    """Return the second strip, from Andoas to the Portuguese galliot."""
    y = top + 72
    return [
        _wave((80, y), 420, STONE),
        _note((250, y - 28), "Pastaza"),
        _wave((420, y), 870, STONE),
        _note((645, y - 28), "the Amazon"),
        _stop((80, y), "Andoas", "left next day", "start"),
        _stop((420, y), "Laguna", "six weeks’ rest"),
        _stop((870, y), "Loreto", "the galliot waiting", "end"),
    ]


def _sea_strip(top: float) -> list[str]:
    """Return the third strip, from Loreto to the sea and Oyapock."""
    y = top + 72
    return [
        _wave((80, y), 600, STONE),
        _note((340, y - 28), "the Amazon, under oars"),
        _line([(600, y), (870, y)], STONE, 3, "2 9"),
        _note((735, y - 14), "by sea"),
        _stop((80, y), "Loreto", "spring of 1770", "start"),
        _stop((600, y), "the river’s mouth", ""),
        _stop((870, y), "Oyapock", "22 July 1770", "end"),
    ]


DRAWINGS: dict[str, Callable[[], str]] = {
    "purple-marriages": purple_marriages,
    "longitude-dial": longitude_dial,
    "crystal-palace-section": crystal_palace_section,
    "long-year-46bc": long_year,
    "trenton-scheme": trenton_scheme,
    "seventh-voyage-graph": seventh_voyage_graph,
    "godin-strip-map": godin_strip_map,
}
