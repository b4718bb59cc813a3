"""Engraved ornaments for covers: eleven families, each grown from a seed, as pieces of SVG. Pure; no text in any.

Lengths are in tenths of the unit of a cover 300 wide, so that whole numbers are fine enough and a drawing stays small.
"""

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

Point = tuple[float, float]
TURN = 2 * math.pi


@dataclass(frozen=True, slots=True)
class Box:
    """Where an ornament stands. A drawing on a centre may bleed over the edges; it is cut there."""

    x: int
    y: int
    width: int
    height: int
    reach: float = 0.47

    @property
    def centre(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def radius(self) -> float:
        return min(self.width, self.height) * self.reach


@dataclass(frozen=True, slots=True)
class Inks:
    """What it is drawn with: the line, a second one, and the ground behind."""

    line: str
    second: str
    ground: str


class Chance:
    """Numbers that look like chance and are the same for the same seed, on every machine and in every version."""

    def __init__(self, seed: str) -> None:
        self._seed, self._drawn = seed, 0

    def part(self) -> float:
        self._drawn += 1
        digest = hashlib.sha256(f"{self._seed}/{self._drawn}".encode()).digest()
        return int.from_bytes(digest[:6]) / 2**48

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.part()

    def whole(self, low: int, high: int) -> int:
        """Both included."""
        return low + int(self.part() * (high - low + 1))


def path(points: Iterable[Point], *, closed: bool = False) -> str:
    """Promise: the data of a path through `points`, rounded, in as few characters as there can be."""
    rounded = [(round(x), round(y)) for x, y in points]
    if not rounded:
        return ""
    (x, y), rest = rounded[0], rounded[1:]
    parts = [f"M{x} {y}l"]
    for to_x, to_y in rest:
        if (to_x, to_y) == (x, y):
            continue
        dx, dy = to_x - x, to_y - y
        parts.append(f"{'' if dx < 0 or parts[-1].endswith('l') else ' '}{dx}{'' if dy < 0 else ' '}{dy}")
        x, y = to_x, to_y
    return "".join(parts) + ("z" if closed else "")


def stroke(data: str, ink: str, width: float, more: str = "") -> str:
    return f'<path d="{data}" fill="none" stroke="{ink}" stroke-width="{width:g}"{more}/>'


def circle(at: Point, radius: float, ink: str, width: float, more: str = "") -> str:
    x, y = at
    return (
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}" fill="none" stroke="{ink}"'
        f' stroke-width="{width:g}"{more}/>'
    )


def around(at: Point, times: int, inner: str, *, start: float = 0) -> str:
    """Promise: `inner`, drawn about the origin, `times` times around `at`."""
    x, y = at
    name = "a" + hashlib.sha256(inner.encode()).hexdigest()[:6]
    uses = "".join(
        f'<use href="#{name}" transform="rotate({360 / times * n:.4g})"/>' for n in range(1, times)
    )
    return (
        f'<g transform="translate({x:.0f} {y:.0f}) rotate({start:.4g})"><g id="{name}">{inner}</g>{uses}</g>'
    )


def polar(radius: float, angle: float) -> Point:
    return radius * math.cos(angle), radius * math.sin(angle)


def guilloche(chance: Chance, box: Box, inks: Inks) -> str:
    """Interlaced waves within a swelling envelope, as on a banknote."""
    turns, lines = chance.whole(1, 3), chance.whole(15, 19)
    swell, lean = chance.whole(1, 3), chance.between(0.05, 0.25)
    middle, high = box.centre[1], box.height * 0.46
    drawn = []
    for number in range(lines):
        shift = TURN * number / lines
        points = []
        for step in range(55):
            along = step / 54
            envelope = 0.35 + 0.65 * abs(math.sin(math.pi * swell * along)) ** 1.5
            wave = math.sin(TURN * turns * along + shift) + lean * math.sin(TURN * turns * 2 * along - shift)
            points.append((box.x + box.width * along, middle + high * envelope * wave / (1 + lean)))
        drawn.append(stroke(path(points), inks.second if number % 3 == 0 else inks.line, 9))
    return "".join(drawn)


