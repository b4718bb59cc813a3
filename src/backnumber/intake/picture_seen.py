"""A picture of a page: its file, what is said of it, and where a larger one of it lies. Knows no Django."""

import re

from backnumber.intake.markup import Element
from backnumber.intake.reading import PictureSeen

_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp)(?:[?#]|$)", re.IGNORECASE)
_LATER = ("data-src", "data-lazy-src", "data-original", "data-orig-file")  # of pages that load pictures late


def picture_of(element: Element) -> PictureSeen:
    """Promise: what an `img` shows. The file that a link round it leads to, and the largest of its sizes, are its originals."""
    src = (element.get("src") or "").strip()
    later = next((value for name in _LATER if (value := (element.get(name) or "").strip())), "")
    if later and (not src or src.lower().startswith("data:")):
        src, later = later, ""
    link = next((a.get("href") or "" for a in element.iterancestors("a")), "").strip()
    found = [link if _PICTURE.search(link) else "", *_sizes(element.get("srcset") or ""), later]
    originals = tuple(dict.fromkeys(address for address in found if address and address != src))
    return PictureSeen(src, (element.get("alt") or "").strip(), originals=originals)


def _sizes(srcset: str) -> list[str]:
    """The addresses of a `srcset`, the largest first."""
    sized = [part.split() for part in srcset.split(", ") if part.strip()]
    widths = [
        (int(part[1][:-1]), part[0])
        for part in sized
        if len(part) == 2 and re.fullmatch(r"\d{1,6}w", part[1])
    ]
    return [address for _, address in sorted(widths, reverse=True)]
