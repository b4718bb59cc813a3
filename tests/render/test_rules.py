"""How renderings become one text with slots, and when a page turns with the calendar. No database."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from backnumber.access import Anniversary, Asked, FreeWindow, Policy, Wall
from backnumber.edge.render.rules import Disagreement, Marks, joined, next_midnight, turns_at

pytestmark = pytest.mark.usefixtures("no_sockets")

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FILLINGS = st.dictionaries(st.sampled_from(["one", "two", "three"]), st.text(), min_size=1)


def page(marks: Marks, *fillings: tuple[str, str, str]) -> str:
    return "a" + "|".join(marks.around(*filling) for filling in fillings) + "z"


def test_each_choice_is_found_again_and_the_first_rendering_is_the_main_text() -> None:
    marks = Marks()
    text = joined(
        [page(marks, ("gate", "lapsed", "<p>eins</p>")), page(marks, ("gate", "no-account", "<p>zwei</p>"))],
        marks,
    )
    assert text.plain == b"a<p>eins</p>z"
    assert text.filled({}) == b"a<p>eins</p>z"
    (slot,) = text.slots
    assert text.filled({"gate": slot.choices["no-account"]}) == b"a<p>zwei</p>z"
    assert slot.choices["lapsed"] == b"eins", "what all begin and end with stands in the text"


@effort(deadline=None)
@given(FILLINGS, FILLINGS, st.text(), st.text())
def test_any_filling_comes_out_as_it_was_rendered(
    gates: dict[str, str], accounts: dict[str, str], before: str, after: str
) -> None:
    marks = Marks()
    names = [(gate, account) for gate in gates for account in accounts]
    rendered = {
        (gate, account): before
        + marks.around("gate", gate, gates[gate])
        + after
        + marks.around("account", account, accounts[account])
        + before
        for gate, account in names
    }
    text = joined(list(rendered.values()), marks)
    for gate, account in names:
        chosen = {"gate": text.slots[0].choices[gate], "account": text.slots[1].choices[account]}
        assert text.filled(chosen).decode() == before + gates[gate] + after + accounts[account] + before


def test_what_the_front_writes_itself_has_no_choices() -> None:
    marks = Marks()
    text = joined([page(marks, ("note", "", "")), page(marks, ("note", "", "<p>You may</p>"))], marks)
    assert text.slots[0].choices == {}
    assert text.filled({"note": b"<p>By leave</p>"}) == b"a<p>By leave</p>z"


@pytest.mark.parametrize(
    ("one", "two", "why"),
    [
        ("a{gate}z", "a{gate}y", "outside the slots"),
        ("a{gate}z", "{gate}az", "outside the slots"),
        ("a{gate}z", "az", "has slots that another has not"),
        ("a{gate}z", "a{account}z", "has slots that another has not"),
        ("a{gate}z", "a{other gate}z", "filled in two ways"),
        ("a{nested}z", "a{nested}z", "within another"),
    ],
)
def test_renderings_that_disagree_are_refused(one: str, two: str, why: str) -> None:
    marks = Marks()
    parts = {
        "gate": marks.around("gate", "no-account", "shut"),
        "other gate": marks.around("gate", "no-account", "barred"),
        "account": marks.around("account", "in", "shut"),
        "nested": marks.around("gate", "no-account", marks.around("account", "in", "x")),
    }
    with pytest.raises(Disagreement, match=why):
        joined([one.format_map(parts), two.format_map(parts)], marks)


def test_renderings_that_agree_are_not() -> None:
    marks = Marks()
    assert joined([page(marks), page(marks)], marks).plain == b"az"


def asked(**fields: object) -> Asked:
    return Asked(1, 2, 3, date(2026, 11, 1), Policy.SUBSCRIBERS, zone=LONDON, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("what", "turns"),
    [
        (asked(), None),
        (asked(windows=(FreeWindow(NOON + HOUR, NOON + 2 * HOUR, "w"),)), NOON + HOUR),
        (asked(windows=(FreeWindow(NOON - HOUR, NOON + 2 * HOUR, "w"),)), NOON + 2 * HOUR),
        (asked(windows=(FreeWindow(NOON - HOUR, NOON, "w"),)), None),
        (asked(on_sale=NOON + HOUR), NOON + HOUR),
        (asked(on_sale=NOON), None),
        (asked(anniversaries=(Anniversary(5, 4, "a"),)), datetime(2026, 11, 19, tzinfo=UTC)),
        (asked(wall=Wall(paid_after_weeks=4)), datetime(2026, 11, 29, tzinfo=UTC)),
        (asked(wall=Wall(free_after_years=1)), datetime(2027, 11, 1, tzinfo=UTC)),
        (asked(wall=Wall(free_after_years=0)), None),
    ],
)
def test_a_list_turns_when_the_rule_answers_otherwise(what: Asked, turns: datetime | None) -> None:
    assert turns_at(what, NOON) == turns


def test_midnight_is_the_publishers() -> None:
    summer = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert next_midnight(summer, LONDON) == datetime(2026, 7, 1, 23, tzinfo=UTC)
    assert next_midnight(summer + HOUR, LONDON) == datetime(2026, 7, 2, 23, tzinfo=UTC)
