"""What becomes of copies after: lost and returned ones, replaced or credited; and what the house is told of changes."""

from datetime import date, timedelta

import pytest

from backnumber.archive.models import Issue
from backnumber.circulation.models import PrintSubscription
from backnumber.circulation.service import change_address
from backnumber.copies import changes, files, remedies, reports, service
from backnumber.copies.models import Copy, Pause, Profile, Remedy
from backnumber.copies.remedies import Days
from backnumber.copies.service import NotNow
from tests import making
from tests.copies.making import NOW, frozen, mailing, names, opened, rows, subscriber

pytestmark = pytest.mark.django_db
CUT_OFF = date(2026, 8, 20)
LOST, RETURNED = Remedy.What.LOST, Remedy.What.RETURNED


def seen_to(
    copy: Copy, what: Remedy.What, done: Remedy.Done, because: str = "Wrote on 1 September"
) -> Remedy:
    return remedies.remedy(copy, what, done, because=because, by=None, now=NOW)


def test_a_lost_copy_goes_again_once_and_to_the_address_of_today(
    september: Issue, ann: PrintSubscription, bob: PrintSubscription
) -> None:
    frozen(september)
    seen_to(Copy.objects.get(subscription=ann), LOST, Remedy.Done.REPLACE)
    change_address(ann, address="2 New Street\nLeeds", postcode="LS1 4AP", country="GB", now=NOW)
    late = frozen(september, CUT_OFF + timedelta(days=9))
    assert [(row["Name"], row["Post town"]) for row in rows(mailing(late))] == [("Ann Archer", "Leeds")]
    with pytest.raises(NotNow, match="Nobody is owed"):
        frozen(september, CUT_OFF + timedelta(days=12))
    figures = reports.figures(september.pk)
    assert (figures.gross, figures.replaced, figures.net) == (3, 1, 2)


def test_a_replacement_may_be_lost_too(september: Issue, ann: PrintSubscription) -> None:
    frozen(september)
    seen_to(Copy.objects.get(), LOST, Remedy.Done.REPLACE)
    frozen(september, CUT_OFF + timedelta(days=9))
    seen_to(Copy.objects.get(again=1), LOST, Remedy.Done.REPLACE)
    frozen(september, CUT_OFF + timedelta(days=19))
    assert sorted(Copy.objects.values_list("again", flat=True)) == [0, 1, 2]


def test_a_lost_copy_that_is_credited_is_one_issue_more_after_the_term(
    september: Issue, october: Issue, ann: PrintSubscription, bob: PrintSubscription
) -> None:
    PrintSubscription.objects.filter(pk=bob.pk).update(ends_on=date(2026, 9, 10))
    frozen(september)
    seen_to(Copy.objects.get(subscription=bob), LOST, Remedy.Done.CREDIT)
    assert "Bob Baker" in names(frozen(october, date(2026, 9, 20)))
    november = making.issue(date(2026, 11, 1), of=september.title, number="11")
    assert "Bob Baker" not in names(frozen(november, date(2026, 10, 20)))


def test_a_credit_waits_while_another_term_runs(
    september: Issue, october: Issue, ann: PrintSubscription, bob: PrintSubscription
) -> None:
    PrintSubscription.objects.filter(pk=bob.pk).update(ends_on=date(2026, 9, 10))
    subscriber("HG-20", name="Bob Baker", first=bob, starts_on=date(2026, 9, 11), ends_on=date(2026, 9, 30))
    frozen(september)
    seen_to(Copy.objects.get(subscription=bob), LOST, Remedy.Done.CREDIT)
    assert names(frozen(october, date(2026, 9, 20))).count("Bob Baker") == 1
    november = making.issue(date(2026, 11, 1), of=september.title, number="11")
    assert names(frozen(november, date(2026, 10, 20))).count("Bob Baker") == 1


def test_a_copy_is_seen_to_once_and_with_a_reason(september: Issue, ann: PrintSubscription) -> None:
    frozen(september)
    copy = Copy.objects.get()
    with pytest.raises(NotNow, match="reason"):
        seen_to(copy, RETURNED, Remedy.Done.NOTHING, "  ")
    seen_to(copy, RETURNED, Remedy.Done.NOTHING, "Gone away")
    with pytest.raises(NotNow, match="already"):
        seen_to(copy, LOST, Remedy.Done.REPLACE)
    assert reports.figures(september.pk).net == 0


