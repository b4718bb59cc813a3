"""Commands on accounts: open one that needs no confirmation, forget the ones nobody confirmed."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction

from backnumber.readers.models import Reader

KEPT_UNCONFIRMED = timedelta(days=7)


@transaction.atomic
def open_account(
    email: str, password: str | None = None, *, first_name: str = "", last_name: str = ""
) -> Reader:
    """Promise: an account whose address counts as confirmed, made or found; a found one keeps its password
    unless one is given.

    For the command line and the demo, where somebody has vouched for the address.
    """
    reader = Reader.objects.filter(email__iexact=email).first()
    if reader is None:
        reader = Reader.objects.create_user(email, password, first_name=first_name, last_name=last_name)
    elif password:
        reader.set_password(password)
        reader.save(update_fields=["password"])
    EmailAddress.objects.update_or_create(
        user=reader, email=reader.email, defaults={"verified": True, "primary": True}
    )
    return reader


@transaction.atomic
def distrust_password(reader: Reader) -> bool:
    """Promise: a password set before the address was ever confirmed opens nothing: a stranger may have set
    it. Whether one was removed.

    Called when somebody proves the address by a code they asked for, not by the one the sign-up sent.
    """
    known = EmailAddress.objects.filter(user=reader)
    if not reader.has_usable_password() or not known.exists() or known.filter(verified=True).exists():
        return False
    reader.set_unusable_password()
    reader.save(update_fields=["password"])
    return True


def forget_unconfirmed(now: datetime) -> int:
    """Promise: accounts that confirmed nothing for a week and never signed in are gone; how many."""
    stale = Reader.objects.filter(
        emailaddress__isnull=False, last_login=None, is_staff=False, date_joined__lt=now - KEPT_UNCONFIRMED
    ).exclude(emailaddress__verified=True)
    return stale.delete()[1].get("readers.Reader", 0)


def hold_reader(reader: int) -> bool:
    """Promise: whether there is such a reader, whose row is locked until the transaction ends: others may refer to it, and
    nobody else counts what this reader may do.
    """
    row = Reader.objects.select_for_update(no_key=True).filter(pk=reader).values_list("pk", flat=True)
    return row.first() is not None
