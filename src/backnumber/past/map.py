"""The map of the past as a picture: which part of the world, and a disc for each place. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from backnumber.past.projection import projected
from backnumber.past.queries import Place

MOST_NAMED = 14


@dataclass(frozen=True, slots=True)
class View:
    """A part of the world: its name in the address, and the corner and size of what is seen, in the units of the projection."""

    slug: str
    name: str
    x: int
    y: int
    width: int
    height: int

    @property
    def box(self) -> str:
        return f"{self.x} {self.y} {self.width} {self.height}"


VIEWS = (
    View("world", "The world", 100, 40, 9800, 4450),
    View("europe", "Europe", 4480, 420, 1760, 1020),
    View("mediterranean", "The Mediterranean", 4620, 960, 1480, 800),
    View("asia", "Asia", 5900, 560, 3200, 2000),
    View("africa", "Africa", 4300, 1240, 2400, 2500),
    View("americas", "The Americas", 1300, 480, 3400, 3900),
)


@dataclass(frozen=True, slots=True)
class Disc:
    """One place in the picture. `name_x` and `anchor` place its name, if there is room for one."""

    place: Place
    x: int
    y: int
    radius: float
    name_x: float = 0
    name_y: float = 0
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    view: View
    discs: tuple[Disc, ...]
    text: float
    line: float


def view_called(slug: str) -> View:
    return next((view for view in VIEWS if view.slug == slug), VIEWS[0])


def inside(view: View, place: Place) -> bool:
    x, y = _where(place)
    return view.x <= x <= view.x + view.width and view.y <= y <= view.y + view.height


def drawn(view: View, places: Sequence[Place]) -> Drawing:
    """Promise: a disc for each place in view, its area as large as it has many articles, the largest below; names for the first of them
    wherever no other name or disc's middle is in the way.
    """
    text = view.width / 62
    most = max((place.articles for place in places), default=1)
    taken: list[tuple[float, float, float, float]] = []
    discs = []
    for number, place in enumerate(places):
        x, y = _where(place)
        radius = view.width / 62 * (0.18 + 0.9 * sqrt(place.articles / most))
        discs.append(
            _named(Disc(place, x, y, round(radius, 1)), view, text, taken, wants=number < MOST_NAMED * 3)
        )
    return Drawing(view, tuple(discs), round(text, 1), round(view.width / 1100, 2))


def _where(place: Place) -> tuple[int, int]:
    assert place.entry.latitude is not None
    assert place.entry.longitude is not None
    return projected(place.entry.latitude, place.entry.longitude)


def _named(
    disc: Disc, view: View, text: float, taken: list[tuple[float, float, float, float]], *, wants: bool
) -> Disc:
    if not wants or len(taken) >= MOST_NAMED * 2:
        return disc
    length = len(disc.place.entry.label) * text * 0.56
    for anchor, left in (
        ("start", disc.x + disc.radius + text * 0.25),
        ("end", disc.x - disc.radius - text * 0.25 - length),
    ):
        box = (left, disc.y - text * 0.55, left + length, disc.y + text * 0.55)
        fits = view.x < box[0] and box[2] < view.x + view.width
        if fits and not any(_meet(box, other) for other in taken):
            taken.append(box)
            at = left if anchor == "start" else left + length
            return Disc(
                disc.place, disc.x, disc.y, disc.radius, round(at, 1), round(disc.y + text * 0.34, 1), anchor
            )
    return disc


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
