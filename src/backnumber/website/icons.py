"""The site's sign as pictures for those that take no SVG: the icon of a telephone's first screen, `favicon.ico`, and the card that
stands beside a shared link. The same books as in `icon.svg`.
"""

from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

OXBLOOD, PAPER = "#7a1f1f", "#fbf9f4"
_FINE = 8  # drawn this much larger, then made small: edges are smooth
_BOOKS = (
    ((7, 6), (11, 6), (11, 26), (7, 26)),
    ((14, 6), (18, 6), (18, 26), (14, 26)),
    ((21.2, 6.6), (25.1, 5.7), (29.4, 25.3), (25.5, 26.2)),
)
_BANDS = (((7, 10), (11, 10)), ((7, 22), (11, 22)), ((14, 10), (18, 10)), ((14, 22), (18, 22)))


def sign(pixels: int) -> Image.Image:
    """Promise: the sign, square, `pixels` wide."""
    scale = pixels * _FINE / 32
    drawn = Image.new("RGB", (pixels * _FINE, pixels * _FINE), OXBLOOD)
    pen = ImageDraw.Draw(drawn)
    for book in _BOOKS:
        pen.polygon([(x * scale, y * scale) for x, y in book], fill=PAPER)
    for band in _BANDS:
        pen.line([(x * scale, y * scale) for x, y in band], fill=OXBLOOD, width=round(1.2 * scale))
    return drawn.resize((pixels, pixels), Image.Resampling.LANCZOS)


def card() -> Image.Image:
    """Promise: 1200 by 630, as the networks show it: the sign on paper between two rules."""
    drawn = Image.new("RGB", (1200, 630), PAPER)
    pen = ImageDraw.Draw(drawn)
    for top, height in ((48, 10), (66, 3), (561, 3), (572, 10)):
        pen.rectangle((60, top, 1139, top + height - 1), fill=OXBLOOD)
    drawn.paste(sign(320), (440, 155))
    return drawn


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "website/touch-icon.png": lambda: sign(180),
    "website/icon-512.png": lambda: sign(512),
    "website/favicon.ico": lambda: sign(48),
    "website/card.png": card,
}


def build(path: str, target: Path) -> None:
    """Promise: the picture of that name at `target`."""
    form = "ICO" if path.endswith(".ico") else "PNG"
    PICTURES[path]().save(
        target, form, **({"sizes": [(16, 16), (32, 32), (48, 48)]} if form == "ICO" else {"optimize": True})
    )
