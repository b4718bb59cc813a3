"""The timeline as a picture: a window of years, the bars of its spans, and each article's times as strips. Pure: numbers in, places out.

Pictures are drawn in units of their own and scale with the page.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from backnumber.past.rules import UNITS, Years, bounds
from backnumber.past.words import FIRST, LAST, of_span, of_year, of_years

WIDTH, HEIGHT, FOOT = 1000, 220, 34
MOST_BARS = 60
NO_END = 60
"""How long the strip of a time without an end is drawn beyond the end that is known."""
_NAMES = {1000: "Millennia", 100: "Centuries", 10: "Decades", 1: "Years"}
_SPAN_OF_VIEW = {1000: 6000, 100: 2000, 10: 200, 1: 30}


@dataclass(frozen=True, slots=True)
class Window:
    """The years in view, half-open, and the scale at which they are counted."""

    lo: int
    hi: int

    @property
    def unit(self) -> int:
        """Promise: the narrowest scale that makes no more than sixty bars."""
        return next((unit for unit in reversed(UNITS) if self.hi - self.lo <= unit * MOST_BARS), UNITS[0])

    @property
    def name(self) -> str:
        return of_years(self.lo, self.hi)

    @property
    def address(self) -> str:
        """Promise: the query that shows this window."""
        return f"?from={_typed(self.lo)}&to={_typed(self.hi - 1)}"

    @property
    def typed(self) -> tuple[str, str]:
        return of_year(self.lo), of_year(self.hi - 1)

    def moved(self, by: int) -> "Window":
        return window(self.lo + by, self.hi + by)

    @property
    def earlier(self) -> "Window":
        return self.moved(-(self.hi - self.lo))

    @property
    def later(self) -> "Window":
        return self.moved(self.hi - self.lo)


def _typed(year: int) -> str:
    return of_year(year).replace(" ", "+")


def window(lo: int, hi: int) -> Window:
    """Promise: the years from `lo` up to `hi`, at least one, within what is known of years; the ends in either order."""
    lo, hi = (lo, hi) if lo < hi else (hi - 1, lo + 1)
    lo = min(max(lo, FIRST), LAST - 1)
    return Window(lo, min(max(hi, lo + 1), LAST))


@dataclass(frozen=True, slots=True)
class Scale:
    """One of the four scales, as a way to see about the same years."""

    name: str
    address: str
    here: bool


def scales(seen: Window) -> list[Scale]:
    """Promise: a window round the same middle for each scale, the widest first."""
    middle = (seen.lo + seen.hi) // 2
    found = []
    for unit in UNITS:
        half = _SPAN_OF_VIEW[unit] // 2
        lo = (middle - half) // unit * unit
        found.append(Scale(_NAMES[unit], window(lo, lo + 2 * half).address, seen.unit == unit))
    return found


@dataclass(frozen=True, slots=True)
class Bar:
    """One span: where its bar stands in the picture, how many articles it counts, and the way into it."""

    name: str
    articles: int
    address: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    name: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Chart:
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    most: int
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - FOOT


def chart(seen: Window, counts: Mapping[int, int]) -> Chart:
    """Promise: a bar for each span that counts an article, as high as it counts many; marks at round years."""
    most = max(counts.values(), default=0)
    return Chart(tuple(_bars(seen, counts, most)), tuple(ticks(seen)), most)


def _bars(seen: Window, counts: Mapping[int, int], most: int) -> Iterator[Bar]:
    unit, room = seen.unit, HEIGHT - FOOT - 26
    for start, articles in sorted(counts.items()):
        inside = Window(*bounds(unit, start))
        lo, hi = max(inside.lo, seen.lo), min(inside.hi, seen.hi)
        if lo >= hi:
            continue
        left, right = place(seen, lo), place(seen, hi)
        gap = min(2.0, (right - left) / 5)
        height = max(round(room * articles / most, 1), 3)
        yield Bar(
            of_span(unit, start),
            articles,
            inside.address,
            round(left + gap / 2, 1),
            round(HEIGHT - FOOT - height, 1),
            round(right - left - gap, 1),
            height,
        )


def place(seen: Window, year: float) -> float:
    return (year - seen.lo) / (seen.hi - seen.lo) * WIDTH


def ticks(seen: Window, most: int = 8) -> Iterator[Tick]:
    """Promise: the round years in view, no more than `most` of them."""
    span = seen.hi - seen.lo
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000) if span / s <= most)
    for year in range(-(-seen.lo // step) * step, seen.hi, step):
        x = place(seen, year + (0.5 if seen.unit == 1 else 0))
        if 25 < x < WIDTH - 25:
            yield Tick(round(x, 1), of_year(year) if year > 0 else of_year(year if step == 1 else year + 1))


@dataclass(frozen=True, slots=True)
class Strip:
    """One time of an article within the window. `fades_in`, `fades_out`: it goes on beyond what is in view, or has no end."""

    x: float
    width: float
    name: str
    fades_in: bool
    fades_out: bool


def strips(seen: Window, times: Sequence[Years]) -> tuple[Strip, ...]:
    """Promise: each time as long as it is uncertain, cut to what is in view; the widest first, so that no narrow one is covered."""
    found = [_strip(seen, lo, hi) for lo, hi in times]
    return tuple(sorted(found, key=lambda strip: (-strip.width, strip.x)))


def _strip(seen: Window, lo: int | None, hi: int | None) -> Strip:
    left = place(seen, max(lo, seen.lo)) if lo is not None else None
    right = place(seen, min(hi, seen.hi)) if hi is not None else None
    if left is None:
        left = max((right or 0) - NO_END, 0) if right is not None else 0
    if right is None:
        right = min(left + NO_END, WIDTH) if lo is not None else WIDTH
    return Strip(
        round(left, 1),
        round(max(right - left, 4), 1),
        of_years(lo, hi),
        lo is None or lo < seen.lo,
        hi is None or hi > seen.hi,
    )