def rosette(chance: Chance, box: Box, inks: Inks) -> str:
    """The work of a rose engine: three rings of hypotrochoids."""
    petals = chance.whole(7, 17)
    drawn = []
    for ring, (reach, depth, ink) in enumerate(
        ((1.0, 0.34, inks.line), (0.66, 0.4, inks.second), (0.34, 0.62, inks.line))
    ):
        lobes = petals + chance.whole(0, 3) if ring else petals
        skip = next(k for k in (3, 4, 5, 7) if math.gcd(k, lobes) == 1)
        points = []
        steps = 40 * skip if lobes < 12 else 48 * skip
        for step in range(steps):
            angle = TURN * skip * step / steps
            radius = box.radius * reach * (1 - depth / 2 + depth / 2 * math.cos(lobes * angle / skip))
            x, y = polar(radius, angle)
            points.append((box.centre[0] + x, box.centre[1] + y))
        drawn.append(stroke(path(points, closed=True), ink, 9, ' stroke-linejoin="round"'))
    drawn.append(circle(box.centre, box.radius * 1.03, inks.line, 14))
    drawn.append(circle(box.centre, box.radius * 1.07, inks.line, 5))
    return "".join(drawn)


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


Edge = tuple[int, int, int]


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


def fortress(chance: Chance, box: Box, inks: Inks) -> str:
    """The plan of a bastioned fortress: ramparts, ravelins, ditch, covered way and the hachures of its glacis."""
    sides, outer = chance.whole(5, 8), box.radius * 0.8
    half = math.pi / sides
    bastion = chance.between(0.24, 0.32)
    deep = chance.between(0.13, 0.19)

    def trace(scale: float) -> str:
        """One side, from the point of a bastion to the next, about the origin; Vauban's proportions, loosely."""
        radius = outer * scale
        corner, following = polar(radius, -half), polar(radius, half)
        apothem = radius * math.cos(half)
        side = 2 * radius * math.sin(half)
        gorge, shoulder = side * bastion * 0.62, side * bastion * 0.92
        return path(
            [
                corner,
                (apothem * (1 - deep * 0.35), -side / 2 + shoulder),
                (apothem * (1 - deep), -side / 2 + gorge * 1.35),
                (apothem * (1 - deep), side / 2 - gorge * 1.35),
                (apothem * (1 - deep * 0.35), side / 2 - shoulder),
                following,
            ]
        )

    reach = outer * math.cos(half)
    ravelin = path(
        [(reach * 1.0, -reach * 0.17), (reach * 1.2, 0), (reach, reach * 0.17), (reach * 1.045, 0)],
        closed=True,
    )
    way = path([polar(outer * 1.17, -half), (reach * 1.12, -reach * 0.24), (reach * 1.33, 0)])
    way_on = path([(reach * 1.33, 0), (reach * 1.12, reach * 0.24), polar(outer * 1.17, half)])
    hachures = "".join(
        f"M{x:.0f} {y:.0f}L{to_x:.0f} {to_y:.0f}"
        for n in range(9)
        for (x, y), (to_x, to_y) in [
            (
                polar(outer * 1.3, half * (n / 4 - 1)),
                polar(outer * (1.42 if n % 2 else 1.36), half * (n / 4 - 1)),
            )
        ]
    )
    streets = chance.whole(2, 3)
    town = "".join(
        path(
            [
                polar(outer * 0.3 * (n + 0.6) / streets * 1.6, -half),
                polar(outer * 0.3 * (n + 0.6) / streets * 1.6, half),
            ]
        )
        for n in range(streets)
    ) + path([(outer * 0.12, 0), (reach * (1 - deep) * 0.92, 0)])
    one = (
        stroke(trace(1), inks.line, 26, ' stroke-linejoin="miter"')
        + stroke(trace(0.93), inks.line, 7)
        + stroke(ravelin, inks.second, 16)
        + stroke(way + way_on, inks.line, 9)
        + stroke(hachures, inks.line, 7)
        + stroke(town, inks.second, 9)
    )
    return around(box.centre, sides, one, start=round(chance.between(0, 90)))


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


def scales(chance: Chance, box: Box, inks: Inks) -> str:
    """Waves as a potter draws them: rows of fans, one over the other."""
    across = chance.whole(4, 7)
    size = box.width / across / 2
    rings = chance.whole(4, 6)
    fan = f'<circle r="{size:.0f}" fill="{inks.ground}"/>' + "".join(
        circle(
            (0, 0), size * (1 - n / rings), inks.second if n == rings - 1 else inks.line, 12 if n == 0 else 8
        )
        for n in range(rings)
    )
    rows = math.ceil(box.height / (size / 2)) + 2
    uses = "".join(
        f'<use href="#f" x="{size * (2 * n + row % 2):.0f}" y="{size / 2 * row:.0f}"/>'
        for row in range(rows)
        for n in range(across + 1)
    )
    return f'<defs><g id="f">{fan}</g></defs><g transform="translate({box.x} {box.y})">{uses}</g>'


