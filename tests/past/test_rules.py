"""What is listed, where an editor's word belongs, which spans count a time: by table, without a database."""

import pytest

from backnumber.archive.parts import Part
from backnumber.past import rules
from backnumber.past.rules import Found, Said
from backnumber.past.words import Unclear, of_span, of_years, typed_year


@pytest.mark.parametrize(
    ("typed", "year"),
    [("1340", 1340), (" 44 BC ", -43), ("44 b.c.", -43), ("1 BC", 0), ("AD 9", 9), ("9 AD", 9), ("-43", -43), ("−43", -43), ("3000 BCE", -2999)],
)  # fmt: skip
def test_a_year_is_understood_as_people_write_it(typed: str, year: int) -> None:
    assert typed_year(typed) == year


@pytest.mark.parametrize("typed", ["0", "0 BC", "soon", "13 40", "12345", "9999", "4O BC", "१३४०x"])
def test_what_is_no_year_is_refused_with_what_would_be(typed: str) -> None:
    with pytest.raises(Unclear, match=r"1340|no year 0"):
        typed_year(typed)


@pytest.mark.parametrize(
    ("years", "words"),
    [((1340, 1361), "1340–1360"), ((1348, 1349), "1348"), ((-43, -42), "44 BC"), ((-43, -28), "44–30 BC"), ((-9, 15), "10 BC–AD 14"),
     ((1850, None), "from 1850"), ((None, 1850), "to 1849"), ((None, None), "always"), ((0, 1), "1 BC"), ((9, 10), "AD 9")],
)  # fmt: skip
def test_years_are_said_as_people_say_them(years: rules.Years, words: str) -> None:
    assert of_years(*years) == words


@pytest.mark.parametrize(
    ("unit", "year", "name"),
    [(100, 1348, "14th century"), (100, 9, "1st century AD"), (100, 0, "1st century BC"), (100, -99, "1st century BC"), (100, -100, "2nd century BC"),
     (10, 1348, "1340s"), (10, 0, "10–1 BC"), (10, 4, "AD 1–9"), (1000, -3200, "4th millennium BC"), (1, -43, "44 BC"), (1, 0, "1 BC")],
)  # fmt: skip
def test_a_span_is_called_as_people_call_it(unit: int, year: int, name: str) -> None:
    assert of_span(unit, rules.span_of(unit, year)) == name


def test_every_year_is_in_the_bounds_of_its_span_and_spans_follow_each_other() -> None:
    for unit in rules.UNITS:
        for year in range(-2100, 2100):
            lo, hi = rules.bounds(unit, rules.span_of(unit, year))
            assert lo <= year < hi
            assert rules.span_of(unit, hi) == (hi if hi != 1 or unit == 1 else 0)


def test_a_time_counts_in_every_span_it_meets_but_not_in_spans_much_narrower() -> None:
    assert rules.spans([(1348, 1351)]) == {
        (1000, 1000), (100, 1300), (10, 1340), (10, 1350), (1, 1348), (1, 1349), (1, 1350),
    }  # fmt: skip
    middle_ages = rules.spans([(500, 1500)])
    assert (100, 900) in middle_ages
    assert not [span for span in middle_ages if span[0] < 100]
    assert rules.spans([(1850, None)]) == set()


def test_spans_come_back_from_the_numbers_they_are_kept_as() -> None:
    spans = rules.spans([(-43, -42), (0, 1), (1348, 1351)])
    assert set(rules.unnumbered(rules.numbered(spans))) == spans


def test_the_focus_leaves_out_what_is_far_from_the_rest() -> None:
    times: list[tuple[rules.Years, int]] = (
        [((1348, 1349), 1)] * 4 + [((1350, 1351), 1)] * 4 + [((1990, 1991), 1)]
    )
    assert rules.focus(times) == (1348, 1351)
    assert rules.focus([((1, 1900), 5), ((1850, None), 2)]) is None


@pytest.mark.parametrize(
    ("headline", "standfirst", "asked"),
    [
        ("Was Chamberlain wrong?", "A debate.", "Was Chamberlain wrong?"),
        ("The Fleet", "It left in 1433. What had it been doing there?", "What had it been doing there?"),
        ("The Fleet", "It left in 1433.", ""),
        ("“Who goes there?”", "", "“Who goes there?”"),
    ],
)
def test_a_question_is_found_in_headline_or_standfirst(headline: str, standfirst: str, asked: str) -> None:
    assert rules.question(headline, standfirst) == asked


def test_a_sentence_is_cut_out_whole() -> None:
    text = "It began badly. In 1348 the plague reached Dorset. Nobody knew why."
    at = text.index("1348")
    assert rules.sentence(text, at, at + 4) == "In 1348 the plague reached Dorset."


# An editor's word.

TEXT = "In the spring Wellington wrote home. Much later Wellington, the town in New Zealand, was founded."
FIRST, SECOND = (at for at in range(len(TEXT)) if TEXT.startswith("Wellington", at))


def said(at: int, verdict: str = "mended", text: str = TEXT) -> Said:
    before, after = rules.neighbours(text, at, at + 10)
    return Said("person", "Wellington", before, after, verdict, "person:arthur-wellesley", "Arthur Wellesley")


def found_in(text: str) -> list[Found]:
    starts = [at for at in range(len(text)) if text.startswith("Wellington", at)]
    return [Found(0, at, at + 10, "Wellington", "person", "person:wellington", "Wellington") for at in starts]


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "A new opening sentence. " + TEXT,
        TEXT.replace("In the spring", "In that cold spring"),
        TEXT.replace("wrote home", "wrote to his brother"),
        TEXT.replace("In the spring Wellington wrote home.", "Wellington, in spring, wrote home again."),
    ],
)
@pytest.mark.parametrize("which", [0, 1])
def test_a_word_stays_with_its_place_when_words_around_it_change(text: str, which: int) -> None:
    parts = [Part(text, "body", False)]
    result = rules.with_words(parts, found_in(text), [said((FIRST, SECOND)[which])])
    assert [one.status for one in result] == (["mended", ""] if which == 0 else ["", "mended"])
    assert result[which].label == "Arthur Wellesley"


def test_a_word_about_text_that_is_gone_says_nothing() -> None:
    parts = [Part("Nothing of him.", "body", False)]
    assert rules.with_words(parts, [], [said(FIRST)]) == []


def test_what_an_editor_accepted_is_found_though_no_rule_finds_it_any_more() -> None:
    parts = [Part(TEXT, "body", False)]
    (one,) = rules.with_words(parts, [], [said(FIRST, "accepted")])
    assert (one.start, one.status, one.rule) == (FIRST, "accepted", "editor")


def test_what_was_dismissed_is_shown_no_more_and_is_not_found_by_its_word_alone() -> None:
    parts = [Part(TEXT, "body", False)]
    result = rules.with_words(parts, found_in(TEXT), [said(FIRST, "dismissed")])
    assert [one.start for one in rules.shown(result)] == [SECOND]
    assert rules.with_words(parts, [], [said(FIRST, "dismissed")]) == []


def test_a_word_spreads_to_the_same_words_elsewhere_as_unverified() -> None:
    spread = rules.unverified(found_in(TEXT), [said(FIRST)])
    assert {(one.label, one.status) for one in spread} == {("Arthur Wellesley", "unverified")}
    own = rules.with_words([Part(TEXT, "body", False)], found_in(TEXT), [said(FIRST, "dismissed")])
    assert [one.status for one in rules.unverified(own, [said(FIRST)])] == ["dismissed", "unverified"]
