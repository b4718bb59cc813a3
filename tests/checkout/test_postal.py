"""Addresses as each country writes them."""

from dataclasses import replace

import pytest

from backnumber.checkout.forms import AddressForm
from backnumber.checkout.postal import (
    PostalAddress,
    checked,
    countries,
    fields_for,
    from_json,
    lines,
    street_lines,
)
from tests.checkout.steps import GALWAY, GREENWICH, OHIO

BERLIN = PostalAddress("DE", "Ann Lee", "", "Unter den Linden 6", "", "Berlin", "", "10117")
TOKYO = PostalAddress("JP", "Ann Lee", "", "1-2-3 Ginza, Chuo-ku", "", "", "東京都", "104-0061")
GOOD = [GREENWICH, OHIO, BERLIN, GALWAY, TOKYO]


@pytest.mark.parametrize("address", GOOD, ids=lambda a: a.country_code)
def test_a_good_address_is_taken(address: PostalAddress) -> None:
    tidy, wrong = checked(address)
    assert wrong == {}
    assert from_json(tidy.as_json()) == tidy


@pytest.mark.parametrize(
    ("country", "labels"),
    [
        ("GB", {"postal_code": "Postcode", "city": "Town or city"}),
        ("US", {"postal_code": "ZIP code", "country_area": "State"}),
        ("DE", {"postal_code": "Postcode"}),
        ("IE", {"postal_code": "Eircode", "country_area": "County"}),
        ("JP", {"postal_code": "Postcode", "country_area": "Prefecture"}),
    ],
)
def test_each_country_names_its_fields(country: str, labels: dict[str, str]) -> None:
    found = {field.name: field.label for field in fields_for(country)}
    assert {name: found[name] for name in labels} == labels
    assert next(iter(found)) == "name"


@pytest.mark.parametrize(
    ("address", "missing"),
    [
        (replace(GREENWICH, postal_code=""), "postal_code"),
        (replace(GREENWICH, city=""), "city"),
        (replace(GREENWICH, street_address="\n \n"), "street_address"),
        (replace(GREENWICH, name=" "), "name"),
        (replace(OHIO, country_area=""), "country_area"),
        (replace(OHIO, postal_code=""), "postal_code"),
        (replace(BERLIN, postal_code=""), "postal_code"),
        (replace(GALWAY, city=""), "city"),
        (replace(TOKYO, country_area=""), "country_area"),
    ],
)
def test_what_the_country_requires_is_asked_for_at_its_field(address: PostalAddress, missing: str) -> None:
    assert list(checked(address)[1]) == [missing]


@pytest.mark.parametrize(
    ("address", "says"),
    [
        (replace(GREENWICH, postal_code="10117"), "EC1Y 8SY"),
        (replace(OHIO, postal_code="SE10 9NP"), "ZIP code"),
        (replace(OHIO, postal_code="94110"), "ZIP code"),  # that is California
        (replace(BERLIN, postal_code="1011"), "26133"),
        (replace(GALWAY, postal_code="H91"), "Eircode"),
        (replace(TOKYO, postal_code="10400"), "154-0023"),
    ],
)
def test_a_code_that_does_not_fit_says_how_one_looks(address: PostalAddress, says: str) -> None:
    wrong = checked(address)[1]
    assert list(wrong) == ["postal_code"]
    assert says in wrong["postal_code"]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        (replace(GREENWICH, postal_code=" se109np "), "SE10 9NP"),
        (replace(GREENWICH, postal_code="w1a  4zz"), "W1A 4ZZ"),
        (replace(GALWAY, postal_code="h91yx2c"), "H91 YX2C"),
        (replace(GALWAY, postal_code=""), ""),
    ],
)
def test_codes_are_forgiven_their_spaces_and_capitals(address: PostalAddress, code: str) -> None:
    tidy, wrong = checked(address)
    assert (tidy.postal_code, wrong) == (code, {})


