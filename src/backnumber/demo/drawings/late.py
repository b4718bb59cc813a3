"""Drawings for the demo’s issues of 1999, 2011 and 2026."""

from collections.abc import Callable
from html import escape
from math import cos, radians, sin

PAPER = "#fbf9f4"
INK = "#1b1a17"
RULE = "#d9d3c5"
ACCENT = "#7a1f1f"
STONE = "#6b665b"
FACE = "Source Serif Pro, Georgia, serif"

Point = tuple[float, float]


def _sheet(width: int, height: int, parts: list[str]) -> str:
    """Return a complete SVG of the given size on paper."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="{FACE}">'
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>{"".join(parts)}</svg>'
    )


def _text(
    at: Point, words: str, size: int = 20, anchor: str = "start", fill: str = INK, style: str = "normal"
) -> str:
    """Return one line of lettering."""
    return (
        f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" font-size="{size}" text-anchor="{anchor}" '
        f'fill="{fill}" font-style="{style}">{escape(words)}</text>'
    )


def _line(start: Point, end: Point, stroke: str = INK, width: float = 1.5, dash: str = "") -> str:
    """Return a straight line, broken if a dash pattern is given."""
    broken = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" '
        f'stroke="{stroke}" stroke-width="{width}"{broken}/>'
    )


def _curve(points: list[Point], stroke: str = INK, width: float = 1.5, dash: str = "") -> str:
    """Return an open line through the points."""
    broken = f' stroke-dasharray="{dash}"' if dash else ""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<polyline points="{path}" fill="none" stroke="{stroke}" stroke-width="{width}" '
        f'stroke-linejoin="round"{broken}/>'
    )


def _shape(points: list[Point], fill: str, stroke: str = "none", opacity: float = 1) -> str:
    """Return a closed, filled shape."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polygon points="{path}" fill="{fill}" stroke="{stroke}" fill-opacity="{opacity}"/>'


def _dot(
    at: Point, radius: float, fill: str = INK, stroke: str = "none", width: float = 1.5, dash: str = ""
) -> str:
    """Return a circle."""
    broken = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius}" fill="{fill}" '
        f'stroke="{stroke}" stroke-width="{width}"{broken}/>'
    )


def _bar(at: Point, width: float, height: float, fill: str = INK, stroke: str = "none") -> str:
    """Return a rectangle from its upper left corner."""
    return (
        f'<rect x="{at[0]:.1f}" y="{at[1]:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="1.5"/>'
    )


def _arrow(start: Point, end: Point, stroke: str = INK) -> str:
    """Return a level line with a head at its end."""
    way = 1 if end[0] > start[0] else -1
    head = [end, (end[0] - 12 * way, end[1] - 6), (end[0] - 12 * way, end[1] + 6)]
    return _line(start, (end[0] - 10 * way, end[1]), stroke) + _shape(head, stroke)


def _title(words: str, note: str = "") -> str:
    """Return a drawing’s heading and, beneath it, a smaller line."""
    return _text((48, 56), words, 26) + (
        _text((48, 86), note, 18, fill=STONE, style="italic") if note else ""
    )


def _egg(degrees: float, scale: float = 1) -> Point:
    """Return a point of the Great Enclosure’s outline, clockwise from north."""
    turn = radians(degrees)
    swell = 1 + 0.05 * cos(turn - radians(125))
    return 440 + 250 * scale * swell * sin(turn), 345 - 200 * scale * swell * cos(turn)


def _wall(start: float, end: float) -> str:
    """Return a stretch of the outer wall, thickest towards the east."""
    steps = int(abs(end - start) / 2)
    bearings = [start + (end - start) * i / steps for i in range(steps + 1)]
    thick = [0.022 + 0.014 * (1 + cos(radians(b - 85))) / 2 for b in bearings]
    outer = [_egg(b, 1 + t) for b, t in zip(bearings, thick, strict=True)]
    inner = [_egg(b, 1 - t) for b, t in zip(bearings, thick, strict=True)]
    return _shape(outer + inner[::-1], INK)


def _bow(centre: Point, radius: float, start: float, end: float) -> str:
    """Return a short curved screen wall, between two bearings about a centre."""
    bearings = [radians(start + (end - start) * i / 20) for i in range(21)]
    return _curve([(centre[0] + radius * sin(b), centre[1] - radius * cos(b)) for b in bearings], STONE, 5)