def knot(chance: Chance, box: Box, inks: Inks) -> str:
    """A Turk's head: one cord that goes over and under itself, and a ring around it."""
    lobes = chance.whole(3, 9) * 2 + 1
    radius, sway = box.radius * chance.between(0.58, 0.68), box.radius * chance.between(0.22, 0.3)
    step = TURN / lobes

    def strand(rising: bool) -> str:
        points = []
        for n in range(13):
            part = n / 12
            swing = math.cos(math.pi * (part + (1 if rising else 0)))
            points.append(polar(radius + sway * swing, step * 2 * part * 0.5 + (step if rising else 0)))
        data = path(points)
        return (
            stroke(data, inks.ground, 150)
            + stroke(data, inks.line, 104, ' stroke-linecap="round"')
            + stroke(data, inks.ground, 76, ' stroke-linecap="round"')
            + stroke(data, inks.second, 12)
        )

    tidy = "".join(
        circle(box.centre, box.radius * share, inks.line, width) for share, width in ((1.0, 16), (1.05, 6))
    )
    return tidy + around(box.centre, lobes, strand(False)) + around(box.centre, lobes, strand(True))


def astrolabe(chance: Chance, box: Box, inks: Inks) -> str:
    """The plate of an astrolabe: circles of height for one latitude, the ecliptic, and a divided limb."""
    (x, y), radius = box.centre, box.radius
    latitude = math.radians(chance.between(30, 60))
    equator = radius * 0.62
    drawn = [
        circle(box.centre, radius, inks.line, 16),
        circle(box.centre, radius * 0.955, inks.line, radius * 0.05, ' stroke-dasharray="7 22"'),
        circle(box.centre, radius * 0.9, inks.line, 8),
        circle(box.centre, equator, inks.line, 8),
        circle(box.centre, radius * 0.42, inks.line, 8),
    ]
    plate = []
    for height in range(0, 90, 9):
        low = equator * math.tan((math.pi / 2 - latitude - (math.pi / 2 - math.radians(height))) / 2)
        high = equator * math.tan((math.pi / 2 - latitude + (math.pi / 2 - math.radians(height))) / 2)
        plate.append(
            circle((x, y - (low + high) / 2), abs(high - low) / 2, inks.line, 12 if height == 0 else 6)
        )
    drawn.append(
        f'<clipPath id="p"><circle cx="{x:.0f}" cy="{y:.0f}" r="{radius * 0.9:.0f}"/></clipPath>'
        f'<g clip-path="url(#p)">{"".join(plate)}</g>'
    )
    turn = chance.between(0, TURN)
    off = polar(radius * 0.27, turn)
    ecliptic = (x + off[0], y + off[1])
    drawn.append(circle(ecliptic, radius * 0.62, inks.second, 34))
    drawn.append(circle(ecliptic, radius * 0.62, inks.ground, 20, ' stroke-dasharray="3 56"'))
    stars = [
        polar(radius * chance.between(0.25, 0.85), chance.between(0, TURN))
        for _ in range(chance.whole(9, 14))
    ]
    pointers = "".join(f"M{x + a:.0f} {y + b:.0f}q30-40 90-50q-50 10-60 70z" for a, b in stars)
    rule = path([(x - off[0] * 3.2, y - off[1] * 3.2), (x + off[0] * 3.2, y + off[1] * 3.2)])
    drawn.append(f'<path d="{pointers}" fill="{inks.second}"/>')
    drawn.append(stroke(rule, inks.second, 26))
    return "".join(drawn)


def rhumbs(chance: Chance, box: Box, inks: Inks) -> str:
    """The net of winds of a portolan chart, its rose, and a coast nobody has sailed."""
    points, start = 16, chance.between(0, TURN / 16)
    (x, y), radius = box.centre, max(box.width, box.height) * 0.56
    middle = (x + box.width * chance.between(-0.22, 0.22), y + box.height * chance.between(-0.2, 0.2))
    ring = [polar(radius, start + TURN * n / points) for n in range(points)]
    at = [(middle[0] + a, middle[1] + b) for a, b in ring]
    lines: dict[bool, list[str]] = {True: [], False: []}
    for one in range(points):
        for other in range(one + 2, points):
            lines[(other - one) % 4 == 0].append(path([at[one], at[other]]))
    coast = []
    edge = chance.between(0, TURN)
    reach = box.radius * chance.between(0.9, 1.2)
    bays = [(chance.whole(2, 11), chance.between(0, TURN), chance.between(0.03, 0.13)) for _ in range(6)]
    for n in range(150):
        angle = edge + math.pi * 1.35 * n / 149
        rough = 1 + sum(a * math.sin(f * angle * 2 + p) for f, p, a in bays)
        a, b = polar(reach * rough, angle)
        coast.append((x + a, y + b))
    rose = "".join(
        stroke(path([(0, 0), polar(long * 0.3, -math.pi / 8), (long, 0)], closed=True), inks.line, 8)
        + f'<path d="{path([(0, 0), polar(long * 0.3, math.pi / 8), (long, 0)], closed=True)}" fill="{ink}"/>'
        for long, ink in ((box.radius * 0.36, inks.second),)
    )
    return (
        stroke("".join(lines[False]), inks.line, 4)
        + stroke("".join(lines[True]), inks.second, 6)
        + stroke(path(coast), inks.line, 22, ' stroke-linejoin="round"')
        + stroke(path([(px + 40, py + 40) for px, py in coast[::2]]), inks.line, 6)
        + f'<circle cx="{middle[0]:.0f}" cy="{middle[1]:.0f}" r="{box.radius * 0.38:.0f}" fill="{inks.ground}"/>'
        + circle(middle, box.radius * 0.38, inks.line, 10)
        + around(middle, 8, rose, start=round(math.degrees(start)))
    )


