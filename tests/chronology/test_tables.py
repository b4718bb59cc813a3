"""The tables a historian can extend: every line can be read, and names a source that is listed."""

import pytest

from backnumber.chronology import data

TABLES = (
    "periods.tsv",
    "events.tsv",
    "rulers.tsv",
    "feasts.tsv",
    "people.tsv",
    "organisations.tsv",
    "places.tsv",
)


@pytest.mark.parametrize("name", TABLES)
def test_every_line_names_a_source_that_is_listed(name: str) -> None:
    sources = {row["key"] for row in data.table("sources.tsv")}
    assert [row["names"] for row in data.table(name) if row["source"] not in sources] == []


def test_every_span_runs_forwards() -> None:
    for phrases in (data.periods(), data.rulers()[0]):
        for meanings in phrases.by_phrase.values():
            for meaning in meanings:
                lo, hi = meaning.span.first_year, meaning.span.last_year
                assert lo is None or hi is None or lo <= hi, meaning


def test_every_place_lies_on_the_earth() -> None:
    for meanings in data.places().by_phrase.values():
        for place in meanings:
            assert place.latitude is None or -90 <= place.latitude <= 90
            assert place.longitude is None or -180 <= place.longitude <= 180


def test_there_are_hundreds_of_each_sort_of_place_of_the_past() -> None:
    sorts = [row["sort"] for row in data.table("places.tsv")]
    assert all(sorts.count(sort) >= 200 for sort in ("former", "region", "realm", "battlefield"))


def test_two_events_never_share_a_key() -> None:
    spans: dict[str, set[str]] = {}
    for meanings in data.periods().by_phrase.values():
        for period in meanings:
            spans.setdefault(period.key, set()).add(period.span.edtf)
    assert [key for key, found in spans.items() if len(found) > 1] == []