def _enclosure_labels(tower: Point) -> list[str]:
    """Return the names on the plan of the Great Enclosure and lines to what they name."""
    return [
        _text((440, 104), "North entrance", anchor="middle"),
        _line((440, 112), (440, 150), STONE, 1.2),
        _text((150, 166), "North-west entrance", 20, "middle"),
        _line((206, 176), (278, 202), STONE, 1.2),
        _text((48, 306), "West entrance", 20),
        _line((176, 306), (204, 322), STONE, 1.2),
        _text((742, 186), "Parallel Passage"),
        _line((736, 182), _egg(52, 0.92), STONE, 1.2),
        _text((748, 350), "Chevron frieze", fill=ACCENT),
        _text((748, 376), "along the wall’s top", 18, fill=ACCENT),
        _text((748, 482), "Conical Tower"),
        _line((742, 476), (tower[0] + 22, tower[1] + 5), STONE, 1.2),
        _dot((652, 566), 12, "none", STONE, 1.8, "5 5"),
        _text((676, 573), "clay houses (a guess)", 18, fill=STONE),
        _line((48, 556), (164, 556), INK, 3),
        _text((48, 582), "about 20 metres", 18),
    ]


def great_enclosure_plan() -> str:
    """Draw a simplified plan of the Great Enclosure at Great Zimbabwe."""
    parts = [_title("The Great Enclosure", "Simplified plan; north at the top")]
    parts += [_wall(start, end) for start, end in ((5, 274), (281, 316), (323, 356))]
    parts.append(_curve([_egg(b, 0.84) for b in range(9, 113, 2)], INK, 8))
    parts.append(_curve([_egg(93 + i * 1.5, 1.065 if i % 2 else 1.1) for i in range(43)], ACCENT, 2.5))
    tower = _egg(126, 0.84)
    parts += [_dot(tower, 18, INK), _dot(_egg(144, 0.8), 7, INK)]
    houses = (
        ((330, 280), 28),
        ((400, 356), 34),
        ((296, 384), 26),
        ((452, 446), 28),
        ((508, 316), 26),
        ((420, 238), 22),
    )
    parts += [_dot(at, radius, "none", STONE, 1.8, "5 5") for at, radius in houses]
    parts += [
        _bow((400, 356), 66, -30, 80),
        _bow((508, 316), 58, 30, 150),
        _bow((296, 384), 52, 90, 210),
        _bow((330, 280), 52, -60, 50),
        _bow((452, 446), 52, -40, 60),
    ]
    return _sheet(960, 600, parts + _enclosure_labels(tower))


def _speaker(at: Point, name: str, role: str) -> str:
    """Return a boxed name with a line of description under it."""
    box = _bar((at[0] - 84, at[1] - 44), 168, 88, "none", INK)
    return (
        box
        + _text((at[0], at[1] - 4), name, 22, "middle")
        + _text((at[0], at[1] + 24), role, 18, "middle", STONE)
    )


def nerchinsk_words() -> str:
    """Draw how a sentence crossed the table at Nerchinsk in 1689."""
    parts = [_title("How a sentence crossed the table", "Nerchinsk, August 1689")]
    people = (
        (132, "Golovin", "for the tsars"),
        (364, "Belobotsky", "a Pole"),
        (596, "Two Jesuits", "from Peking"),
        (828, "Songgotu", "for Kangxi"),
    )
    parts += [_speaker((x, 205), name, role) for x, name, role in people]
    for left, right, tongue in ((216, 280, "Russian"), (448, 512, "Latin"), (680, 744, "Manchu")):
        middle = (left + right) / 2
        parts += [_arrow((left + 2, 192), (right - 2, 192)), _arrow((right - 2, 218), (left + 2, 218), STONE)]
        parts.append(_text((middle, 146), tongue, 20, "middle", ACCENT, "italic"))
    parts.append(_line((48, 300), (912, 300), RULE, 2))
    parts.append(_text((48, 342), "What came of it", 22))
    texts = (
        ("Latin", "signed and sealed", "by both sides", ACCENT),
        ("Russian", "a copy handed over", "by the Russians", INK),
        ("Manchu", "a copy handed over", "by the Manchus", INK),
        ("Chinese", "none", "", STONE),
    )
    for index, (tongue, first, second, colour) in enumerate(texts):
        left = 48 + index * 222
        dash = ' stroke-dasharray="6 6"' if tongue == "Chinese" else ""
        parts.append(
            f'<rect x="{left}" y="372" width="198" height="156" fill="none" '
            f'stroke="{colour}" stroke-width="2"{dash}/>'
        )
        parts.append(_text((left + 99, 424), tongue, 24, "middle", colour))
        parts.append(_text((left + 99, 466), first, 18, "middle"))
        parts.append(_text((left + 99, 492), second, 18, "middle"))
    parts.append(_text((48, 572), "The three texts do not quite agree.", 18, fill=STONE, style="italic"))
    return _sheet(960, 600, parts)


