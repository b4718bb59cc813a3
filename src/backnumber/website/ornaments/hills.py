"""Ornaments of hills: from above, by lines of equal height, and from the plain, one behind the other."""

import math
from collections.abc import Iterator, Sequence

from backnumber.website.ornaments.engraving import TURN, Box, Chance, Inks, Point, path, stroke

Edge = tuple[int, int, int]


def contours(chance: Chance, box: Box, inks: Inks) -> str:
    """A map of hills by lines of equal height."""
    across, down = 42, max(24, round(42 * box.height / box.width))
    hills = [
        (
            chance.between(0, across),
            chance.between(0, down),
            chance.between(4, 10),
            chance.between(0.5, 1) * (1 if n % 4 else -0.7),
        )
        for n in range(9)
    ]
    ground = [
        [
            sum(tall * math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / wide**2) for cx, cy, wide, tall in hills)
            for x in range(across + 1)
        ]
        for y in range(down + 1)
    ]
    heights = sorted(height for row in ground for height in row)
    drawn = []
    for number in range(13):
        level = heights[int(len(heights) * (0.06 + 0.073 * number))] + 1e-6
        data = "".join(
            path([(box.x + x * box.width / across, box.y + y * box.height / down) for x, y in line])
            for line in _level_lines(ground, level)
        )
        drawn.append(
            stroke(data, inks.second if number % 4 == 2 else inks.line, 14 if number % 4 == 2 else 8)
        )
    return "".join(drawn)


def _level_lines(ground: Sequence[Sequence[float]], level: float) -> Iterator[list[Point]]:
    """Marching squares: the crossings of each cell's edges, joined from cell to cell."""
    joined: dict[Edge, list[Edge]] = {}
    for y in range(len(ground) - 1):
        for x in range(len(ground[0]) - 1):
            edges = [
                e for e in ((x, y, 0), (x + 1, y, 1), (x, y + 1, 0), (x, y, 1)) if _crosses(ground, e, level)
            ]
            for one, other in zip(edges[::2], edges[1::2], strict=True):
                joined.setdefault(one, []).append(other)
                joined.setdefault(other, []).append(one)
    ends = [edge for edge, others in joined.items() if len(others) == 1]
    for start in [*ends, *joined]:
        line = []
        at: Edge | None = start
        while at is not None and at in joined:
            line.append(_crossing(ground, at, level))
            others = joined.pop(at)
            at = next((other for other in others if other in joined), None)
        if len(line) > 3:
            first, last = line[0], line[-1]
            near = abs(first[0] - last[0]) < 1.5 and abs(first[1] - last[1]) < 1.5 and start not in ends
            yield [*line, first] if near else line


def _other_end(edge: Edge) -> tuple[int, int]:
    x, y, upright = edge
    return (x, y + 1) if upright else (x + 1, y)


def _crosses(ground: Sequence[Sequence[float]], edge: Edge, level: float) -> bool:
    to_x, to_y = _other_end(edge)
    return (ground[edge[1]][edge[0]] > level) != (ground[to_y][to_x] > level)


def _crossing(ground: Sequence[Sequence[float]], edge: Edge, level: float) -> Point:
    x, y, _ = edge
    to_x, to_y = _other_end(edge)
    share = (level - ground[y][x]) / (ground[to_y][to_x] - ground[y][x])
    return x + (to_x - x) * share, y + (to_y - y) * share


def ridges(chance: Chance, box: Box, inks: Inks) -> str:
    """Hills behind hills, each a line that hides what is behind it."""
    rows = 15
    waves = [(chance.between(0.6, 4.5), chance.between(0, TURN), chance.between(0.3, 1)) for _ in range(6)]
    peak, drift = chance.between(0.25, 0.75), chance.between(-0.35, 0.35)
    drawn = []
    for row in range(rows):
        base = box.y + box.height * (0.32 + 0.72 * row / (rows - 1))
        points = [(box.x - 20.0, box.y + box.height + 60.0)]
        for step in range(53):
            along = step / 52
            hill = math.exp(-(((along - peak - drift * row / rows) / 0.24) ** 2))
            rough = sum(
                a * math.sin(TURN * f * along + p + row * 0.55 * (1 + i / 3))
                for i, (f, p, a) in enumerate(waves)
            )
            points.append(
                (
                    box.x + box.width * along,
                    base - box.height * (0.05 + 0.06 * hill) * (rough + 2.2 * hill + 0.4),
                )
            )
        points.append((box.x + box.width + 20.0, box.y + box.height + 60.0))
        ink = inks.second if row % 5 == 2 else inks.line
        drawn.append(
            f'<path d="{path(points, closed=True)}" fill="{inks.ground}" stroke="{ink}" stroke-width="10"/>'
        )
    return "".join(drawn)
