"""How a mailbox is written: one spelling each, in ASCII, as it stands in the database and goes to the mail server. It must not know
Django's models.
"""

import unicodedata

import idna
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST = 254  # RFC 5321, 4.5.3.1.3, without the brackets


class NoAddress(ValueError):
    """No mail can go there; the words say why, and are fit to be shown."""


def spelling(address: str) -> str:
    """Promise: the one spelling of a mailbox: trimmed, in lower case, its domain as the DNS has it (IDNA 2008, mapped by UTS 46).

    Errors: NoAddress where there is no @, the domain cannot exist, or the whole is too long.
    """
    local, at, domain = unicodedata.normalize("NFC", address).strip().rpartition("@")
    if not (at and local and domain):
        raise NoAddress("it is no e-mail address")
    spelled = f"{local.lower()}@{_domain(domain)}"
    if len(spelled) > LONGEST:
        raise NoAddress("it is longer than an e-mail address can be")
    return spelled


def _domain(typed: str) -> str:
    lower = typed.lower().rstrip(".")
    if lower.isascii() and "xn--" not in lower:
        return lower
    try:
        return idna.encode(lower, uts46=True).decode()
    except idna.IDNAError:
        raise NoAddress("there can be no such name after the @") from None


def nearest_spelling(address: str) -> str:
    """Promise: the one spelling; of what is no address, itself in lower case: for comparing, where nothing is refused."""
    try:
        return spelling(address)
    except NoAddress:
        return address.strip().lower()


def deliverable(address: str) -> str:
    """Promise: the address as it is given to a mail server. Errors: NoAddress where none would take it."""
    spelled = spelling(address)
    if not spelled.isascii():
        raise NoAddress("the part before the @ has letters that mail servers do not take")
    try:
        validate_email(spelled)
    except ValidationError:
        raise NoAddress("it is no e-mail address") from None
    return spelled


def cleaned(address: str) -> str:
    """Promise: the one spelling of what somebody typed in a form. Errors: Django's ValidationError with what to do."""
    try:
        return deliverable(address)
    except NoAddress as fault:
        raise ValidationError(f"Check the address: {fault}.") from None
