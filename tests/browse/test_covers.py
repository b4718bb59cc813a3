"""Covers drawn by code: the same for the same issue, light, legible, and different from their neighbours."""

import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

import backnumber.website
from backnumber.archive.models import Issue
from backnumber.website import covers
from tests import making

SHEET = Path(backnumber.website.__file__).parent / "css" / "82-covers.css"


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", covers.SCHEMES)
@pytest.mark.parametrize("decade", covers.PALETTES)
def test_the_words_of_every_cover_can_be_read(decade: int, scheme: str) -> None:
    assert contrast(*covers.grounds(covers.PALETTES[decade], scheme)) >= 7


def test_the_style_sheet_has_the_colours_of_the_drawings() -> None:
    rule = r"\.palette-(\d+) \{ --c-paper: (\S+); --c-ink: (\S+); --c-deep: (\S+); --c-tint: (\S+); \}"
    found = {int(decade): colours for decade, *colours in re.findall(rule, SHEET.read_text())}
    assert found == {d: [p.paper, p.ink, p.deep, p.tint] for d, p in covers.PALETTES.items()}


def test_every_decade_has_colours_of_its_own() -> None:
    assert len(set(covers.PALETTES.values())) == len(covers.PALETTES)
    assert set(range(1840, 2030, 10)) == set(covers.PALETTES)


@settings(deadline=None)
@given(
    st.text(alphabet="abc-", min_size=1, max_size=12),
    st.dates(date(1700, 1, 1), date(2199, 1, 1)),
    st.integers(0, 9),
    st.booleans(),
)
def test_a_cover_is_light_wellformed_and_without_words(
    title: str, day: date, position: int, has_lines: bool
) -> None:
    drawn = covers.svg(covers.drawing(title, day, position, has_lines))
    assert len(drawn) < 12 * 1024
    root = ElementTree.fromstring(drawn)  # noqa: S314  # our own drawing
    assert not [
        e
        for e in root.iter()
        if e.tag.endswith(("text", "script", "foreignObject")) or (e.text or "").strip()
    ]


def test_an_issue_has_the_same_cover_on_every_machine() -> None:
    covers.svg.cache_clear()
    one = covers.drawing("the-hourglass", date(1951, 1, 1), 0, True)
    assert covers.svg(one) == covers.svg.__wrapped__(one)
    assert covers.version(one) == "0f87ae1672", "raise covers.DRAWN when a drawing changes, and pin it here"


def test_two_issues_of_one_family_are_not_alike() -> None:
    drawn = [covers.drawing("the-hourglass", date(year, 1, 1), 0, True) for year in range(1951, 2027)]
    assert len({covers.svg(one) for one in drawn}) == len(drawn)


@pytest.mark.parametrize("days", [7, 14, 30.44, 60.88, 91.31, 182.6, 365.25])
def test_neighbours_differ_in_ornament_and_colours(days: float) -> None:
    """A weekly, a fortnightly, a monthly and so on to a yearly."""
    issues = [date(1960, 1, 3) + timedelta(days=days * n) for n in range(60)]
    if days > 30:
        issues = [
            day.replace(day=1) for day in (date(1960, 1, 15) + timedelta(days=days * n) for n in range(60))
        ]
    drawn = [covers.drawing("the-hourglass", day, 0, True) for day in issues]
    for one, other in pairwise(drawn):
        assert one.family != other.family
        assert one.scheme != other.scheme


def test_a_sister_title_looks_different() -> None:
    layouts = [
        covers.drawing("the-hourglass", date(1999, 9, 1), position, True).layout for position in range(3)
    ]
    assert len(set(layouts)) == 3


@pytest.mark.django_db
def test_the_drawing_is_kept_by_caches_and_asked_for_once() -> None:
    making.issue(date(1999, 9, 1))
    page = Client().get("/archive/the-hourglass/1999/september/").content.decode()
    address = re.search(r'src="(/covers/the-hourglass/1999/september\.svg\?v=[0-9a-f]{10})"', page)
    assert address is not None
    response = Client().get(address[1])
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    again = Client().get(address[1], headers={"if-none-match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (
        "immutable"
        not in Client().get("/covers/the-hourglass/1999/september.svg?v=0").headers["Cache-Control"]
    )


@pytest.mark.django_db
def test_a_draft_issue_has_no_cover_yet() -> None:
    making.issue(date(1999, 9, 1), live=False)
    assert Client().get("/covers/the-hourglass/1999/september.svg").status_code == 404
    Issue.objects.update(live=True)
    assert Client().get("/covers/the-hourglass/1999/september.svg").status_code == 200


@pytest.mark.django_db
def test_a_cover_shows_what_is_printed_on_it_and_no_more_than_three_lines() -> None:
    making.issue(date(1999, 9, 1), cover_lines="One <b>\nTwo\n\nThree\nFour")
    page = Client().get("/archive/the-hourglass/1999/september/").content.decode()
    assert re.findall(r'class="cover-line">([^<]*)<', page) == ["One &lt;b&gt;", "Two", "Three"]
    assert re.findall(r'class="cover-(?:masthead|date|number)">([^<]*)<', page) == [
        "The Hourglass",
        "September 1999",
        "Vol. 49, No. 9",
    ]
