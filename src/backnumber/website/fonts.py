"""The site's serif, cut down to what a history magazine prints, as WOFF2. Built when static files are
collected, never committed.

Source Serif is under the SIL Open Font Licence with the reserved name "Source": a cut-down copy must bear
another, here "Backnumber Serif".
"""

from importlib.resources import files
from pathlib import Path
from typing import Any

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

NAME = "Backnumber Serif"
FACES = {
    "serif-regular.woff2": "SourceSerifPro-Regular.otf",
    "serif-italic.woff2": "SourceSerifPro-It.otf",
    "serif-semibold.woff2": "SourceSerifPro-Semibold.otf",
    "serif-light.woff2": "SourceSerifPro-Light.otf",
}
LICENCE = "OFL.txt"
FEATURES = [
    "c2sc",
    "ccmp",
    "dnom",
    "frac",
    "kern",
    "liga",
    "lnum",
    "locl",
    "mark",
    "mkmk",
    "numr",
    "onum",
    "pnum",
    "smcp",
    "sups",
    "tnum",
]
CHARACTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),  # Latin-1 and Latin Extended-A: the languages of Europe
    *range(0x1CD, 0x1DD),  # pinyin
    0x192,
    *range(0x218, 0x21C),
    *range(0x2B9, 0x2DE),  # primes and half rings of transliterated Russian and Arabic
    *range(0x300, 0x305),
    *range(0x1E00, 0x1EFA),  # dots and macrons below: Arabic, Indian languages, Vietnamese
    *range(0x2010, 0x2028),
    0x2030,
    *range(0x2032, 0x2034),
    *range(0x2039, 0x203B),
    0x2044,
    *range(0x2070, 0x208F),
    *range(0x20A0, 0x20C0),
    *range(0x2116, 0x2118),
    0x2122,
    *range(0x2150, 0x215F),
    *range(0x2190, 0x219A),
    0x2212,
    0x2215,
    0x25A0,
    0x25C6,
]
_NAMES_SHOWN = {1, 3, 4, 6, 16, 18, 21}


def build(face: str, into: Path) -> None:
    """Promise: the face of `FACES`, or the licence, as a whole file at `into`. Errors: KeyError for another
    name.
    """
    source = files("font_source_serif_pro") / "files"
    if face == LICENCE:
        into.write_bytes((source / "LICENSE.txt").read_bytes())
        return
    with (source / FACES[face]).open("rb") as file:
        font = TTFont(file)
        subsetter = Subsetter(_options())
        subsetter.populate(unicodes=CHARACTERS)
        subsetter.subset(font)
        _rename(font)
        font.flavor = "woff2"
        font.save(into)


def _options() -> Any:
    options = Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.desubroutinize = True
    options.name_IDs = ["*"]
    options.notdef_outline = True
    return options


def _rename(font: Any) -> None:
    for record in font["name"].names:
        if record.nameID in _NAMES_SHOWN:
            record.string = NAME.replace(" ", "") if record.nameID == 6 else NAME
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames = [NAME.replace(" ", "")]
        top = cff.topDictIndex[0]
        top.FamilyName = top.FullName = NAME
