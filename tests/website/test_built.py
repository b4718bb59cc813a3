"""What is made when static files are collected: one style sheet, four fonts, small enough."""

import zlib
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

from backnumber.website import fonts, static_build


def test_the_style_sheet_is_one_and_small() -> None:
    sheet = static_build.style_sheet()
    assert "/*" not in sheet
    assert sheet.count("{") == sheet.count("}")
    assert len(zlib.compress(sheet.encode(), 9)) < 30_000


def test_both_colour_schemes_have_the_same_colours() -> None:
    light, dark = (part.split("}")[0] for part in static_build.style_sheet().split(":root {")[1:3])
    named = {line.split(":")[0] for line in dark.splitlines() if line.startswith("--")}
    assert len(named) > 6
    assert named <= {line.split(":")[0] for line in light.splitlines() if line.startswith("--")}


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("--ink", "--paper"),
        ("--ink-quiet", "--paper-shade"),
        ("--accent", "--paper"),
        ("--on-accent", "--accent"),
    ],
)
def test_text_stands_out_seven_to_one(ink: str, paper: str) -> None:
    for scheme in static_build.style_sheet().split(":root {")[1:3]:
        colours = dict(
            line.rstrip(";").split(": ")
            for line in scheme.split("}")[0].splitlines()
            if line.startswith("--") and "#" in line
        )
        assert contrast(colours[ink], colours[paper]) >= 7


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_fonts_and_style_sheet_are_found_as_static_files() -> None:
    for path in (static_build.SHEET, *static_build.FONTS):
        found = finders.find(path)
        assert isinstance(found, str)
        assert Path(found).stat().st_size > 1000
    assert not finders.find("website/fonts/none.woff2")


@pytest.mark.parametrize("face", fonts.FACES)
def test_a_font_is_small_bears_our_name_and_keeps_its_figures(face: str) -> None:
    path = static_build.build(f"website/fonts/{face}")
    assert path.stat().st_size < 50_000
    font = TTFont(path)
    assert {record.toUnicode() for record in font["name"].names if record.nameID in {1, 16}} == {fonts.NAME}
    features = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
    assert {"onum", "lnum", "tnum", "liga", "sups"} <= features
    assert "italic" in face or "smcp" in features
    assert "italic" in face or 0x25A0 in font.getBestCmap()
    assert set(map(ord, "Aéßłűþœ“”–—…£€½")) <= set(font.getBestCmap())
