"""Drawings for the demo’s issues of 2011 and 2026."""

from collections.abc import Callable
from math import cos, radians, sin

from backnumber.demo.drawings.pen import (
    ACCENT,
    INK,
    PALE_STONE,
    PAPER,
    RULE,
    Point,
    box,
    dot,
    head,
    line,
    note,
    path,
    shape,
    sheet,
    straight,
    text,
    title,
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
    return shape(outer + inner[::-1], INK)


def _bow(centre: Point, radius: float, start: float, end: float) -> str:
    """Return a short curved screen wall, between two bearings about a centre."""
    bearings = [radians(start + (end - start) * i / 20) for i in range(21)]
    return line(
        [(centre[0] + radius * sin(b), centre[1] - radius * cos(b)) for b in bearings],
        PALE_STONE,
        5,
        cap="butt",
    )


def _enclosure_labels(tower: Point) -> list[str]:
    """Return the names on the plan of the Great Enclosure and lines to what they name."""
    return [
        text((440, 104), "North entrance", size=20),
        straight((440, 112), (440, 150), PALE_STONE, 1.2),
        text((150, 166), "North-west entrance", size=20),
        straight((206, 176), (278, 202), PALE_STONE, 1.2),
        text((48, 306), "West entrance", "start", size=20),
        straight((176, 306), (204, 322), PALE_STONE, 1.2),
        text((742, 186), "Parallel Passage", "start", size=20),
        straight((736, 182), _egg(52, 0.92), PALE_STONE, 1.2),
        text((748, 350), "Chevron frieze", "start", fill=ACCENT, size=20),
        text((748, 376), "along the wall’s top", "start", size=18, fill=ACCENT),
        text((748, 482), "Conical Tower", "start", size=20),
        straight((742, 476), (tower[0] + 22, tower[1] + 5), PALE_STONE, 1.2),
        dot((652, 566), 12, "none", PALE_STONE, 1.8, "5 5"),
        text((676, 573), "clay houses (a guess)", "start", size=18, fill=PALE_STONE),
        straight((48, 556), (164, 556), INK, 3),
        text((48, 582), "about 20 metres", "start", size=18),
    ]


def great_enclosure_plan() -> str:
    """Draw a simplified plan of the Great Enclosure at Great Zimbabwe."""
    parts = [title("The Great Enclosure", "Simplified plan; north at the top")]
    parts += [_wall(start, end) for start, end in ((5, 274), (281, 316), (323, 356))]
    parts.append(line([_egg(b, 0.84) for b in range(9, 113, 2)], INK, 8, cap="butt"))
    parts.append(
        line([_egg(93 + i * 1.5, 1.065 if i % 2 else 1.1) for i in range(43)], ACCENT, 2.5, cap="butt")
    )
    tower = _egg(126, 0.84)
    parts += [dot(tower, 18, INK), dot(_egg(144, 0.8), 7, INK)]
    houses = (
        ((330, 280), 28),
        ((400, 356), 34),
        ((296, 384), 26),
        ((452, 446), 28),
        ((508, 316), 26),
        ((420, 238), 22),
    )
    parts += [dot(at, radius, "none", PALE_STONE, 1.8, "5 5") for at, radius in houses]
    parts += [
        _bow((400, 356), 66, -30, 80),
        _bow((508, 316), 58, 30, 150),
        _bow((296, 384), 52, 90, 210),
        _bow((330, 280), 52, -60, 50),
        _bow((452, 446), 52, -40, 60),
    ]
    return sheet(parts + _enclosure_labels(tower))


def _speaker(at: Point, name: str, role: str) -> str:
    """Return a boxed name with a line of description under it."""
    frame = box((at[0] - 84, at[1] - 44), 168, 88, "none", INK, thick=1.5)
    return (
        frame
        + text((at[0], at[1] - 4), name, size=22)
        + text((at[0], at[1] + 24), role, size=18, fill=PALE_STONE)
    )


def nerchinsk_words() -> str:
    """Draw how a sentence crossed the table at Nerchinsk in 1689."""
    parts = [title("How a sentence crossed the table", "Nerchinsk, August 1689")]
    people = (
        (132, "Golovin", "for the tsars"),
        (364, "Belobotsky", "a Pole"),
        (596, "Two Jesuits", "from Peking"),
        (828, "Songgotu", "for Kangxi"),
    )
    parts += [_speaker((x, 205), name, role) for x, name, role in people]
    for left, right, tongue in ((216, 280, "Russian"), (448, 512, "Latin"), (680, 744, "Manchu")):
        middle = (left + right) / 2
        there, back = (right - 2, 192), (left + 2, 218)
        parts += [straight((left + 2, 192), (right - 12, 192)), head(there, (left, 192), length=12)]
        parts.append(straight((right - 2, 218), (left + 12, 218), PALE_STONE))
        parts.append(head(back, (right, 218), PALE_STONE, length=12))
        parts.append(note((middle, 146), tongue, size=20, fill=ACCENT))
    parts.append(straight((48, 300), (912, 300), RULE, 2))
    parts.append(text((48, 342), "What came of it", "start", size=22))
    texts = (
        ("Latin", "signed and sealed", "by both sides", ACCENT),
        ("Russian", "a copy handed over", "by the Russians", INK),
        ("Manchu", "a copy handed over", "by the Manchus", INK),
        ("Chinese", "none", "", PALE_STONE),
    )
    for index, (tongue, first, second, colour) in enumerate(texts):
        left = 48 + index * 222
        dash = "6 6" if tongue == "Chinese" else ""
        parts.append(box((left, 372), 198, 156, "none", colour, thick=2, dash=dash))
        parts.append(text((left + 99, 424), tongue, size=24, fill=colour))
        parts.append(text((left + 99, 466), first, size=18))
        parts.append(text((left + 99, 492), second, size=18))
    parts.append(note((48, 572), "The three texts do not quite agree.", "start", fill=PALE_STONE))
    return sheet(parts)


def _minute_x(minutes: float) -> float:
    """Return the place on the scale of a local time so many minutes from London noon."""
    return 715 + minutes * 25


def railway_noon() -> str:
    """Draw the local times of seven towns at noon by Greenwich."""
    parts = [title("When it is noon at Greenwich", "What the sun says elsewhere")]
    level = 330
    parts.append(straight((_minute_x(-26), level), (_minute_x(7.5), level), INK, 2))
    for minute in range(-25, 8):
        tall = 16 if minute % 5 == 0 else 8
        parts.append(
            straight((_minute_x(minute), level - tall / 2), (_minute_x(minute), level + tall / 2), INK, 1.3)
        )
    for minute, words in ((-25, "11.35"), (-15, "11.45"), (-5, "11.55")):
        parts.append(text((_minute_x(minute), level + 36), words, size=18, fill=PALE_STONE))
    parts.append(text((_minute_x(0), level + 38), "12", size=22, fill=ACCENT))
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
        parts += [straight((x, height + 10), (x, level), PALE_STONE, 1.2), dot((x, level), 6, INK)]
        parts.append(
            text((x - 4, height), name, "start", size=20)
            if name == "Reading"
            else text((x, height), name, size=20)
        )
    x = _minute_x(0)
    parts += [straight((x, 150), (x, level), ACCENT, 2), dot((x, level), 7, ACCENT)]
    parts.append(text((x, 138), "Greenwich", size=22, fill=ACCENT))
    parts += _late_list(towns)
    return sheet(parts)


def _late_list(towns: tuple[tuple[float, str, int], ...]) -> list[str]:
    """Return each town’s difference from Greenwich, set in a row beneath the scale."""
    parts = [straight((48, 420), (912, 420), RULE, 2)]
    for index, (minutes, name, _) in enumerate(towns):
        x = 102 + index * 126
        when = f"{abs(minutes):.0f} min."
        parts.append(text((x, 470), name, size=20))
        parts.append(text((x, 504), when, size=22, fill=ACCENT))
        parts.append(text((x, 532), "ahead" if minutes > 0 else "behind", size=18, fill=PALE_STONE))
    parts.append(note((48, 580), "From longitude, at four minutes to the degree.", "start", fill=PALE_STONE))
    return parts


def _load_at(days: float, pounds: float) -> Point:
    """Return the place on the porter’s chart of a weight at a distance in days."""
    return 130 + days * 68, 500 - pounds * 6.8


def porters_sum() -> str:
    """Draw how much of a porter’s load is left to deliver at each distance."""
    parts = [title("The porter’s sum", "A load of 50 lb; 2½ lb eaten each day, out and home")]
    start, end, corner = _load_at(0, 50), _load_at(10, 0), _load_at(10, 50)
    parts += [
        shape([start, corner, end], ACCENT, opacity=0.14),
        shape([start, end, _load_at(0, 0)], INK, opacity=0.1),
    ]
    for pounds in range(0, 51, 10):
        left, right = _load_at(0, pounds), _load_at(10, pounds)
        parts.append(straight(left, right, RULE, 1.5))
        parts.append(text((left[0] - 14, left[1] + 6), str(pounds), "end", size=18, fill=PALE_STONE))
    for days in range(0, 11):
        foot = _load_at(days, 0)
        parts += [
            straight(foot, (foot[0], foot[1] + 8), INK),
            text((foot[0], foot[1] + 32), str(days), size=18, fill=PALE_STONE),
        ]
    parts += [straight(_load_at(0, 0), _load_at(10, 0), INK, 2), straight(start, end, ACCENT, 3)]
    for days, words in ((1, "45 lb"), (5, "25 lb"), (10, "nothing")):
        at = _load_at(days, 50 - 5 * days)
        parts.append(dot(at, 6, ACCENT))
        parts.append(text((at[0] + 12, at[1] - 12), words, "start", size=20, fill=ACCENT))
    parts += [
        text((_load_at(2.2, 0)[0], _load_at(0, 15)[1]), "reaches the front", size=22),
        text((_load_at(7.0, 0)[0], _load_at(0, 37)[1]), "feeds the carrier", size=22, fill=ACCENT),
        text((_load_at(5, 0)[0], 570), "days’ march from the depot", size=20),
        text((48, 138), "lb", "start", size=20),
    ]
    return sheet(parts)


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
    parts = [title("The road to Bordeaux", "Not to scale")]
    parts += [straight((110, y), (end, y), INK, 3) for y, end in ((190, 820), (370, 840), (530, 840))]
    for x, y, name, remark in STOPS:
        colour = ACCENT if name == "Bordeaux" else INK
        parts += [dot((x, y), 9, PAPER, colour, 3), text((x, y - 22), name, size=22, fill=colour)]
        parts.append(note((x, y + 34), remark, fill=PALE_STONE))
    for x, top, bottom, side in ((110, 190, 370, 0), (840, 370, 530, 1)):
        middle = (bottom - top) / 2
        bend = f"M {x} {top} A {middle * 0.6:.0f} {middle:.0f} 0 0 {side} {x} {bottom}"
        parts.append(path(bend, width=3))
    parts += [
        dot((110, 190), 9, PAPER, INK, 3),
        straight((119, 197), (214, 262), ACCENT, 2, "7 7"),
        dot((222, 268), 7, PAPER, ACCENT, 2.5),
        text((240, 275), "Jerusalem: never reached", "start", size=20, fill=ACCENT),
    ]
    return sheet(parts)


def _knot(at: Point, turns: int) -> str:
    """Return a long knot of so many turns on a hanging cord."""
    height = 9 * turns + 6
    parts = [
        f'<rect x="{at[0] - 10}" y="{at[1]}" width="20" height="{height}" rx="9" '
        f'fill="{PAPER}" stroke="{INK}" stroke-width="2"/>'
    ]
    for turn in range(turns):
        y = at[1] + 8 + turn * 9
        parts.append(straight((at[0] - 10, y + 3), (at[0] + 10, y - 3), INK, 2))
    return "".join(parts)


def _eight(at: Point) -> str:
    """Return a figure-of-eight knot."""
    return "".join(
        f'<ellipse cx="{at[0]}" cy="{at[1] + shift}" rx="11" ry="9" fill="{PAPER}" stroke="{INK}" '
        f'stroke-width="2.5"/>'
        for shift in (0, 17)
    )


def _cord(x: float, top: float, bottom: float) -> str:
    """Return a hanging cord with a looped top."""
    return straight((x, top), (x, bottom), INK, 5) + box((x - 9, top - 14), 18, 28, INK)


def khipu_number() -> str:
    """Draw how a khipu cord records the number 1,304."""
    parts = [title("Reading a cord", "Each place is a power of ten")]
    places = ((188, "thousands", "1"), (292, "hundreds", "3"), (396, "tens", "0"), (500, "units", "4"))
    for y, place, digit in places:
        parts.append(straight((48, y + 42), (568, y + 42), RULE, 1.5, "4 6"))
        parts.append(text((250, y + 8), place, "end", size=22))
        parts.append(text((420, y + 10), digit, size=32, fill=ACCENT))
    parts += [box((48, 118), 520, 14, INK), _cord(300, 125, 570)]
    parts.append(dot((300, 188), 10, PAPER, INK, 3))
    parts += [dot((300, y), 10, PAPER, INK, 3) for y in (266, 291, 316)]
    parts.append(_knot((300, 474), 4))
    parts.append(note((490, 402), "(a gap)", fill=PALE_STONE))
    parts.append(text((420, 586), "1,304", size=26, fill=ACCENT))
    parts += [
        straight((620, 118), (620, 580), RULE, 2),
        text((652, 146), "Three kinds of knot", "start", size=22),
    ]
    samples = (
        (220, "single", "in tens and above"),
        (350, "long", "2 to 9 in the units"),
        (480, "figure-of-eight", "1 in the units"),
    )
    for y, name, remark in samples:
        parts += [straight((680, y - 44), (680, y + 52), INK, 5), text((716, y), name, "start", size=22)]
        parts.append(text((716, y + 28), remark, "start", size=18, fill=PALE_STONE))
    parts += [dot((680, 220), 10, PAPER, INK, 3), _knot((680, 329), 4), _eight((680, 472))]
    return sheet(parts)


def graunt_survivors() -> str:
    """Draw the survivors at each age in John Graunt’s table of 1662."""
    parts = [title("Of an hundred conceived", "How many are left, by John Graunt’s table")]
    ages = ((0, 100), (6, 64), (16, 40), (26, 25), (36, 16), (46, 10), (56, 6), (66, 3), (76, 1))
    base, scale = 510, 3.6
    for share in (25, 50, 75, 100):
        parts.append(straight((48, base - share * scale), (912, base - share * scale), RULE, 1.5))
    for index, (age, left) in enumerate(ages):
        x = 72 + index * 96
        parts.append(box((x, base - left * scale), 62, left * scale, ACCENT if age == 6 else INK))
        parts.append(
            text((x + 31, base - left * scale - 12), str(left), size=22, fill=ACCENT if age == 6 else INK)
        )
        parts.append(text((x + 31, base + 32), "birth" if age == 0 else str(age), size=20))
    parts.append(straight((48, base), (912, base), INK, 2))
    parts.append(note((480, 580), "age in years", fill=PALE_STONE))
    parts.append(text((260, 192), "36 are gone by six: the one figure", "start", size=20, fill=ACCENT))
    parts.append(text((260, 220), "that he drew from the bills", "start", size=20, fill=ACCENT))
    return sheet(parts)


DRAWINGS: dict[str, Callable[[], str]] = {
    "great-enclosure-plan": great_enclosure_plan,
    "nerchinsk-words": nerchinsk_words,
    "railway-noon": railway_noon,
    "porters-sum": porters_sum,
    "sauma-road": sauma_road,
    "khipu-number": khipu_number,
    "graunt-survivors": graunt_survivors,
}
