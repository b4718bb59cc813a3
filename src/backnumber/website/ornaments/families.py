"""The families of ornaments. An issue is given its family by the place in `FAMILIES`: another order draws other covers."""

import math
from collections.abc import Callable

from backnumber.website.ornaments.contours import contours
from backnumber.website.ornaments.engraving import (
    TURN,
    Box,
    Chance,
    Inks,
    around,
    circle,
    path,
    polar,
    stroke,
)


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


FAMILIES: tuple[Callable[[Chance, Box, Inks], str], ...] = (guilloche, contours, window)