def _minute_x(minutes: float) -> float:
    """Return the place on the scale of a local time so many minutes from London noon."""
    return 715 + minutes * 25


def railway_noon() -> str:
    """Draw the local times of seven towns at noon by Greenwich."""
    parts = [_title("When it is noon at Greenwich", "What the sun says elsewhere")]
    line = 330
    parts.append(_line((_minute_x(-26), line), (_minute_x(7.5), line), INK, 2))
    for minute in range(-25, 8):
        tall = 16 if minute % 5 == 0 else 8
        parts.append(
            _line((_minute_x(minute), line - tall / 2), (_minute_x(minute), line + tall / 2), INK, 1.3)
        )
    for minute, words in ((-25, "11.35"), (-15, "11.45"), (-5, "11.55")):
        parts.append(_text((_minute_x(minute), line + 36), words, 18, "middle", STONE))
    parts.append(_text((_minute_x(0), line + 38), "12", 22, "middle", ACCENT))
    towns = (
        (-22.1, "Penzance", 188),
        (-16.6, "Plymouth", 238),
        (-14.1, "Exeter", 168),
        (-10.4, "Bristol", 218),
        (-5.0, "Oxford", 168),
        (-3.9, "Reading", 248),
        (6.9, "Yarmouth", 218),
    )
    for minutes, name, height in towns:
        x = _minute_x(minutes)
        parts += [_line((x, height + 10), (x, line), STONE, 1.2), _dot((x, line), 6, INK)]
        parts.append(
            _text((x - 4, height), name) if name == "Reading" else _text((x, height), name, 20, "middle")
        )
    x = _minute_x(0)
    parts += [_line((x, 150), (x, line), ACCENT, 2), _dot((x, line), 7, ACCENT)]
    parts.append(_text((x, 138), "Greenwich", 22, "middle", ACCENT))
    parts += _late_list(towns)
    return _sheet(960, 600, parts)


def _late_list(towns: tuple[tuple[float, str, int], ...]) -> list[str]:
    """Return each town’s difference from Greenwich, set in a row beneath the scale."""
    parts = [_line((48, 420), (912, 420), RULE, 2)]
    for index, (minutes, name, _) in enumerate(towns):
        x = 102 + index * 126
        when = f"{abs(minutes):.0f} min."
        parts.append(_text((x, 470), name, 20, "middle"))
        parts.append(_text((x, 504), when, 22, "middle", ACCENT))
        parts.append(_text((x, 532), "ahead" if minutes > 0 else "behind", 18, "middle", STONE))
    parts.append(
        _text((48, 580), "From longitude, at four minutes to the degree.", 18, fill=STONE, style="italic")
    )
    return parts


def _load_at(days: float, pounds: float) -> Point:
    """Return the place on the porter’s chart of a weight at a distance in days."""
    return 130 + days * 68, 500 - pounds * 6.8


def porters_sum() -> str:
    """Draw how much of a porter’s load is left to deliver at each distance."""
    parts = [_title("The porter’s sum", "A load of 50 lb; 2½ lb eaten each day, out and home")]
    start, end, corner = _load_at(0, 50), _load_at(10, 0), _load_at(10, 50)
    parts += [
        _shape([start, corner, end], ACCENT, opacity=0.14),
        _shape([start, end, _load_at(0, 0)], INK, opacity=0.1),
    ]
    for pounds in range(0, 51, 10):
        left, right = _load_at(0, pounds), _load_at(10, pounds)
        parts.append(_line(left, right, RULE, 1.5))
        parts.append(_text((left[0] - 14, left[1] + 6), str(pounds), 18, "end", STONE))
    for days in range(0, 11):
        foot = _load_at(days, 0)
        parts += [
            _line(foot, (foot[0], foot[1] + 8), INK),
            _text((foot[0], foot[1] + 32), str(days), 18, "middle", STONE),
        ]
    parts += [_line(_load_at(0, 0), _load_at(10, 0), INK, 2), _line(start, end, ACCENT, 3)]
    for days, words in ((1, "45 lb"), (5, "25 lb"), (10, "nothing")):
        at = _load_at(days, 50 - 5 * days)
        parts.append(_dot(at, 6, ACCENT))
        parts.append(_text((at[0] + 12, at[1] - 12), words, 20, fill=ACCENT))
    parts += [
        _text((_load_at(2.2, 0)[0], _load_at(0, 15)[1]), "reaches the front", 22, "middle"),
        _text((_load_at(7.0, 0)[0], _load_at(0, 37)[1]), "feeds the carrier", 22, "middle", ACCENT),
        _text((_load_at(5, 0)[0], 570), "days’ march from the depot", 20, "middle"),
        _text((48, 138), "lb", 20),
    ]
    return _sheet(960, 600, parts)


