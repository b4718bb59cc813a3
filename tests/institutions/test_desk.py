"""Institutions in the admin: who may, what is typed and kept, and whose an address is."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from backnumber.editorial.roles import make_roles
from backnumber.institutions import queries, service
from backnumber.institutions.models import Institution, Licence
from backnumber.readers.models import Reader
from tests import making
from tests.institutions.campus import CLEOS_ADDRESS, institution

pytestmark = pytest.mark.django_db
LIST = "/admin/institutions/"


def with_role(role: str) -> Client:
    make_roles()
    reader = making.reader(role.split()[0].lower())
    reader.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(reader)
    return client


def of(ashdown: Institution) -> list[str]:
    one = f"{LIST}{ashdown.pk}/"
    key = Licence.objects.get().pk
    return [LIST, f"{LIST}add/", one, f"{one}licences/add/", f"{one}licences/{key}/"]


def test_the_help_desk_and_administrators_may(ashdown: Institution, sue: Client) -> None:
    for client in (with_role("Help desk"), sue):
        assert [client.get(address).status_code for address in of(ashdown)] == [200] * 5


def test_editors_and_readers_may_not(ashdown: Institution, ada: Reader) -> None:
    reading = Client()
    reading.force_login(ada)
    for client in (with_role("Editors"), reading, Client()):
        for address in of(ashdown):
            answer = client.get(address)
            assert answer.status_code in {302, 403}
            assert "Ashdown" not in answer.content.decode()
        for address in (f"{LIST}{ashdown.pk}/", of(ashdown)[-1], f"{of(ashdown)[-1]}revoke/"):
            client.post(address, {"name": "Mine", "networks": "203.0.113.0/24", "because": "x"})
    ashdown.refresh_from_db()
    assert ashdown.name == "Ashdown University Library"
    assert ashdown.networks.count() == 2
    assert Licence.objects.get().revoked_at is None


def typed(**changed: Any) -> dict[str, Any]:
    return {"name": "Barlow College", "is_active": "on", "contact": "", "slug": "", "networks": "", **changed}


def test_an_institution_is_added_with_its_networks(sue: Client) -> None:
    answer = sue.post(f"{LIST}add/", typed(networks="203.0.113.*\n2001:db8:9::/48 # west"))
    made = Institution.objects.get()
    assert answer.headers["Location"] == f"{LIST}{made.pk}/"
    assert made.slug == "barlow-college"
    page = sue.get(f"{LIST}{made.pk}/").content.decode()
    assert "203.0.113.0/24\n2001:db8:9::/48 # west" in page
    assert queries.place_at("203.0.113.9", timezone.now()) is not None


def test_saving_what_is_shown_changes_nothing(ashdown: Institution, sue: Client) -> None:
    rows = [(n.first, n.last, n.note) for n in ashdown.networks.all()]
    shown = sue.get(f"{LIST}{ashdown.pk}/").context["form"].initial["networks"]
    sue.post(f"{LIST}{ashdown.pk}/", typed(name=ashdown.name, networks=shown))
    assert [(n.first, n.last, n.note) for n in ashdown.networks.all()] == rows


def test_every_fault_is_shown_and_nothing_typed_is_lost(ashdown: Institution, sue: Client) -> None:
    networks = "203.0.113.5/24\n10.0.0.1 # our proxy"
    page = sue.post(f"{LIST}add/", typed(networks=networks)).content.decode()
    assert "Line 1: 203.0.113.5/24 begins within a network. Probably 203.0.113.0/24 is meant" in page
    assert "Line 2: 10.0.0.1 is private" in page
    assert networks in page
    page = sue.post(f"{LIST}add/", typed(networks="203.0.113.0/24\n198.51.100.7")).content.decode()
    assert (
        "Line 2: 198.51.100.7 overlaps 198.51.100.0/24, which belongs to Ashdown University Library" in page
    )
    assert Institution.objects.count() == 1


def test_a_refused_change_keeps_the_heading_and_the_old_list(ashdown: Institution, sue: Client) -> None:
    page = sue.post(f"{LIST}{ashdown.pk}/", typed(name="Mine", networks="nonsense")).content.decode()
    assert "Ashdown University Library" in page
    ashdown.refresh_from_db()
    assert ashdown.name == "Ashdown University Library"
    assert ashdown.networks.count() == 2


def agreed(**changed: Any) -> dict[str, Any]:
    return {
        "label": "Campus licence", "evidence_key": "B-7", "scope": "archive", "first_day": "2026-01-01", "last_day": "2026-12-31",
        "title": "", "issue": "", "first_date": "", "last_date": "", "years": "", **changed,
    }  # fmt: skip


def test_a_licence_is_given_by_days_and_kept_by_instants(sue: Client) -> None:
    barlow = institution("Barlow College", "203.0.113.0/24")
    address = f"{LIST}{barlow.pk}/licences/add/"
    assert sue.post(address, agreed(first_day="2026-07-01", last_day="2026-07-31")).status_code == 302
    made = Licence.objects.get()
    assert (made.starts.isoformat(), str(made.until)) == (
        "2026-06-30T23:00:00+00:00",
        "2026-07-31 23:00:00+00:00",
    )
    page = sue.get(f"{LIST}{barlow.pk}/licences/{made.pk}/").content.decode()
    assert 'value="2026-07-01"' in page
    assert 'value="2026-07-31"' in page


def test_a_licence_without_end_and_one_for_the_latest_years(sue: Client) -> None:
    barlow = institution("Barlow College")
    address = f"{LIST}{barlow.pk}/licences/add/"
    sue.post(address, agreed(last_day="", scope="recent", years="2"))
    made = Licence.objects.get()
    assert (made.until, made.years) == (None, 2)
    assert (
        "every title, the issues of this year and the 1 before"
        in sue.get(f"{LIST}{barlow.pk}/").content.decode()
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"scope": "title"}, "Choose the title."),
        ({"scope": "issue"}, "Choose the issue."),
        ({"scope": "recent"}, "Say how many years; 1 is this year only."),
        ({"scope": "recent", "years": "0"}, "Say how many years; 1 is this year only."),
        ({"scope": "span"}, "Give the first cover date, the last, or both."),
        ({"scope": "span", "first_date": "2000-01-01", "last_date": "1999-01-01"}, "The last cover date is before the first."),
        ({"last_day": "2025-12-31"}, "The last day is before the first."),
        ({"evidence_key": " "}, "This field is required."),
    ],
)  # fmt: skip
def test_a_licence_that_does_not_say_what_it_opens_is_refused(
    sue: Client, changed: dict[str, str], sentence: str
) -> None:
    barlow = institution("Barlow College")
    page = sue.post(f"{LIST}{barlow.pk}/licences/add/", agreed(**changed))
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert not Licence.objects.exists()


def test_what_does_not_belong_to_the_scope_is_left_out(sue: Client) -> None:
    barlow, issue = institution("Barlow College"), making.issue()
    fields = {"title": issue.title_id, "issue": issue.pk, "years": "3", "first_date": "1999-01-01"}
    sue.post(f"{LIST}{barlow.pk}/licences/add/", agreed(scope="issue", **fields))
    made = Licence.objects.get()
    assert (made.issue, made.title, made.years, made.first_date) == (issue, None, None, None)


def test_a_licence_is_revoked_with_a_reason(ashdown: Institution, sue: Client) -> None:
    address = f"{of(ashdown)[-1]}revoke/"
    sue.post(address, {"because": ""})
    assert Licence.objects.get().revoked_at is None
    sue.post(address, {"because": "Not paid"})
    assert Licence.objects.get().revoked_because == "Not paid"
    assert "(Not paid)" in sue.get(f"{LIST}{ashdown.pk}/").content.decode()


def test_a_licence_is_reached_by_its_own_institution_only(ashdown: Institution, sue: Client) -> None:
    barlow = institution("Barlow College")
    assert sue.get(f"{LIST}{barlow.pk}/licences/{Licence.objects.get().pk}/").status_code == 404


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (CLEOS_ADDRESS, "198.51.100.23 is Ashdown University Library now."),
        ("::ffff:198.51.100.23", "198.51.100.23 is Ashdown University Library now."),
        ("203.0.113.5", "203.0.113.5 is nobody’s now."),
        ("nonsense", "This is no address."),
    ],
)
def test_the_desk_says_whose_an_address_is(
    ashdown: Institution, sue: Client, address: str, said: str
) -> None:
    assert said in sue.post(LIST, {"address": address}).content.decode()


def test_it_says_too_whose_the_address_was(sue: Client) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    institution("Barlow College", f"203.0.113.0/24 to {yesterday}")
    page = sue.post(LIST, {"address": "203.0.113.5"}).content.decode()
    assert "is nobody’s now" in page
    assert f"203.0.113.0/24 to {yesterday}" in page


def test_the_list_says_what_runs(ashdown: Institution, sue: Client) -> None:
    other = institution("Barlow College", "203.0.113.0/24", is_active=False)
    assert other.pk
    page = " ".join(sue.get(LIST).content.decode().split())
    assert "Ashdown University Library</a></td><td>2</td><td>1</td>" in page
    assert "not in use" in page
    service.revoke(Licence.objects.get(), because="Not paid", by=None, now=timezone.now())
    page = " ".join(sue.get(LIST).content.decode().split())
    assert "Ashdown University Library</a></td><td>2</td><td>0</td>" in page