def kinds(profile: Profile) -> dict[str, str]:
    found = changes.changes_since(profile, NOW.date())
    return {said["number"]: kind for _, kind, said in found}


def test_the_house_is_told_once_who_is_new_moved_changed_and_ended(
    house: Profile, ann: PrintSubscription, bob: PrintSubscription
) -> None:
    subscriber("HG-3")
    first = changes.tell_changes(house, by=None, now=NOW)
    assert first.name == "HRGC0001.csv"
    content = files.content_of(first)
    assert [(row["Change"], row["Number"]) for row in rows(content)] == [
        ("new", "HG-1"),
        ("new", "HG-2"),
        ("new", "HG-3"),
    ]
    with pytest.raises(NotNow, match="has not been told"):
        changes.tell_changes(house, by=None, now=NOW)
    change_address(ann, address="2 New Street\nLeeds", postcode="LS1 4AP", country="GB", now=NOW)
    PrintSubscription.objects.filter(pk=bob.pk).update(status="cancelled")
    PrintSubscription.objects.filter(number="HG-3").update(copies=2)
    subscriber("HG-4")
    assert kinds(house) == {"HG-4": "new", "HG-3": "changed", "HG-1": "moved", "HG-2": "ended"}
    second = changes.tell_changes(house, by=None, now=NOW)
    assert second.name == "HRGC0002.csv"
    assert kinds(house) == {}
    changes.acknowledge(first, "Loaded, 3 lines", by=None, now=NOW)
    first.refresh_from_db()
    assert (files.content_of(first), first.acknowledged) == (content, "Loaded, 3 lines")


def test_a_renewed_term_is_no_change_and_a_pause_is_told_as_no_copies(
    house: Profile, ann: PrintSubscription
) -> None:
    changes.tell_changes(house, by=None, now=NOW)
    PrintSubscription.objects.filter(pk=ann.pk).update(ends_on=NOW.date())
    subscriber("HG-10", first=ann, name=ann.name, starts_on=NOW.date() + timedelta(days=1))
    assert changes.changes_since(house, NOW.date() + timedelta(days=1)) == []
    days = Days(NOW.date(), NOW.date() + timedelta(days=9))
    remedies.pause(ann, days, Pause.Missed.AFTER, because="Holiday", by=None, now=NOW)
    [(_, kind, said)] = changes.changes_since(house, NOW.date())
    assert (kind, said["copies"]) == ("changed", "0")


def test_a_line_that_breaks_the_profile_keeps_a_run_and_a_file_of_changes_back(
    september: Issue, house: Profile, ann: PrintSubscription
) -> None:
    subscriber("HG-3", name="=1+1")
    run = opened(september)
    assert [one.number for one in service.draft(run).breaches] == ["HG-3"]
    with pytest.raises(NotNow, match="1 lines break"):
        service.freeze(run, by=None, now=NOW)
    with pytest.raises(NotNow, match="1 lines break"):
        changes.tell_changes(house, by=None, now=NOW)


def test_figures_of_an_issue_agree_with_sums_done_by_hand(september: Issue) -> None:
    subscriber("HG-1", copies=3)
    subscriber("HG-2", given_by="Aunt Agnes")
    subscriber("HG-3", country="FR", postcode="75001", address="1 rue Dauphine\nParis")
    subscriber("HG-4", ends_on=CUT_OFF)
    frozen(september, CUT_OFF)
    seen_to(Copy.objects.get(subscription__number="HG-3"), RETURNED, Remedy.Done.REPLACE)
    frozen(september, CUT_OFF + timedelta(days=9))
    figures = reports.figures(september.pk)
    assert (figures.gross, figures.replaced, figures.returned, figures.net) == (7, 1, 1, 5)
    assert figures.by_region == (("United Kingdom", 5), ("Europe", 2))
    assert (figures.gifts, figures.last_issues) == (1, 1)


def test_what_ends_soon_is_counted_and_what_is_continued_is_not(ann: PrintSubscription) -> None:
    subscriber("HG-3", ends_on=date(2026, 9, 10))
    first = subscriber("HG-4", ends_on=date(2026, 9, 12))
    subscriber("HG-5", first=first, starts_on=date(2026, 9, 13), ends_on=date(2027, 9, 12))
    found = reports.ending(CUT_OFF, 90)
    assert (found.renew, found.end) == (0, (("2026-09", 1),))
