"""What a reading makes of whole sentences: anchors, glosses, masks, people, places, focus."""

import json
from datetime import date

import pytest

from backnumber.chronology import Block, Kind, Weight, formats, read


def times(text: str, printed: date | None = None) -> list[tuple[str, str]]:
    return [(f.text, f.edtf) for f in read(text, printed=printed).findings if f.kind is Kind.TIME]


def named(text: str, kind: Kind) -> list[tuple[str, str]]:
    return [(f.text, f.key) for f in read(text).findings if f.kind is kind]


@pytest.mark.parametrize(
    ("text", "edtfs"),
    [
        ("War began in 1701. In June 1704 he marched; on 2 July he won.", ["1701", "1704-06", "1704-07-02"]),
        ("On 13 August 1704 he won. Two days later they fled.", ["1704-08-13", "1704-08-15"]),
        ("In November 1941 it froze. In January it snowed.", ["1941-11", "1942-01"]),
        ("He landed in 1066. Ten years later he was dead; that year his son ruled.", ["1066", "1076", "1076"]),
        ("In the summer of 1415 he sailed. The following spring he returned.", ["1415-22", "1416-21"]),
        ("It began in 1348. The previous century had been kinder.", ["1348", "1201/1300"]),
        ("On 5 December 1941 it attacked. The next day more came; on the 8th it rained.", ["1941-12-05", "1941-12-06", "1941-12-08"]),
        ("War came in 431 BC. In 430 plague struck; from 415 to 413 they fought.", ["-0430", "-0429", "-0414/-0412"]),
        ("By January 1712 talks opened; three months later they failed.", ["../1712-01", "1712-04"]),
        ("It was 1216, and at Michaelmas he died.", ["1216", "1216-09-29"]),
    ],
)  # fmt: skip
def test_what_leans_on_an_earlier_time_is_settled_by_it(text: str, edtfs: list[str]) -> None:
    assert [edtf for _, edtf in times(text)] == edtfs


def test_a_label_that_the_text_dates_means_that_further_on() -> None:
    found = times("The Cod War (1958-61) was long. Nobody liked the Cod War.")
    assert found == [("1958-61", "1958/1961"), ("Cod War", "1958/1961")]


def test_the_issue_settles_only_words_that_point_at_it_and_they_are_no_part_of_the_narrative() -> None:
    reading = read(
        "Rome fell in 476. Last year a book appeared; that year was hard.", printed=date(1957, 3, 1)
    )
    assert [(f.edtf, f.narrative) for f in reading.findings if f.kind is Kind.TIME] == [
        ("0476", True),
        ("1956", False),
        ("0476", True),
    ]
    assert reading.focus.hi == 476


@pytest.mark.parametrize(
    "text",
    ["See p. 1415 and vol. 1750.", "It cost £1,500 and 1600 men died.", "MS Harl. 1498; Add. MSS 1234.", "Some 1200 ships of 1500 tons.", "At 1430 hours, 12.30 p.m.",
     "Flight 1549 and Route 1066.", "She may march in spring cleaning.", "Telephone 1841.", "There were 1914 of them, No. 1745."],
)  # fmt: skip
def test_pages_money_quantities_and_marks_are_no_times(text: str) -> None:
    assert times(text) == []


@pytest.mark.parametrize(
    "text",
    ["(London, 1829)", "printed at Oxford, 8vo. 1720", "the 1604 edition", "(Oxford University Press, 1987)"],
)
def test_the_year_of_an_edition_is_no_part_of_the_narrative(text: str) -> None:
    assert [f.narrative for f in read(text).findings if f.kind is Kind.TIME] == [False]


def test_two_events_of_one_name_are_told_apart_by_the_years_beside_them() -> None:
    assert named("In 1783 peace came with the Treaty of Paris.", Kind.EVENT) == [
        ("Treaty of Paris", "event:treaty-of-paris-1783")
    ]
    assert named("In 1763 peace came with the Treaty of Paris.", Kind.EVENT) == [
        ("Treaty of Paris", "event:treaty-of-paris")
    ]


def test_people_are_found_by_table_title_given_name_and_dates_in_brackets() -> None:
    text = "Henry VIII met Sir John Hawkwood, Thomas Wright, the Duke of Norfolk and Aethelwold Fitch (1480-1541)."
    keys = [key for _, key in named(text, Kind.PERSON)]
    assert keys == [
        "person:henry-viii",
        "person:sir-john-hawkwood",
        "person:thomas-wright",
        "person:duke-of-norfolk",
        "person:aethelwold-fitch",
    ]


def test_a_former_name_of_a_place_is_the_place() -> None:
    assert named("He sailed from Danzig to Stamboul.", Kind.PLACE) == [
        ("Danzig", "place:gdansk"),
        ("Stamboul", "place:constantinople"),
    ]


def test_a_place_is_on_the_map_only_where_the_words_are_sure() -> None:
    def points(text: str) -> list[float | None]:
        return [f.latitude for f in read(text).findings if f.kind is Kind.PLACE]

    assert points("He lived in Lincoln.") == [53.23]
    assert not any(points("Lord Lincoln and the Earl of Derby dined."))
    assert not any(points("Abraham Lincoln spoke."))


def test_a_battlefield_is_where_the_battle_was() -> None:
    [place] = [f for f in read("He fell at the Battle of Hastings.").findings if f.kind is Kind.PLACE]
    assert (place.text, place.latitude, place.rule) == ("Hastings", 50.912, "battlefield")


def test_organisations() -> None:
    text = "The East India Company, the Royal Society and the University of Oxford"
    assert [key for _, key in named(text, Kind.ORGANISATION)] == [
        "organisation:east-india-company", "organisation:royal-society", "organisation:university-of-oxford",
    ]  # fmt: skip


def test_the_focus_weighs_the_headline_more_than_a_note() -> None:
    focus = read(
        [
            Block("Agincourt, 1415", Weight.TITLE),
            Block("Henry V won."),
            Block("In 1829 Nicolas wrote.", Weight.NOTE),
        ]
    ).focus
    assert (focus.spans[0].edtf, focus.lo, focus.hi) == ("1415", 1415, 1415)
    assert focus.subjects[0].key == "person:henry-v"
    assert sum(span.weight for span in focus.spans) == pytest.approx(1, abs=0.01)


def test_an_empty_text_tells_of_nothing() -> None:
    assert read("").findings == ()
    assert read([]).focus.lo is None


def test_json_lines_hold_every_field() -> None:
    [line] = [json.loads(each) for each in formats.json_lines(read("in 44 BC")).splitlines()]
    assert (line["text"], line["edtf"], line["lo"], line["hi"], line["kind"]) == (
        "44 BC",
        "-0043",
        -43,
        -43,
        "time",
    )
    assert {"start", "end", "calendar", "rule", "confidence", "label", "key", "narrative"} <= line.keys()


def test_marked_text_escapes_and_nests() -> None:
    found = formats.marked(read("<b> & the Battle of Hastings"))
    assert found.startswith("&lt;b&gt; &amp; the <mark ")
    assert found.count("<mark ") == found.count("</mark>") == 3


def test_timex_tags_say_what_timeml_says() -> None:
    out = formats.timeml(read("Until 1829, in 1914-18, 44 BC, the 19th century, late 1941, the 1930s"))
    for value in (
        'value="1829" mod="BEFORE">1829<',
        'value="1914">1914<',
        'value="1918">18<',
        'value="BC0044">',
        'value="18">',
        'value="1941" mod="END">',
        'value="193">',
    ):
        assert value in out