def window(chance: Chance, box: Box, inks: Inks) -> str:
    """A rose window: lights around an eye, and a ring of smaller lights."""
    lights = chance.whole(8, 16)
    radius = box.radius
    eye, middle = radius * 0.2, radius * 0.62
    wide = middle * math.sin(math.pi / lights)
    small = radius * 0.86 * math.sin(math.pi / lights) * 0.82
    foils = chance.whole(3, 5)
    light = (
        stroke(
            f"M{eye:.0f} 0L{middle:.0f}{-wide:.0f}A{wide:.0f} {wide:.0f} 0 0 1 {middle:.0f} {wide:.0f}z",
            inks.line,
            18,
        )
        + stroke(
            f"M{eye * 1.5:.0f} 0L{middle:.0f}{-wide * 0.66:.0f}A{wide * 0.66:.0f} {wide * 0.66:.0f}"
            f" 0 0 1 {middle:.0f} {wide * 0.66:.0f}z",
            inks.second,
            8,
        )
        + "".join(
            circle(
                (middle + polar(wide * 0.3, TURN * n / foils)[0], polar(wide * 0.3, TURN * n / foils)[1]),
                wide * 0.22,
                inks.line,
                7,
            )
            for n in range(foils)
        )
    )
    between = f'<g transform="rotate({180 / lights:.4g})">' + circle((radius * 0.86, 0), small, inks.line, 16)
    between += circle((radius * 0.86, 0), small * 0.55, inks.second, 8) + "</g>"
    rings = "".join(
        circle(box.centre, radius * share, inks.line, wide_)
        for share, wide_ in ((1.04, 10), (1.0, 26), (0.2, 22), (0.13, 8), (0.05, 12))
    )
    return rings + around(box.centre, lights, light + between)


def marbling(chance: Chance, box: Box, inks: Inks) -> str:
    """Combed paper, as inside the boards of an old volume."""
    lines, teeth = 17, chance.whole(3, 6)
    bend, lean = chance.between(0.05, 0.1), chance.between(0, TURN)
    swirls = [
        (
            chance.between(0.1, 0.9),
            chance.between(0.1, 0.9),
            chance.between(0.1, 0.2),
            chance.between(0.6, 1.3) * (-1) ** n,
        )
        for n in range(3)
    ]
    drawn: dict[str, list[str]] = {inks.line: [], inks.second: []}
    for number in range(lines):
        points = []
        for step in range(65):
            u, v = step / 64, (number + 0.5) / lines
            v += bend * math.sin(TURN * teeth * u + lean) + 0.03 * math.sin(TURN * 2 * teeth * u)
            for cu, cv, size, turn in swirls:
                du, dv = u - cu, (v - cv) * box.height / box.width
                angle = turn * math.exp(-(du * du + dv * dv) / size**2)
                turned = du * math.cos(angle) - dv * math.sin(angle)
                u, v = (
                    cu + turned,
                    cv + (du * math.sin(angle) + dv * math.cos(angle)) * box.width / box.height,
                )
            points.append((box.x + box.width * (u * 1.1 - 0.05), box.y + box.height * (v * 1.16 - 0.08)))
        drawn[inks.second if number % 4 == 1 else inks.line].append(path(points))
    return "".join(stroke("".join(data), ink, 13, ' stroke-linejoin="round"') for ink, data in drawn.items())


Family = Callable[[Chance, Box, Inks], str]
FAMILIES: tuple[Family, ...] = (
    guilloche,
    fortress,
    contours,
    rosette,
    rhumbs,
    scales,
    astrolabe,
    ridges,
    knot,
    window,
    marbling,
)
