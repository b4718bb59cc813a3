"""The copies' desk: a run from opening to its files, a subscriber's copies, a house's profile; refused to every other role."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import ModelLogEntry

from backnumber.archive.models import Issue
from backnumber.circulation.models import PrintSubscription
from backnumber.copies.models import OtherAddress, Pause, Profile, Remedy, Run, SentFile
from backnumber.editorial.roles import make_roles
from tests import making
from tests.copies.making import frozen, subscriber
from tests.editorial.conftest import signed_in

pytestmark = pytest.mark.django_db


def of_role(name: str) -> Client:
    make_roles()
    person = making.reader(name.lower().replace(" ", "-"), is_staff=True)
    person.groups.add(Group.objects.get(name=name))
    return signed_in(person)


@pytest.fixture
def desk(db: None) -> Client:
    return of_role("Circulation")


def test_a_run_from_opening_to_its_files(
    desk: Client, september: Issue, house: Profile, ann: PrintSubscription
) -> None:
    given = {
        "issue": september.pk,
        "profile": house.pk,
        "cut_off": "2026-08-20",
        "mailing_on": "2026-08-25",
    }
    opened = desk.post("/admin/copies/", given, follow=True)
    assert "This is what the run would come to now" in opened.content.decode()
    run = Run.objects.get()
    done = desk.post(f"/admin/copies/runs/{run.pk}/freeze/", follow=True)
    assert "It stays as it was" in done.content.decode()
    for kind in ("mailing", "labels"):
        desk.post(f"/admin/copies/runs/{run.pk}/{kind}/1/")
    table, sheets = SentFile.objects.order_by("name")
    assert b"Ann Archer" in desk.get(f"/admin/copies/files/{table.pk}/").content
    assert desk.get(f"/admin/copies/files/{sheets.pk}/").content.startswith(b"%PDF")
    desk.post(f"/admin/copies/files/{table.pk}/acknowledged/", {"acknowledged": "Loaded"})
    page = desk.get(f"/admin/copies/runs/{run.pk}/").content.decode()
    assert "HRG2609A.csv" in page
    assert "Loaded" in page
    acts = set(ModelLogEntry.objects.values_list("action", flat=True))
    assert {"copies.run_opened", "copies.run_frozen", "copies.file_made", "copies.file_acknowledged"} <= acts


def test_a_form_that_is_wrong_says_so_and_loses_nothing(
    desk: Client, september: Issue, house: Profile
) -> None:
    given = {"issue": september.pk, "profile": house.pk, "cut_off": "2026-08-25", "mailing_on": "2026-08-20"}
    page = desk.post("/admin/copies/", given)
    assert page.status_code == 422
    assert "The mailing day lies before the cut-off." in page.content.decode()
    assert 'value="2026-08-25"' in page.content.decode()


def test_an_open_run_is_closed_and_a_frozen_one_is_not(
    desk: Client, september: Issue, ann: PrintSubscription
) -> None:
    run = frozen(september)
    page = desk.post(f"/admin/copies/runs/{run.pk}/close/", follow=True)
    assert "The run is frozen, and stays." in page.content.decode()
    assert Run.objects.exists()


def test_a_subscribers_copies_are_seen_to_on_one_page(
    desk: Client, september: Issue, ann: PrintSubscription
) -> None:
    copy = frozen(september).labels.get().sent.get()
    page = f"/admin/copies/of/{ann.pk}/"
    days = {"from_on": "2026-09-01", "to_on": "2026-09-20", "because": "Holiday"}
    desk.post(page, {"act": "pause", **{f"pause-{k}": v for k, v in days.items()}, "pause-missed": "after"})
    there = days | {"address": "9 Harbour Row\nWhitby", "postcode": "yo21 3pu", "country": "GB", "name": ""}
    desk.post(page, {"act": "elsewhere", **{f"elsewhere-{k}": v for k, v in there.items()}})
    lost = {"copy": copy.pk, "what": "lost", "done": "replace", "because": "Wrote to us"}
    desk.post(page, {"act": "remedy", **{f"remedy-{k}": v for k, v in lost.items()}})
    assert Pause.objects.get().because == "Holiday"
    assert OtherAddress.objects.get().postcode == "YO21 3PU"
    assert Remedy.objects.get().made_by is not None
    shown = desk.get(page).content.decode()
    assert "Wrote to us" in shown
    desk.post(page, {"act": "end", "of": "pause", "key": Pause.objects.get().pk})
    assert not Pause.objects.filter(to_on=date(2026, 9, 20)).exists()


def test_another_subscribers_copy_is_not_seen_to_here(
    desk: Client, september: Issue, ann: PrintSubscription, bob: PrintSubscription
) -> None:
    frozen(september)
    copy = bob.sent.get()
    lost = {"copy": copy.pk, "what": "lost", "done": "replace", "because": "Wrote to us"}
    answer = desk.post(
        f"/admin/copies/of/{ann.pk}/", {"act": "remedy", **{f"remedy-{k}": v for k, v in lost.items()}}
    )
    assert answer.status_code == 404
    assert not Remedy.objects.exists()


def form_of(profile: Profile, **fields: object) -> dict[str, object]:
    names = (
        "house",
        "code",
        "columns",
        "separator",
        "quoting",
        "encoding",
        "bundles",
        "lead_days",
        "bulk_from",
    )
    given = {name: getattr(profile, name) for name in names}
    return given | {"title": profile.title_id, "home_country": "GB", "has_header": "on"} | fields


def test_a_profile_is_tried_on_the_last_run_and_kept(desk: Client, september: Issue, house: Profile) -> None:
    subscriber("HG-1", name="Ann Archer")
    subscriber("HG-2", address="Flat 2, 1 Low Road\nYork")
    frozen(september)
    address = f"/admin/copies/houses/{house.pk}/"
    changed = form_of(house, quoting="none", separator=",")
    page = desk.post(address, changed | {"try": "1"}).content.decode()
    assert "HG-1,Ann Archer,4 Stonegate Court" in page
    assert "takes no quotation" in page
    house.refresh_from_db()
    assert house.quoting == "needed"
    desk.post(address, changed | {"separator": ";"})
    house.refresh_from_db()
    assert (house.quoting, house.separator) == ("none", ";")
    wrong = desk.post(address, form_of(house, columns="Number number"))
    assert wrong.status_code == 422
    assert "Line 1: write" in wrong.content.decode()


def test_the_file_of_changes_is_made_and_fetched(
    desk: Client, september: Issue, house: Profile, ann: PrintSubscription
) -> None:
    address = f"/admin/copies/houses/{house.pk}/changes/"
    assert "has not been told of 1 change" in desk.get(address).content.decode()
    page = desk.post(address, follow=True).content.decode()
    assert "HRGC0001.csv tells 1 changes" in page
    file = SentFile.objects.get()
    assert b"new,HG-1,Ann Archer" in desk.get(f"/admin/copies/files/{file.pk}/").content


@pytest.mark.parametrize("role", ["Editors", "Finance"])
def test_other_roles_are_refused(role: str, september: Issue, house: Profile, ann: PrintSubscription) -> None:
    run = frozen(september)
    client, circulation = of_role(role), of_role("Circulation")
    for path in (
        "",
        f"runs/{run.pk}/",
        "houses/",
        "houses/add/",
        f"houses/{house.pk}/",
        f"houses/{house.pk}/changes/",
        f"of/{ann.pk}/",
    ):
        refused = client.get(f"/admin/copies/{path}")
        assert refused.status_code == 403, path
        assert b"Ann Archer" not in refused.content
        assert circulation.get(f"/admin/copies/{path}").status_code == 200
    for act in ("freeze", "close", "mailing/1"):
        assert client.post(f"/admin/copies/runs/{run.pk}/{act}/").status_code == 403


def test_the_help_desk_sees_to_copies_and_does_not_freeze_runs(
    september: Issue, ann: PrintSubscription
) -> None:
    run = frozen(september)
    client = of_role("Help desk")
    assert client.get(f"/admin/copies/of/{ann.pk}/").status_code == 200
    assert client.get(f"/admin/copies/runs/{run.pk}/").status_code == 403


def test_who_had_copies_is_not_deleted_and_who_had_none_is(
    desk: Client, september: Issue, ann: PrintSubscription
) -> None:
    frozen(september)
    bob = subscriber("HG-2")
    at = "/admin/snippets/circulation/printsubscription/delete"
    page = desk.post(f"{at}/{ann.pk}/", follow=True)
    assert "Copies were sent to HG-1" in page.content.decode()
    several = "/admin/bulk/circulation/printsubscription/delete/"
    page = desk.post(f"{several}?id={ann.pk}&id={bob.pk}", follow=True)
    assert "Copies were sent to HG-1" in page.content.decode()
    assert PrintSubscription.objects.count() == 2
    desk.post(f"{at}/{bob.pk}/")
    assert list(PrintSubscription.objects.all()) == [ann]
