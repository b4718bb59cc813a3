"""Who is owed a copy of an issue: by dates or by issues, gifts, extra copies, pauses, other addresses, terms that follow one another."""

from datetime import date, timedelta

import pytest

from backnumber.archive.models import Issue
from backnumber.circulation.models import PrintSubscription
from backnumber.circulation.service import begin_print_subscription, change_address, end_print_subscription
from backnumber.copies import service
from backnumber.copies.models import Copy, Label, OtherAddress, Pause, Profile
from backnumber.readers.models import Reader
from tests import making
from tests.copies.making import NOW, frozen, mailing, names, opened, rows, subscriber

pytestmark = pytest.mark.django_db
CUT_OFF = date(2026, 8, 20)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_owed"),
    [
        (CUT_OFF, CUT_OFF + 90 * DAY, True),
        (CUT_OFF + DAY, CUT_OFF + 90 * DAY, False),
        (CUT_OFF - 90 * DAY, CUT_OFF, True),
        (CUT_OFF - 90 * DAY, CUT_OFF - DAY, False),
    ],
)
def test_the_cut_off_lies_within_the_term_of_who_gets_the_issue(
    september: Issue, starts_on: date, ends_on: date, is_owed: bool
) -> None:
    subscriber("HG-1", starts_on=starts_on, ends_on=ends_on)
    draft = service.draft(opened(september, CUT_OFF))
    assert len(draft.lines) == is_owed


def test_nobody_whose_term_is_over_is_in_the_list(september: Issue, ann: PrintSubscription) -> None:
    subscriber("HG-3", ends_on=CUT_OFF - DAY)
    subscriber("HG-4", status="lapsed", ends_on=CUT_OFF - DAY)
    subscriber("HG-5", status="cancelled")
    ended = subscriber("HG-6", order_key="order-6")
    end_print_subscription("order-6", on=CUT_OFF - DAY)
    run = frozen(september, CUT_OFF)
    assert [row["Name"] for row in rows(mailing(run))] == ["Ann Archer"]
    assert not Copy.objects.filter(subscription=ended).exists()


def test_everybody_is_in_the_list_and_not_only_the_first_few(september: Issue) -> None:
    everybody = {subscriber(f"HG-{n}", name=f"Reader {n:04d}").number for n in range(2500)}
    run = frozen(september)
    file = rows(mailing(run))
    assert len(file) == 2500 == run.copies
    assert {row["Number"] for row in file} == everybody


def test_a_gift_goes_to_its_recipient_and_the_donor_is_another_field(
    september: Issue, house: Profile
) -> None:
    house.columns += "\nGift of: given_by"
    house.save()
    subscriber("HG-1", name="Niece Nora", given_by="Aunt Agnes")
    [row] = rows(mailing(frozen(september)))
    assert (row["Name"], row["Gift of"]) == ("Niece Nora", "Aunt Agnes")
    assert Label.objects.get().name == "Niece Nora"


def test_extra_copies_go_on_one_label_that_says_how_many(september: Issue) -> None:
    subscriber("HG-1", copies=3)
    run = frozen(september)
    assert [row["Copies"] for row in rows(mailing(run))] == ["3"]
    assert list(Copy.objects.values_list("number", flat=True).order_by("number")) == [1, 2, 3]


def test_a_term_in_issues_ends_with_the_last_of_them(september: Issue) -> None:
    subscriber("HG-1", issues=2, ends_on=date(2026, 8, 21))
    for month, is_owed, last in ((9, True, False), (10, True, True), (11, False, False)):
        issue = (
            september
            if month == 9
            else making.issue(date(2026, month, 1), of=september.title, number=str(month))
        )
        run = opened(issue, date(2026, month - 1, 20))
        draft = service.draft(run)
        assert [line.is_last for line in draft.lines] == [last] * is_owed
        if is_owed:
            service.freeze(run, by=None, now=NOW)


def test_the_last_issue_of_a_term_in_dates_says_so(september: Issue, ann: PrintSubscription) -> None:
    subscriber("HG-3", name="Last Lisa", ends_on=date(2026, 9, 5))
    run = frozen(september)
    assert {row["Name"]: row["Message"] for row in rows(mailing(run))} == {
        "Ann Archer": "",
        "Last Lisa": "Your last issue",
    }


def test_another_titles_issue_goes_to_its_own_subscribers(september: Issue, ann: PrintSubscription) -> None:
    other = making.title("Hourglass Student", position=5)
    subscriber("HS-1", name="Student Sam", title=other)
    assert names(frozen(september)) == ["Ann Archer"]
    student = making.issue(date(2026, 9, 1), of=other, number="1")
    run = service.open_run(
        student,
        Profile.objects.create(house="Mailworks", title=other, code="HGS"),
        cut_off=CUT_OFF,
        mailing_on=CUT_OFF + 5 * DAY,
        by=None,
        now=NOW,
    )
    assert names(service.freeze(run, by=None, now=NOW)) == ["Student Sam"]


