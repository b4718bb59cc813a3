"""Ornaments that repeat: the engraver's lathe, a potter's waves, a cord, the lights of a window, marbled paper."""

import math

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
