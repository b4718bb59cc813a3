"""An address is one institution's: for who types it, for two who type at once, and for the database itself."""

from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from backnumber.institutions import queries, service
from backnumber.institutions.models import Institution, Network
from backnumber.institutions.ranges import Misread
from tests.institutions.campus import ASHDOWN, institution
from tests.parallel import tried

pytestmark = pytest.mark.django_db


def refusal(name: str, networks: str, *, is_active: bool = True) -> tuple[str, ...]:
    with pytest.raises(Misread) as refused:
        institution(name, networks, is_active=is_active)
    assert not Institution.objects.filter(name=name).exists(), "nothing is written"
    return refused.value.faults


@pytest.mark.parametrize(
    "line",
    [
        "198.51.100.0/24", "198.51.100.7", "198.51.100.200 - 198.51.101.3", "198.51.*", "198.51.100.0/22", "::ffff:198.51.100.9",
        "2001:db8:51::1", "2001:db8::/32", "2001:db8:50:: - 2001:db8:51::",
    ],
)  # fmt: skip
def test_an_address_of_another_institution_is_refused_and_the_line_named(
    ashdown: Institution, line: str
) -> None:
    (fault,) = refusal("Barlow College", f"203.0.113.0/24\n{line}")
    assert fault.startswith("Line 2: ")
    assert "which belongs to Ashdown University Library" in fault


def test_neighbouring_addresses_may_be_anothers(ashdown: Institution) -> None:
    made = institution("Barlow College", "198.51.99.0/24\n198.51.101.0 - 198.51.101.0\n2001:db8:52::/48")
    assert made.networks.count() == 3


def test_two_lines_that_overlap_are_one_too_many() -> None:
    (fault,) = refusal("Barlow College", "198.51.100.0/24\n203.0.113.0/24\n198.51.100.128/25")
    assert fault == "Line 3: 198.51.100.128/25 overlaps line 1 (198.51.100.0/24). Keep one of them."


def test_addresses_may_move_from_one_to_the_other_by_day() -> None:
    institution("Ashdown University Library", "198.51.100.0/24 to 2026-09-30")
    (fault,) = refusal("Barlow College", "198.51.100.0/24 from 2026-09-30")
    assert (
        "belongs to Ashdown University Library until 2026-09-30. Write “from 2026-10-01” after it." in fault
    )
    assert institution("Barlow College", "198.51.100.0/24 from 2026-10-01").networks.count() == 1


def test_what_is_not_in_use_stands_in_nobodys_way_and_does_not_come_back_into_it(
    ashdown: Institution,
) -> None:
    barlow = institution("Barlow College", "198.51.100.0/24", is_active=False)
    barlow.is_active = True
    with pytest.raises(Misread, match="belongs to Ashdown University Library"):
        service.write(barlow, "198.51.100.0/24", by=None, now=timezone.now())
    assert not Institution.objects.get(pk=barlow.pk).is_active
    ashdown.is_active = False
    service.write(ashdown, ASHDOWN, by=None, now=timezone.now())
    service.write(barlow, "198.51.100.0/24", by=None, now=timezone.now())
    place = queries.place_at("198.51.100.1", timezone.now())
    assert place is not None
    assert place.name == "Barlow College"


def test_the_list_that_is_saved_is_the_whole_list(ashdown: Institution) -> None:
    service.write(ashdown, "203.0.113.0/24", by=None, now=timezone.now())
    assert [(n.first, n.last) for n in ashdown.networks.all()] == [("203.0.113.0", "203.0.113.255")]
    with pytest.raises(Misread):
        service.write(ashdown, "203.0.113.0/25\nnonsense", by=None, now=timezone.now())
    assert [(n.first, n.last) for n in ashdown.networks.all()] == [("203.0.113.0", "203.0.113.255")]


def test_names_alike_get_slugs_of_their_own() -> None:
    assert [institution("Public Library").slug for _ in range(3)] == [
        "public-library",
        "public-library-2",
        "public-library-3",
    ]


@pytest.mark.parametrize(
    "row",
    [
        {"first": "198.51.100.9", "last": "198.51.100.9"},
        {"first": "198.51.99.0", "last": "198.51.101.0"},
        {"first": "2001:db8:51::", "last": "2001:db8:51::"},
        {"first": "203.0.113.9", "last": "203.0.113.1"},
        {"first": "203.0.113.9", "last": "2001:db8::1"},
    ],
)
def test_the_database_refuses_by_itself_whoever_writes(ashdown: Institution, row: dict[str, str]) -> None:
    barlow = institution("Barlow College")
    with pytest.raises(IntegrityError), transaction.atomic():
        Network.objects.create(institution=barlow, **row)
    Network.objects.create(institution=barlow, first="203.0.113.1", last="203.0.113.9")  # the control
    Network.objects.create(institution=barlow, in_use=False, first="198.51.100.9", last="198.51.100.9")


@pytest.mark.django_db(transaction=True)
def test_of_many_who_type_one_address_at_once_exactly_one_gets_it_and_the_others_are_told() -> None:
    for turn in range(4):
        third = f"11.{turn}.0"
        jobs = [
            lambda n=n, third=third: institution(f"College {third} {n}", f"{third}.{n} - {third}.200")
            for n in range(6)
        ]
        _, failed = tried(*jobs)
        assert [type(problem) for problem in failed] == [Misread] * 5
        assert all("which belongs to College" in str(problem) for problem in failed)
        assert Network.objects.filter(last=f"{third}.200").count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_the_service_does_not_see_the_other_and_the_database_still_refuses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each waits until both have looked: what then refuses is the database alone."""
    monkeypatch.setattr(service, "_LOCK", "SELECT 1")
    both_looked, look = Barrier(2, timeout=30), service.faults

    def looked(*given: object) -> tuple[str, ...]:
        found = look(*given)  # type: ignore[arg-type]
        both_looked.wait()
        return found

    monkeypatch.setattr(service, "faults", looked)
    _, failed = tried(*(lambda n=n: institution(f"College {n}", "11.0.0.0/16") for n in range(2)))
    assert [type(problem) for problem in failed] == [IntegrityError]
    assert "no_address_twice" in str(failed[0])
    assert Network.objects.count() == 1


def test_what_was_changed_and_by_whom_is_logged(ashdown: Institution, staff: object) -> None:
    service.write(ashdown, "203.0.113.0/24 # new", by=staff, now=timezone.now())  # type: ignore[arg-type]
    entry = ModelLogEntry.objects.filter(action="institutions.write").latest("timestamp")
    assert entry.user == staff
    assert "+ 203.0.113.0/24 # new" in entry.data["what"]
    assert "- 198.51.100.0/24" in entry.data["what"]


def test_a_range_that_ended_and_one_that_has_not_begun_are_kept_and_open_nothing_today() -> None:
    today = timezone.localdate()
    before, after = today - timedelta(days=1), today + timedelta(days=1)
    institution(
        "Barlow College",
        f"203.0.113.1 to {before}\n203.0.113.2 from {after}\n203.0.113.3 from {today} to {today}",
    )
    found = [queries.place_at(f"203.0.113.{n}", timezone.now()) is not None for n in (1, 2, 3)]
    assert found == [False, False, True]
