"""The table of rates: whole at the start, kept by staff, logged; which rate holds on which day."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from backnumber.readers.models import Reader
from backnumber.tax import numbers, queries, rules, service
from backnumber.tax.first_rates import first_rates
from backnumber.tax.models import TaxRate
from backnumber.tax.rules import MEMBER_STATES, TAXING, Kind, NoRate, Rate, in_percent
from tests.editorial.conftest import signed_in
from tests.parallel import together

TODAY = date(2026, 11, 18)
ADD = "/admin/snippets/tax/taxrate/add/"
TYPED = {
    "country": "no",
    "kind": "online",
    "from_date": "2026-01-01",
    "rate": "25",
    "name": "MVA",
    "source": "",
    "note": "",
}


def test_the_first_rates_leave_no_country_and_no_kind_out() -> None:
    rates = [row.as_rate() for row in first_rates()]
    assert len(MEMBER_STATES) == 27
    for country in TAXING:
        for kind in Kind:
            assert rules.rate_for(rates, country, kind, TODAY)
    assert {row.country for row in first_rates()} == TAXING


def test_every_first_rate_has_a_source_and_one_that_is_not_confirmed_says_so() -> None:
    standard = {
        "AT": 2000,
        "BG": 2000,
        "CZ": 2100,
        "FR": 2000,
        "GR": 2400,
        "HR": 2500,
        "HU": 2700,
        "LT": 2100,
        "SK": 2300,
    }
    for row in first_rates():
        row.clean_fields()
        assert row.source
        if row.note.startswith("Not confirmed"):
            assert row.basis_points == standard[row.country], row
    assert sum(row.note.startswith("Not confirmed") for row in first_rates()) > 5  # fmt: skip


@given(st.lists(st.integers(0, 400), min_size=1, unique=True), st.integers(-10, 420))
def test_the_latest_that_has_begun_holds(days: list[int], asked: int) -> None:
    first = date(2026, 1, 1)
    rates = [Rate("IE", Kind.ONLINE, first + timedelta(day), day) for day in days]
    begun = [day for day in days if day <= asked]
    if begun:
        found = rules.rate_for(rates, "IE", Kind.ONLINE, first + timedelta(asked))
        assert found is not None
        assert found.share == max(begun)
    else:
        with pytest.raises(NoRate):
            rules.rate_for(rates, "IE", Kind.ONLINE, first + timedelta(asked))


def test_one_kind_has_not_the_rate_of_the_other_nor_one_country_that_of_another() -> None:
    rates = [Rate("IE", Kind.PRINT, TODAY, 900), Rate("FR", Kind.ONLINE, TODAY, 2000)]
    with pytest.raises(NoRate):
        rules.rate_for(rates, "IE", Kind.ONLINE, TODAY)
    assert rules.rate_for(rates, "US", Kind.ONLINE, TODAY) is None


def test_rates_are_written_as_people_write_them() -> None:
    assert [in_percent(share) for share in (0, 210, 2000, 2550, 505, 10000)] == [
        "0%", "2.1%", "20%", "25.5%", "5.05%", "100%",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("de 136 695 976", "DE"),
        ("EL094259216", "GR"),
        ("XI980780684", "GB"),
        ("GB 980 7806 84", "GB"),
        ("IE6433435F", "IE"),
    ],
)
def test_a_well_formed_number_is_known_by_its_country(typed: str, country: str) -> None:
    assert numbers.country_of(typed) == country
    assert " " not in numbers.checked(typed)


@pytest.mark.parametrize(
    "typed", ["", "DE136695977", "136695976", "GB980780685", "EU372000063", "US123456789", "DE", "é" * 400]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    assert numbers.country_of(typed) == ""
    with pytest.raises(numbers.NotANumber):
        numbers.checked(typed)


@pytest.mark.django_db
def test_setting_up_fills_an_empty_table_and_leaves_one_that_is_kept_alone() -> None:
    TaxRate.objects.all().delete()
    assert queries.without_a_rate(TODAY)
    assert service.load_first_rates() == len(list(first_rates()))
    assert queries.without_a_rate(TODAY) == []
    TaxRate.objects.exclude(country="GB").delete()
    assert service.load_first_rates() == 0
    assert set(TaxRate.objects.values_list("country", flat=True)) == {"GB"}
    assert queries.without_a_rate(TODAY)[:2] == ["AT online", "AT print"]


@pytest.mark.django_db(transaction=True)
def test_two_that_set_up_at_once_fill_it_once() -> None:
    assert sorted(together(lambda _: service.load_first_rates(), [1, 2, 3]))[:2] == [0, 0]
    assert TaxRate.objects.count() == len(list(first_rates()))


@pytest.mark.django_db
def test_the_database_keeps_one_rate_a_day_and_no_rate_beyond_the_whole() -> None:
    row = {"country": "IE", "kind": "online", "from_date": TODAY}
    TaxRate.objects.create(**row, basis_points=900)
    for wrong in (
        {**row, "basis_points": 1},
        {**row, "kind": "radio", "basis_points": 1},
        {**row, "from_date": date(2027, 1, 1), "basis_points": 10_001},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            TaxRate.objects.create(**wrong)  # fmt: skip


@pytest.mark.django_db
def test_staff_type_per_cent_and_the_log_says_who_changed_what(staff: Reader) -> None:
    desk = signed_in(staff)
    assert desk.post(ADD, TYPED).status_code == 302
    row = TaxRate.objects.get(country="NO")
    assert row.basis_points == 2500
    edit = f"/admin/snippets/tax/taxrate/edit/{row.pk}/"
    assert 'value="25"' in desk.get(edit).content.decode()
    assert desk.post(edit, {**TYPED, "rate": "12.5"}).status_code == 302
    row.refresh_from_db()
    assert row.basis_points == 1250
    lines = ModelLogEntry.objects.filter(action=service.RATE_CHANGED).order_by("pk")
    assert [(line.user, line.data) for line in lines] == [
        (staff, {"from": "", "to": "MVA 25% on online in NO from 2026-01-01"}),
        (staff, {"from": "MVA 25% on online in NO from 2026-01-01", "to": "MVA 12.5% on online in NO from 2026-01-01"}),
    ]  # fmt: skip
    assert "from MVA 25% on online" in desk.get("/admin/reports/site-history/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"rate": "101"}, {"rate": "-1"}, {"rate": "2.555"}, {"rate": ""}, {"country": "Norway"}]
)
def test_what_is_no_rate_is_refused_beside_its_field(staff: Reader, wrong: dict[str, str]) -> None:
    answer = signed_in(staff).post(ADD, {**TYPED, **wrong})
    assert answer.status_code == 200
    assert not TaxRate.objects.filter(country="NO").exists()  # fmt: skip


@pytest.mark.django_db
def test_only_who_may_change_rates_sees_them(dan: Reader) -> None:
    assert Client().get(ADD).status_code == 302
    assert signed_in(dan).get(ADD).status_code == 403
