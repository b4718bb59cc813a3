"""Bars drawn as SVG on the server; colours come from the style sheet, so that they fit light and dark. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT, FOOT, LEFT = 720, 220, 28, 64


@dataclass(frozen=True, slots=True)
class Bar:
    """`shown` is the value in words."""

    label: str
    value: int
    shown: str


def bars(title: str, values: Sequence[Bar]) -> str:
    """Promise: a drawing with a title and a description for who cannot see it; below nought the bars hang. Nothing for no values."""
    if not values:
        return ""
    top, low = max(0, *(one.value for one in values)), min(0, *(one.value for one in values))
    span = (top - low) or 1
    height, step = HEIGHT - FOOT - 10, (WIDTH - LEFT) / len(values)
    nought = 10 + height * top / span
    drawn = []
    every = max(1, -(-len(values) // 12))
    for n, one in enumerate(values):
        size = height * abs(one.value) / span
        y = nought - size if one.value >= 0 else nought
        x = LEFT + n * step
        drawn.append(
            f'<rect class="bar" x="{x + step * 0.15:.1f}" y="{y:.1f}" width="{step * 0.7:.1f}" height="{size:.1f}">'
            f"<title>{escape(one.label)}: {escape(one.shown)}</title></rect>"
        )
        if n % every == 0:
            drawn.append(
                f'<text class="label" x="{x + step / 2:.1f}" y="{HEIGHT - 8}" text-anchor="middle">{escape(one.label)}</text>'
            )
    highest = max(values, key=lambda one: one.value)
    words = "; ".join(f"{one.label}: {one.shown}" for one in values)
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}. {escape(words)}">'
        f'<line class="axis" x1="{LEFT}" x2="{WIDTH}" y1="{nought:.1f}" y2="{nought:.1f}"/>'
        f'<text class="label" x="{LEFT - 6}" y="16" text-anchor="end">{escape(highest.shown)}</text>'
        f"{''.join(drawn)}</svg>"
    )