def test_an_address_stands_as_on_an_envelope() -> None:
    assert lines(GREENWICH) == ["Ann Lee", "1 Crane Street", "London", "SE10 9NP", "United Kingdom"]
    assert lines(OHIO) == ["Ann Lee", "12 Elm Street", "Dayton, OH 45402", "United States"]
    assert lines(BERLIN) == ["Ann Lee", "Unter den Linden 6", "10117 Berlin", "Germany"]
    assert lines(TOKYO)[-3:] == ["1-2-3 Ginza, Chuo-ku, Tokyo", "104-0061", "Japan"]
    assert street_lines(OHIO) == ["12 Elm Street", "Dayton, OH"]
    assert street_lines(BERLIN) == ["Unter den Linden 6", "Berlin"]


def test_line_breaks_and_control_characters_do_not_reach_the_label() -> None:
    tidy, _ = checked(
        replace(GREENWICH, name="Ann\r\nBcc: x\x00 Lee", street_address="Flat 2\r\n\r\n 1  Crane Street ")
    )
    assert tidy.name == "Ann Bcc: x Lee"
    assert tidy.street_address == "Flat 2\n1 Crane Street"


def test_every_country_on_the_list_has_a_form_and_a_name() -> None:
    assert len(countries()) > 200
    for code, name in countries():
        assert name != code
        assert {"name", "street_address"} <= {field.name for field in fields_for(code)}, code
        checked(PostalAddress(code, "Ann Lee", street_address="1 Street", city="Town"))


def test_the_form_says_what_to_do_beside_the_field_and_keeps_what_was_typed() -> None:
    form = AddressForm(
        "GB",
        {
            "country": "GB",
            "name": "Ann Lee",
            "street_address": "1 Crane Street",
            "city": "London",
            "postal_code": "10117",
        },
    )
    assert not form.is_valid()
    assert list(form.errors) == ["postal_code"]
    assert 'value="10117"' in str(form["postal_code"])


@pytest.mark.parametrize(
    ("address", "typed", "postcode"),
    [
        (GREENWICH, "SE10 9NP and more", None),
        (GREENWICH, "more SE10 9NP", None),
        (GREENWICH, "GIR 0AA and more", None),
        (GREENWICH, "SE10 9NP\n", "SE10 9NP"),
        (GREENWICH, "ＳＥ１０ ９ＮＰ", "SE10 9NP"),
        (GREENWICH, "٣E10 9NP", None),
        (GREENWICH, "bfpo58", "BFPO 58"),
        (GREENWICH, "B.F.P.O. 58", "BFPO 58"),
        (GREENWICH, "BFPO 58 and more", None),
        (GREENWICH, "bf1 2at", "BF1 2AT"),
        (OHIO, "454021234", "45402-1234"),
        (OHIO, "45402–1234", "45402-1234"),
        (OHIO, "45402-123", None),
        (OHIO, "45402 x", None),
        (BERLIN, "10117 Berlin", None),
    ],
)
def test_a_postcode_is_read_whole(address: PostalAddress, typed: str, postcode: str | None) -> None:
    tidy, wrong = checked(replace(address, postal_code=typed))
    assert ("postal_code" in wrong) is (postcode is None)
    if postcode:
        assert (tidy.postal_code, wrong) == (postcode, {})


def test_the_british_forces_post_needs_no_town() -> None:
    tidy, wrong = checked(replace(GREENWICH, street_address="HMS Victory", city="", postal_code="bfpo 204"))
    assert wrong == {}
    assert lines(tidy) == ["Ann Lee", "HMS Victory", "BFPO 204", "United Kingdom"]


@pytest.mark.parametrize(("code", "state"), [("09012", "AE"), ("34002", "AA"), ("96201-1234", "AP")])
def test_the_american_forces_post_knows_its_state(code: str, state: str) -> None:
    typed = replace(OHIO, street_address="PSC 1, Box 2", city="A.P.O.", country_area="", postal_code=code)
    tidy, wrong = checked(typed)
    assert (wrong, tidy.city, tidy.country_area) == ({}, "APO", state)
    assert lines(tidy)[-2] == f"APO, {state} {code}"
