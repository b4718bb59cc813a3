"""What every ornament is engraved with: its room, its inks, seeded chance, and lines and circles as SVG.

Lengths are in tenths of the unit of a cover 300 wide, so that whole numbers are fine enough and a drawing stays small.
"""

import hashlib
import math
from collections.abc import Iterable
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