def pause(whose: PrintSubscription, missed: str, from_on: date = CUT_OFF, to_on: date | None = None) -> Pause:
    return Pause.objects.create(
        subscription=whose,
        from_on=from_on,
        to_on=to_on,
        missed=missed,
        because="On holiday",
        made_at=NOW,
    )


def test_an_issue_missed_in_a_pause_is_sent_after_the_term(
    september: Issue, october: Issue, ann: PrintSubscription, bob: PrintSubscription
) -> None:
    bob.ends_on = date(2026, 9, 10)
    bob.save()
    pause(bob, "after", to_on=CUT_OFF + 10 * DAY)
    assert names(frozen(september)) == ["Ann Archer"]
    assert names(frozen(october, date(2026, 9, 20))) == ["Ann Archer", "Bob Baker"]
    november = making.issue(date(2026, 11, 1), of=september.title, number="11")
    assert names(frozen(november, date(2026, 10, 20))) == ["Ann Archer"]


@pytest.mark.parametrize("missed", ["after", "late", "none"])
def test_an_issue_missed_goes_late_only_where_the_pause_says_so(
    september: Issue, ann: PrintSubscription, bob: PrintSubscription, missed: str
) -> None:
    pause(bob, missed, to_on=CUT_OFF + 10 * DAY)
    frozen(september)
    late = opened(september, CUT_OFF + 20 * DAY)
    assert [line.owed.name for line in service.draft(late).lines] == ["Bob Baker"] * (missed == "late")


def test_copies_go_to_a_temporary_address_on_its_days_and_back(
    september: Issue, october: Issue, ann: PrintSubscription
) -> None:
    OtherAddress.objects.create(
        subscription=ann,
        name="Ann Archer, c/o Lane",
        address="9 Harbour Row\nWhitby",
        postcode="YO21 3PU",
        country="GB",
        from_on=CUT_OFF,
        to_on=CUT_OFF + 10 * DAY,
        because="By the sea",
        made_at=NOW,
    )
    [there] = rows(mailing(frozen(september)))
    [back] = rows(mailing(frozen(october, date(2026, 9, 20))))
    assert (there["Name"], there["Address 1"], there["Post town"]) == (
        "Ann Archer, c/o Lane",
        "9 Harbour Row",
        "Whitby",
    )
    assert (back["Name"], back["Post town"], back["Postcode"]) == ("Ann Archer", "York", "YO1 7HH")


def begun(reader: Reader, key: str, starts_on: date, ends_on: date) -> PrintSubscription:
    return begin_print_subscription(
        reader,
        name="Ada Dean",
        address_lines=["1 Old Street", "York"],
        postcode="YO1 7HH",
        country="GB",
        starts_on=starts_on,
        ends_on=ends_on,
        order_key=key,
    )


def test_a_renewed_term_keeps_the_number_and_the_new_address(
    september: Issue, october: Issue, ada: Reader
) -> None:
    first = begun(ada, "first", date(2025, 9, 10), date(2026, 9, 9))
    [before] = rows(mailing(frozen(september)))
    change_address(first, address="2 New Street\nLeeds", postcode="LS1 4AP", country="GB", now=NOW)
    second = begun(ada, "second", date(2026, 9, 10), date(2027, 9, 9))
    assert second.first == first
    [after] = rows(mailing(frozen(october, date(2026, 9, 20))))
    assert before["Number"] == after["Number"] == first.number
    assert (before["Post town"], after["Post town"]) == ("York", "Leeds")


def test_who_moves_when_the_next_term_is_paid_already_moves_for_both(ada: Reader) -> None:
    first = begun(ada, "first", date(2025, 9, 10), date(2026, 9, 9))
    second = begun(ada, "second", date(2026, 9, 10), date(2027, 9, 9))
    change_address(first, address="2 New Street\nLeeds", postcode="LS1 4AP", country="GB", now=NOW)
    second.refresh_from_db()
    assert second.postcode == "LS1 4AP"


def test_terms_that_touch_send_one_copy(september: Issue, ada: Reader) -> None:
    begun(ada, "first", date(2025, 8, 20), CUT_OFF)
    begun(ada, "second", CUT_OFF, date(2027, 8, 19))
    run = frozen(september, CUT_OFF)
    assert run.copies == 1


def test_who_lives_where_another_price_holds_than_was_paid_is_named(september: Issue) -> None:
    subscriber("HG-1", paid_region="uk", country="FR", postcode="75001", address="1 rue Dauphine\nParis")
    subscriber("HG-2", paid_region="uk")
    draft = service.draft(opened(september))
    assert [line.owed.number for line in draft.paid_elsewhere] == ["HG-1"]
