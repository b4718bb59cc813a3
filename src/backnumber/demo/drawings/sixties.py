"""Drawings for the demo’s issue of 1963."""

from collections.abc import Callable
from datetime import date

from backnumber.demo.drawings.pen import (
    ACCENT,
    INK,
    RULE,
    SHADE,
    STONE,
    Point,
    box,
    cross,
    dot,
    line,
    note,
    path,
    ruled_title,
    sheet,
    text,
)

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
        shades.append(box((left, 70), right - left, 461, SHADE))
    rules = []
    for number, name in enumerate(PORTS):
        y = _where(number)
        rules += [line([(150, y), (920, y)], RULE, 1.2), text((140, y + 6), name, "end", size=18)]
    track = line([(_when(day), _where(port)) for port, day in VOYAGE], ACCENT, 3.4)
    notes = [
        note((_when(date(1431, 8, 20)), _where(1) - 12), "nine months’ wait"),
        note((_when(date(1432, 5, 8)), _where(3) + 26), "four months"),
        note((_when(date(1432, 10, 8)), _where(6) - 14), "seven weeks", "end"),
        note((_when(date(1433, 2, 12)), _where(9) - 12), "51 days"),
        note((_when(date(1433, 6, 5)), _where(1) + 6), "homeward", "end"),
    ]
    return sheet([ruled_title("The seventh voyage, 1431–33"), *shades, *rules, *_months(), track, *notes])


def _months() -> list[str]:
    """Return the quarters and the years along the foot of the graph."""
    parts = [line([(150, 531), (920, 531)])]
    for year in (1431, 1432, 1433):
        for month, letter in ((1, "Jan"), (4, "Apr"), (7, "Jul"), (10, "Oct")):
            if (year, month) > (1433, 7):
                continue
            x = _when(date(year, month, 1))
            parts += [line([(x, 531), (x, 540)]), text((x, 560), letter, size=18)]
        parts.append(text((_when(date(year, 1, 1)), 586), str(year), size=18, fill=ACCENT))
    return parts


def godin_strip_map() -> str:
    """Draw Madame Godin’s journey in three strips, as a road-book would."""
    strips = [_ribbon(92), _ribbon(264), _ribbon(436)]
    heading = ruled_title("From Riobamba to Oyapock, 1769–70")
    return sheet([heading, *strips, *_mountain_strip(92), *_river_strip(264), *_sea_strip(436)])


def _ribbon(top: float) -> str:
    """Return the frame of one strip."""
    return box((40, top), 880, 146, "#f5f1e6", RULE, thick=1.2)


def _wave(start: Point, end_x: float, stroke: str) -> str:
    """Return a winding river between two places at one height."""
    x, y = start
    count = round((end_x - x) / 60)
    step = (end_x - x) / count
    drawn = f"M{x:.1f},{y:.1f}"
    for number in range(count):
        bend = y + (16 if number % 2 else -16)
        drawn += f" Q{x + step * (number + 0.5):.1f},{bend:.1f} {x + step * (number + 1):.1f},{y:.1f}"
    return path(drawn, stroke=stroke, width=4)


def _stop(at: Point, name: str, remark: str, anchor: str = "middle") -> str:
    """Return a place on the strip with its name above and a remark below."""
    x = at[0] + {"start": -8, "end": 8}.get(anchor, 0)
    return dot(at, 7) + text((x, at[1] - 28), name, anchor, size=20) + note((x, at[1] + 44), remark, anchor)


def _mountain_strip(top: float) -> list[str]:
    """Return the first strip, from the Andes to Andoas."""
    y = top + 72
    return [
        line([(80, y), (330, y)], INK, 3, "10 7"),
        note((228, y - 12), "mountain path"),
        _wave((330, y), 870, ACCENT),
        cross((600, y), 11),
        note((600, y + 44), "the party lost", fill=ACCENT),
        note((600, y - 28), "river Bobonaza", fill=ACCENT),
        _stop((80, y), "Riobamba", "1 October 1769", "start"),
        _stop((330, y), "Canelos", "found deserted"),
        _stop((870, y), "Andoas", "reached alone", "end"),
    ]


def _river_strip(top: float) -> list[str]:
    """Return the second strip, from Andoas to the Portuguese galliot."""
    y = top + 72
    return [
        _wave((80, y), 420, STONE),
        note((250, y - 28), "Pastaza"),
        _wave((420, y), 870, STONE),
        note((645, y - 28), "the Amazon"),
        _stop((80, y), "Andoas", "left next day", "start"),
        _stop((420, y), "Laguna", "six weeks’ rest"),
        _stop((870, y), "Loreto", "the galliot waiting", "end"),
    ]


def _sea_strip(top: float) -> list[str]:
    """Return the third strip, from Loreto to the sea and Oyapock."""
    y = top + 72
    return [
        _wave((80, y), 600, STONE),
        note((340, y - 28), "the Amazon, under oars"),
        line([(600, y), (870, y)], STONE, 3, "2 9"),
        note((735, y - 14), "by sea"),
        _stop((80, y), "Loreto", "spring of 1770", "start"),
        _stop((600, y), "the river’s mouth", ""),
        _stop((870, y), "Oyapock", "22 July 1770", "end"),
    ]


DRAWINGS: dict[str, Callable[[], str]] = {
    "seventh-voyage-graph": seventh_voyage_graph,
    "godin-strip-map": godin_strip_map,
}