STOPS: tuple[tuple[float, float, str, str], ...] = (
    (820, 190, "Khanbalik", "(Beijing), c. 1275"),
    (590, 190, "Khotan", ""),
    (340, 190, "Maragha", "in Persia"),
    (110, 190, "Baghdad", ""),
    (290, 370, "Constantinople", "1287"),
    (560, 370, "Naples", "a sea-battle"),
    (780, 370, "Rome", "no pope"),
    (640, 530, "Genoa", "no king"),
    (390, 530, "Paris", "30,000 scholars"),
    (110, 530, "Bordeaux", "Edward I"),
)


def sauma_road() -> str:
    """Draw Rabban Sauma’s journeys as a strip map that winds from east to west."""
    parts = [_title("The road to Bordeaux", "Not to scale")]
    parts += [_line((110, y), (end, y), INK, 3) for y, end in ((190, 820), (370, 840), (530, 840))]
    for x, y, name, note in STOPS:
        colour = ACCENT if name == "Bordeaux" else INK
        parts += [_dot((x, y), 9, PAPER, colour, 3), _text((x, y - 22), name, 22, "middle", colour)]
        parts.append(_text((x, y + 34), note, 18, "middle", STONE, "italic"))
    for x, top, bottom, side in ((110, 190, 370, 0), (840, 370, 530, 1)):
        middle = (bottom - top) / 2
        parts.append(
            f'<path d="M {x} {top} A {middle * 0.6:.0f} {middle:.0f} 0 0 {side} {x} {bottom}" '
            f'fill="none" stroke="{INK}" stroke-width="3"/>'
        )
    parts += [
        _dot((110, 190), 9, PAPER, INK, 3),
        _line((119, 197), (214, 262), ACCENT, 2, "7 7"),
        _dot((222, 268), 7, PAPER, ACCENT, 2.5),
        _text((240, 275), "Jerusalem: never reached", 20, fill=ACCENT),
    ]
    return _sheet(960, 600, parts)


def _knot(at: Point, turns: int) -> str:
    """Return a long knot of so many turns on a hanging cord."""
    height = 9 * turns + 6
    parts = [
        f'<rect x="{at[0] - 10}" y="{at[1]}" width="20" height="{height}" rx="9" '
        f'fill="{PAPER}" stroke="{INK}" stroke-width="2"/>'
    ]
    for turn in range(turns):
        y = at[1] + 8 + turn * 9
        parts.append(_line((at[0] - 10, y + 3), (at[0] + 10, y - 3), INK, 2))
    return "".join(parts)


def _eight(at: Point) -> str:
    """Return a figure-of-eight knot."""
    ring = '<ellipse cx="{x}" cy="{y}" rx="11" ry="9" fill="{fill}" stroke="{stroke}" stroke-width="2.5"/>'
    return "".join(ring.format(x=at[0], y=at[1] + shift, fill=PAPER, stroke=INK) for shift in (0, 17))


def _cord(x: float, top: float, bottom: float) -> str:
    """Return a hanging cord with a looped top."""
    return _line((x, top), (x, bottom), INK, 5) + _bar((x - 9, top - 14), 18, 28, INK)


