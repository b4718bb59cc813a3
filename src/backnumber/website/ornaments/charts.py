"""Ornaments that measure the world: the plan of a fortress, the plate of an astrolabe, the net of winds of a sea chart."""

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
