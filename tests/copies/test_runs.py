"""A run: seen before it is done, frozen whole or not at all, and kept by the database from every later change."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from backnumber.archive.models import Issue
from backnumber.circulation.models import PrintSubscription
from backnumber.circulation.service import change_address
from backnumber.copies import files, service
from backnumber.copies.models import Copy, Label, Profile, Run, SentFile
from tests.copies.making import NOW, frozen, mailing, names, opened, rows, subscriber

pytestmark = pytest.mark.django_db
CUT_OFF = date(2026, 8, 20)


def moved(whose: PrintSubscription) -> None:
    change_address(whose, address="2 New Street\nLeeds", postcode="LS1 4AP", country="GB", now=NOW)


def test_an_address_changed_after_the_freeze_changes_no_file(
    september: Issue, ann: PrintSubscription
) -> None:
    run = frozen(september)
    first = mailing(run)
    sheets = files.file_of(run, SentFile.Kind.LABELS, by=None, now=NOW)
    moved(ann)
    assert mailing(run) == first
    assert files.made(run, SentFile.Kind.MAILING) == first
    assert files.made(run, SentFile.Kind.LABELS) == files.content_of(sheets)
    assert b"York" in first
    assert b"Leeds" not in first


def test_a_profile_changed_after_the_freeze_changes_no_file(
    september: Issue, ann: PrintSubscription, house: Profile
) -> None:
    run = frozen(september)
    first = mailing(run)
    house.separator, house.quoting = ";", "all"
    house.save()
    run.refresh_from_db()
    assert files.made(run, SentFile.Kind.MAILING) == first


def test_a_file_is_never_blank(september: Issue, ann: PrintSubscription) -> None:
    ann.delete()
    run = opened(september)
    with pytest.raises(service.NotNow, match="Nobody is owed"):
        service.freeze(run, by=None, now=NOW)
    with pytest.raises(service.NotNow, match="Freeze the run first"):
        files.file_of(run, SentFile.Kind.MAILING, by=None, now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE copies_label SET town = 'Leeds'",
        "DELETE FROM copies_copy",
        "UPDATE copies_copy SET number = 9",
        "UPDATE copies_run SET mailing_on = '2030-01-01'",
        "DELETE FROM copies_run",
        "UPDATE copies_sentfile SET content = ''",
        "DELETE FROM copies_sentfile",
        "INSERT INTO copies_copy (label_id, subscription_id, issue_id, number, again)"
        " SELECT label_id, subscription_id, issue_id, 7, 0 FROM copies_copy",
        "INSERT INTO copies_label SELECT nextval('copies_label_id_seq'), 99, chain + 1, kind, number, name, given_by, lines, town,"
        " postcode, country, region, bundle, copies, is_last, run_id FROM copies_label",
    ],
)
def test_the_database_keeps_a_frozen_run_as_it_is(
    september: Issue, ann: PrintSubscription, change: str
) -> None:
    mailing(frozen(september))
    with (
        pytest.raises(IntegrityError, match=r"frozen|kept"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_control_an_open_run_may_be_changed_and_closed(september: Issue, ann: PrintSubscription) -> None:
    run = opened(september)
    Run.objects.update(mailing_on=date(2026, 9, 1))
    service.close_run(run, by=None, now=NOW)
    assert not Run.objects.exists()


def test_a_copy_is_on_one_label(september: Issue, ann: PrintSubscription) -> None:
    """The constraint itself: the second insert is refused though its run is open."""
    frozen(september)
    again = opened(september, date(2026, 8, 25))
    was = Label.objects.get()
    was.pk, was.run = None, again
    was.save(force_insert=True)
    with pytest.raises(IntegrityError, match="a_copy_is_on_one_label"), transaction.atomic():
        Copy.objects.create(label=was, subscription=ann, issue=september, number=1)


def test_freezing_again_changes_nothing(september: Issue, ann: PrintSubscription) -> None:
    run = frozen(september)
    subscriber("HG-9")
    assert service.freeze(run, by=None, now=NOW + timedelta(days=1)).frozen_at == NOW
    assert names(run) == ["Ann Archer"]


def test_a_dry_run_writes_nothing_and_names_what_differs(
    september: Issue, october: Issue, ann: PrintSubscription, bob: PrintSubscription
) -> None:
    frozen(september)
    moved(ann)
    bob.ends_on = date(2026, 9, 1)
    bob.save()
    subscriber("HG-3", name="New Nick")
    draft = service.draft(opened(october, date(2026, 9, 20)))
    assert [line.owed.name for line in draft.new] == ["New Nick"]
    assert draft.gone == ("HG-2, Bob Baker",)
    [one] = draft.moved
    assert (one.name, one.before, one.now) == (
        "Ann Archer",
        "4 Stonegate Court, York, YO1 7HH, GB",
        "2 New Street, Leeds, LS1 4AP, GB",
    )
    assert draft.copies == 2
    assert Label.objects.count() == 2


def test_who_comes_after_the_cut_off_is_in_the_supplementary_run_alone(
    september: Issue, ann: PrintSubscription
) -> None:
    first = frozen(september)
    subscriber("HG-3", name="Late Lena", starts_on=date(2026, 8, 23))
    ann.copies = 2
    ann.save()
    late = frozen(september, date(2026, 8, 25))
    assert (first.number, late.number) == (1, 2)
    assert {row["Name"]: row["Copies"] for row in rows(mailing(late))} == {
        "Ann Archer": "1",
        "Late Lena": "1",
    }
    assert list(Copy.objects.filter(subscription=ann).values_list("number", flat=True)) == [1, 2]


def test_the_file_is_ordered_by_region_bundle_and_postcode(september: Issue) -> None:
    abroad = {"address": "Hauptstraße 1\nBerlin", "postcode": "10115", "country": "DE"}
    far = {"address": "1 Beacon Street\nBoston, MA", "postcode": "02108", "country": "US"}
    for number, where in (
        ("1", far),
        ("2", abroad),
        ("3", {"postcode": "SW1A 1AA"}),
        ("4", {"postcode": "E1 6AN"}),
    ):
        subscriber(number, **where)
    file = rows(mailing(frozen(september)))
    assert [(row["Number"], row["Bundle"]) for row in file] == [
        ("4", "uk E"),
        ("3", "uk SW"),
        ("2", "europe DE"),
        ("1", "world US"),
    ]


def test_file_names_say_title_and_issue_and_never_repeat(september: Issue, ann: PrintSubscription) -> None:
    run = frozen(september)
    subscriber("HG-9")
    late = frozen(september, date(2026, 8, 25))
    kinds = (SentFile.Kind.MAILING, SentFile.Kind.LABELS)
    made = [files.file_of(one, kind, by=None, now=NOW).name for one in (run, late) for kind in kinds]
    assert made == ["HRG2609A.csv", "HRG2609B.pdf", "HRG2609C.csv", "HRG2609D.pdf"]
    assert files.file_of(run, SentFile.Kind.MAILING, by=None, now=NOW).name == "HRG2609A.csv"


def test_a_run_leaves_the_house_the_time_it_wants(september: Issue, house: Profile) -> None:
    with pytest.raises(service.NotNow, match="wants the file 2 days"):
        opened(september, CUT_OFF, mailing_on=CUT_OFF + timedelta(days=1))
