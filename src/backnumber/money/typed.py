"""An amount as a person types it: "52.00", never minor units. Pure."""

import re
from decimal import Decimal

from backnumber.money.amounts import Amount, currencies, digits_of, symbol_of

MOST_MINOR = 2_147_483_647  # what the database's integer holds
_FIGURES = re.compile(r"\d+|\d{1,3}(?P<group>[,. '])\d{3}(?:(?P=group)\d{3})*")


class NotAnAmount(ValueError):
    """What was typed is no amount; the message says what to type."""


def as_typed(amount: Amount) -> str:
    """Promise: what `amount_from` reads back as the same amount: "52.00", "5200" where the currency has no smaller unit."""
    return f"{amount.major:.{digits_of(amount.currency)}f}"


def currency_from(typed: str) -> str:
    """Promise: the code in capitals. Errors: NotAnAmount for what is no currency of today."""
    code = typed.strip().upper()
    if code not in currencies():
        raise NotAnAmount("Give the currency by its three letters, as in GBP or EUR.")
    return code


def amount_from(typed: str, currency: str) -> Amount:
    """Promise: the amount, more than nothing. A sign or code of the currency may stand before or behind; thousands may be
    parted; the point, or the comma, has as many digits behind it as the currency has, or none.

    Errors: NotAnAmount, also where a point could mean two things.
    """
    text = " ".join(re.sub("[\u00a0\u202f\u2009’]", " ", typed).replace("−", "-").split())
    for mark in (symbol_of(currency), currency):
        text = text.removeprefix(mark).removesuffix(mark).strip()
    if text.startswith("-"):
        raise NotAnAmount("A price is more than nothing.")
    digits = digits_of(currency)
    minor = _minor(text, digits)
    if minor is None:
        raise NotAnAmount(_advice(currency, digits))
    if minor == 0:
        raise NotAnAmount(
            "A price is more than nothing. What is to be free is opened by its policy, not sold for nothing."
        )
    if minor > MOST_MINOR:
        raise NotAnAmount("That is more than can be charged.")
    return Amount(minor, currency)


def _minor(text: str, digits: int) -> int | None:
    whole, behind = text, ""
    if digits == 3 and re.fullmatch(r"\d{1,3},\d{3}", text, re.ASCII):
        return None  # "1,000": a thousand, or one with three digits behind
    if digits and (found := re.fullmatch(rf"(.*\d)([.,])(\d{{{digits}}})", text, re.ASCII)):
        whole, behind = found[1], found[3]
        grouped = re.fullmatch(_FIGURES.pattern, whole, re.ASCII)
        if grouped is not None and grouped["group"] == found[2]:
            return None  # "1,000,00"
    if len(text) > 30 or re.fullmatch(_FIGURES.pattern, whole, re.ASCII) is None:
        return None
    if not behind and "." in whole:
        return None  # "1.000": a thousand, or one with too many digits behind
    return int(Decimal(re.sub(r"\D", "", whole)).scaleb(digits)) + int(behind or "0")


def _advice(currency: str, digits: int) -> str:
    example = as_typed(Amount(52 * 10**digits, currency))
    if digits == 0:
        return f"Write it in whole figures, as {example}: {currency} has no smaller unit."
    return f"Write it with {digits} figures after the point, as {example}."
