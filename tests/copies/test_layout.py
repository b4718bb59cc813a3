"""A house's profile: what a line may hold, and the bytes that come of it. A line that does not fit is named, never bent."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from backnumber.copies.layout import FIELDS, BadLayout, Layout, breaches, columns_of, written
from backnumber.copies.models import DEFAULT_COLUMNS
from backnumber.copies.rules import Address, address_of, bundle_of, envelope, next_cut_off, postal_area

PLAIN = Layout(columns_of(DEFAULT_COLUMNS), ",", "needed", "utf-8", True)
ROW = dict.fromkeys(FIELDS, "") | {
    "number": "HG-1",
    "name": "Ann Archer",
    "line1": "4 Stonegate Court",
    "town": "York",
    "postcode": "YO1 7HH",
    "country": "United Kingdom",
    "copies": "1",
}


def told(layout: Layout, lines: int = 1, **fields: str) -> list[str]:
    return [one.what for one in breaches(layout, ROW | fields, lines)]


def test_a_line_that_fits_is_not_named() -> None:
    assert told(PLAIN) == []


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", " ="])
def test_what_a_spreadsheet_takes_for_a_formula_is_named(sign: str) -> None:
    assert "formula" in told(PLAIN, name=f"{sign}HYPERLINK(1)")[0]


@pytest.mark.parametrize(
    ("layout", "fields", "lines", "says"),
    [
        (PLAIN, {"town": ""}, 1, "no post town"),
        (PLAIN, {}, 5, "5 lines before the town, the file 4"),
        (PLAIN, {"name": "Ann\nArcher"}, 1, "line break"),
        (replace(PLAIN, quoting="none"), {"line1": "Flat 2, 4 Stonegate"}, 1, "takes no quotation"),
        (replace(PLAIN, quoting="none"), {"name": 'Ann "Annie" Archer'}, 1, "takes no quotation"),
        (replace(PLAIN, encoding="cp1252"), {"town": "Łódź"}, 1, "“Ł”"),
        (replace(PLAIN, encoding="ascii"), {"town": "Köln"}, 1, "“ö”"),
    ],
)
def test_a_line_that_breaks_the_profile_is_named(
    layout: Layout, fields: dict[str, str], lines: int, says: str
) -> None:
    [what] = told(layout, lines, **fields)
    assert says in what


def test_a_column_that_is_too_short_is_named() -> None:
    short = replace(PLAIN, columns=columns_of(DEFAULT_COLUMNS.replace("Name: name", "Name: name, at most 5")))
    assert told(short) == ["Name has 10 characters, the file 5: “Ann Archer”"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoting", ["needed", "all", "none"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "ascii"])
def test_what_fits_is_read_as_it_was(separator: str, quoting: str, encoding: str) -> None:
    layout = Layout(PLAIN.columns, separator, quoting, encoding, True)
    text = written(layout, [ROW, ROW | {"number": "HG-2"}]).decode(encoding)
    read = list(csv.DictReader(io.StringIO(text), delimiter=separator))
    assert [(row["Number"], row["Address 1"], row["Post town"]) for row in read] == [
        ("HG-1", "4 Stonegate Court", "York"),
        ("HG-2", "4 Stonegate Court", "York"),
    ]
    assert ('"' in text) == (quoting == "all")
    assert text.count("\r\n") == 3


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ("Number number", "Line 1: write"),
        ("Number: numbr", "there is no field “numbr”"),
        ("Number: number\nName: name", "copies, country, postcode, town"),
        (DEFAULT_COLUMNS.replace("Address 2", "Address 1"), "same heading"),
    ],
)
def test_columns_that_cannot_be_read_are_refused(columns: str, says: str) -> None:
    with pytest.raises(BadLayout, match=says):
        columns_of(columns)


@pytest.mark.parametrize(
    ("text", "postcode", "country", "label"),
    [
        ("4 Stonegate Court\nYork", "YO1 7HH", "GB", ["Ann", "4 Stonegate Court", "YORK", "YO1 7HH"]),
        ("Hauptstraße 1\nBerlin", "10115", "DE", ["Ann", "Hauptstraße 1", "10115 Berlin", "GERMANY"]),
        (
            "1 Beacon Street\nBoston, MA",
            "02108",
            "US",
            ["Ann", "1 Beacon Street", "Boston, MA 02108", "UNITED STATES"],
        ),
        ("1 rue Dauphine\nParis", "75001", "FR", ["Ann", "1 rue Dauphine", "75001 Paris", "FRANCE"]),
        ("Flat 2\n1 Connaught Road\nHong Kong", "", "HK", ["Ann", "Flat 2", "1 Connaught Road", "Hong Kong", "HONG KONG SAR CHINA"]),
    ],
)  # fmt: skip
def test_a_label_is_written_as_its_country_writes(
    text: str, postcode: str, country: str, label: list[str]
) -> None:
    assert envelope("Ann", address_of(text, postcode, country), "GB") == label


def test_a_single_line_is_no_post_town() -> None:
    assert address_of("The Lodge", "YO1 7HH", "GB") == Address(("The Lodge",), "", "YO1 7HH", "GB")


@pytest.mark.parametrize(
    ("postcode", "country", "area"),
    [("SW1A 1AA", "GB", "SW"), ("E1 6AN", "GB", "E"), ("BFPO 61", "GB", "BFPO"), ("JE2 3AB", "JE", "JE"), ("?", "GB", "GB"), ("10115", "DE", "DE")],
)  # fmt: skip
def test_the_post_sorts_by_area(postcode: str, country: str, area: str) -> None:
    assert postal_area(postcode, country) == area
    assert bundle_of(postcode, country, by_area=True).endswith(f" {area}")
    assert " " not in bundle_of(postcode, country, by_area=False)


def test_the_next_cut_off_is_planned_or_as_far_away_as_the_last() -> None:
    this = date(2026, 8, 20)
    assert next_cut_off(this, date(2026, 9, 18), date(2026, 7, 20)) == date(2026, 9, 18)
    assert next_cut_off(this, None, date(2026, 7, 20)) == date(2026, 9, 20)
    assert next_cut_off(this, None, None) == date(2026, 9, 19)
