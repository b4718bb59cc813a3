"""Numbers of businesses for value added tax, by their form and check digits (python-stdnum). Nobody is asked whether one is in use."""

from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.gb import vat as gb_vat

_OF_SELLERS = (
    "EU",
    "IM",
)  # of the one-stop shop: whoever has one sells into the Union and buys nothing under it
_COUNTRY = {"EL": "GR", "XI": "GB"}


class NotANumber(ValueError):
    """What was typed is no number for value added tax of the United Kingdom or the Union."""


def checked(typed: str) -> str:
    """Promise: the number with its country's letters, without spaces: "DE136695976". Errors: NotANumber."""
    number = "".join(typed.split()).upper()
    try:
        if number.startswith("GB"):
            return f"GB{gb_vat.validate(number)}"
        if not number.startswith(_OF_SELLERS):
            return eu_vat.validate(number)
    except ValidationError as why:
        raise NotANumber(f"{typed} is no VAT number: {why}") from why
    raise NotANumber(f"{typed} is no VAT number of a buyer")


def country_of(typed: str) -> str:
    """Promise: the ISO code of the country that gave the number, empty for what is none: GR for EL…, GB for XI…."""
    try:
        letters = checked(typed)[:2]
    except NotANumber:
        return ""
    return _COUNTRY.get(letters, letters)