def khipu_number() -> str:
    """Draw how a khipu cord records the number 1,304."""
    parts = [_title("Reading a cord", "Each place is a power of ten")]
    places = ((188, "thousands", "1"), (292, "hundreds", "3"), (396, "tens", "0"), (500, "units", "4"))
    for y, place, digit in places:
        parts.append(_line((48, y + 42), (568, y + 42), RULE, 1.5, "4 6"))
        parts.append(_text((250, y + 8), place, 22, "end"))
        parts.append(_text((420, y + 10), digit, 32, "middle", ACCENT))
    parts += [_bar((48, 118), 520, 14, INK), _cord(300, 125, 570)]
    parts.append(_dot((300, 188), 10, PAPER, INK, 3))
    parts += [_dot((300, y), 10, PAPER, INK, 3) for y in (266, 291, 316)]
    parts.append(_knot((300, 474), 4))
    parts.append(_text((490, 402), "(a gap)", 18, "middle", STONE, "italic"))
    parts.append(_text((420, 586), "1,304", 26, "middle", ACCENT))
    parts += [_line((620, 118), (620, 580), RULE, 2), _text((652, 146), "Three kinds of knot", 22)]
    samples = (
        (220, "single", "in tens and above"),
        (350, "long", "2 to 9 in the units"),
        (480, "figure-of-eight", "1 in the units"),
    )
    for y, name, note in samples:
        parts += [_line((680, y - 44), (680, y + 52), INK, 5), _text((716, y), name, 22)]
        parts.append(_text((716, y + 28), note, 18, fill=STONE))
    parts += [_dot((680, 220), 10, PAPER, INK, 3), _knot((680, 329), 4), _eight((680, 472))]
    return _sheet(960, 600, parts)


def graunt_survivors() -> str:
    """Draw the survivors at each age in John Graunt’s table of 1662."""
    parts = [_title("Of an hundred conceived", "How many are left, by John Graunt’s table")]
    ages = ((0, 100), (6, 64), (16, 40), (26, 25), (36, 16), (46, 10), (56, 6), (66, 3), (76, 1))
    base, scale = 510, 3.6
    for share in (25, 50, 75, 100):
        parts.append(_line((48, base - share * scale), (912, base - share * scale), RULE, 1.5))
    for index, (age, left) in enumerate(ages):
        x = 72 + index * 96
        parts.append(_bar((x, base - left * scale), 62, left * scale, ACCENT if age == 6 else INK))
        parts.append(
            _text((x + 31, base - left * scale - 12), str(left), 22, "middle", ACCENT if age == 6 else INK)
        )
        parts.append(_text((x + 31, base + 32), "birth" if age == 0 else str(age), 20, "middle"))
    parts.append(_line((48, base), (912, base), INK, 2))
    parts.append(_text((480, 580), "age in years", 18, "middle", STONE, "italic"))
    parts.append(_text((260, 192), "36 are gone by six: the one figure", 20, fill=ACCENT))
    parts.append(_text((260, 220), "that he drew from the bills", 20, fill=ACCENT))
    return _sheet(960, 600, parts)


def famine_provinces() -> str:
    """Draw the fall in population of Ireland’s provinces between 1841 and 1851."""
    parts = [_title("Fewer people, 1841–51", "Fall in population, per cent, from the censuses")]
    falls = (("Leinster", 15.2), ("Ulster", 15.7), ("Munster", 22.5), ("Connacht", 28.8))
    left, scale = 200, 22
    for share in range(0, 31, 5):
        x = left + share * scale
        parts.append(_line((x, 150), (x, 510), RULE, 1.5))
        parts.append(_text((x, 540), str(share), 18, "middle", STONE))
    for index, (province, fall) in enumerate(falls):
        y = 168 + index * 86
        parts.append(_bar((left, y), fall * scale, 54, INK))
        parts.append(_text((left - 16, y + 35), province, 22, "end"))
        parts.append(_text((left + fall * scale + 12, y + 35), f"{fall}", 22))
    mean = left + 19.8 * scale
    parts += [_line((mean, 150), (mean, 510), PAPER, 9), _line((mean, 136), (mean, 510), ACCENT, 3)]
    parts.append(_text((mean, 124), "Ireland 19.8", 20, "middle", ACCENT))
    parts.append(_line((left, 150), (left, 510), INK, 2))
    parts.append(_text((530, 576), "per cent", 18, "middle", STONE, "italic"))
    return _sheet(960, 600, parts)


DRAWINGS: dict[str, Callable[[], str]] = {
    "great-enclosure-plan": great_enclosure_plan,
    "nerchinsk-words": nerchinsk_words,
    "railway-noon": railway_noon,
    "porters-sum": porters_sum,
    "sauma-road": sauma_road,
    "khipu-number": khipu_number,
    "graunt-survivors": graunt_survivors,
    "famine-provinces": famine_provinces,
}
