"""The colours and the strokes that the demo’s drawings have in common."""

from collections.abc import Sequence
from html import escape
from math import hypot

PAPER = "#fbf9f4"
INK = "#1b1a17"
RULE = "#d9d3c5"
ACCENT = "#7a1f1f"
STONE = "#5f594d"
PALE_STONE = "#6b665b"
SHADE = "#efe9db"
DEEP_SHADE = "#ebe5d7"
FACE = "Source Serif Pro, Georgia, serif"

Point = tuple[float, float]


def sheet(parts: Sequence[str], *, height: int = 600) -> str:
    """Return a complete SVG, 960 wide and of the given height, on paper."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 {height}" '
        f'width="960" height="{height}" font-family="{FACE}">'
        f'<rect width="960" height="{height}" fill="{PAPER}"/>{"".join(parts)}</svg>'
    )


def text(
    at: Point, words: str, anchor: str = "middle", *, size: int = 19, fill: str = INK, style: str = "normal"
) -> str:
    """Return one line of lettering."""
    return (
        f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" font-size="{size}" text-anchor="{anchor}" '
        f'font-style="{style}" fill="{fill}">{escape(words)}</text>'
    )


def note(at: Point, words: str, anchor: str = "middle", *, size: int = 18, fill: str = STONE) -> str:
    """Return one line of italic lettering."""
    return text(at, words, anchor, size=size, fill=fill, style="italic")


def title(words: str, remark: str) -> str:
    """Return a drawing’s heading and, beneath it, a smaller line."""
    return text((48, 56), words, "start", size=26) + note((48, 86), remark, "start", fill=PALE_STONE)


def ruled_title(words: str) -> str:
    """Return a drawing’s heading over a rule as wide as the drawing."""
    return text((40, 46), words, "start", size=24) + line([(40, 60), (920, 60)], RULE)


def line(
    points: Sequence[Point], stroke: str = INK, width: float = 1.6, dash: str = "", *, cap: str = "round"
) -> str:
    """Return an open line through the points, broken if a dash pattern is given."""
    ends = f'stroke-linejoin="round" stroke-linecap="{cap}"'
    return f'<polyline points="{_joined(points)}" fill="none" {ends}{_stroked(stroke, width, dash)}/>'


def straight(start: Point, end: Point, stroke: str = INK, width: float = 1.5, dash: str = "") -> str:
    """Return a straight line that stops squarely at its ends."""
    return line([start, end], stroke, width, dash, cap="butt")


def path(drawn: str, *, fill: str = "none", stroke: str = INK, width: float = 1.6, dash: str = "") -> str:
    """Return a curve given as SVG path data."""
    ends = 'stroke-linejoin="round" stroke-linecap="round"'
    return f'<path d="{drawn}" fill="{fill}" fill-rule="evenodd" {ends}{_stroked(stroke, width, dash)}/>'


def shape(
    points: Sequence[Point], fill: str, stroke: str = "none", width: float = 1.6, *, opacity: float = 1
) -> str:
    """Return a closed, filled figure through the points."""
    inside = f'fill="{fill}" fill-opacity="{opacity}" stroke-linejoin="round"'
    return f'<polygon points="{_joined(points)}" {inside}{_stroked(stroke, width)}/>'


def box(
    corner: Point,
    width: float,
    height: float,
    fill: str = INK,
    stroke: str = "none",
    *,
    thick: float = 1.4,
    dash: str = "",
) -> str:
    """Return a rectangle from its upper left corner."""
    return (
        f'<rect x="{corner[0]:.1f}" y="{corner[1]:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="{fill}"{_stroked(stroke, thick, dash)}/>'
    )


def dot(
    at: Point, radius: float = 5, fill: str = INK, stroke: str = "none", width: float = 1.6, dash: str = ""
) -> str:
    """Return a circle, filled with ink unless told otherwise."""
    return (
        f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius:.1f}" '
        f'fill="{fill}"{_stroked(stroke, width, dash)}/>'
    )


def head(tip: Point, back: Point, fill: str = INK, *, length: float = 13, stroke: str = "none") -> str:
    """Return an arrow-head at the tip of a line that comes from the point behind."""
    run, rise = tip[0] - back[0], tip[1] - back[1]
    size = hypot(run, rise)
    east, south = run / size, rise / size
    foot = (tip[0] - length * east, tip[1] - length * south)
    barbs = [(foot[0] - 6 * south, foot[1] + 6 * east), (foot[0] + 6 * south, foot[1] - 6 * east)]
    return shape([tip, *barbs], fill, stroke, 1)


def arrow(start: Point, tip: Point, stroke: str = INK, width: float = 2, dash: str = "") -> str:
    """Return a straight line that ends in a filled head."""
    share = 13 / hypot(tip[0] - start[0], tip[1] - start[1])
    foot = (tip[0] - share * (tip[0] - start[0]), tip[1] - share * (tip[1] - start[1]))
    return line([start, foot], stroke, width, dash) + head(tip, start, stroke, stroke=stroke)


def cross(at: Point, arm: float = 9) -> str:
    """Return a saltire in the accent."""
    x, y = at
    return line([(x - arm, y - arm), (x + arm, y + arm)], ACCENT, 3.2) + line(
        [(x - arm, y + arm), (x + arm, y - arm)], ACCENT, 3.2
    )


def _joined(points: Sequence[Point]) -> str:
    """Return the points as SVG writes them."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _stroked(stroke: str, width: float, dash: str = "") -> str:
    """Return the attributes of a stroke, or nothing where nothing is stroked."""
    if stroke == "none":
        return ""
    broken = f' stroke-dasharray="{dash}"' if dash else ""
    return f' stroke="{stroke}" stroke-width="{width}"{broken}'
