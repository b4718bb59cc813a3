"""Issues passes."""

from datetime import datetime

from django.conf import settings

from backnumber.access import Grant
from backnumber.pages import passes
from backnumber.pages.passes import Pass
from backnumber.pages.seals import Keyring, keyring
from backnumber.passes import queries
from backnumber.passes.models import Generation


def keys() -> Keyring:
    return keyring("pass", (settings.SECRET_KEY, *settings.OLD_SECRET_KEYS))


def issue(reader: int, session_key: str, now: datetime) -> str | None:
    """Promise: the cookie's value, good for `passes.LASTS`; None for a reader with more grants than it holds. One query."""
    number, grants = queries.generation_and_grants(reader)
    held = tuple(grant for grant in grants if may_open(grant, now))
    return passes.sealed(
        Pass(reader, passes.session_mark(session_key), number, now + passes.LASTS, held), keys()
    )


def is_current(held: Pass) -> bool:
    """Promise: whether nothing has changed since the pass was issued; one query."""
    return not Generation.objects.filter(reader=held.reader, number__gt=held.generation).exists()


def may_open(grant: Grant, now: datetime) -> bool:
    """Promise: whether the grant could open anything while the pass lasts; what never can is left at home."""
    is_over = grant.until is not None and grant.until <= now and grant.kept is None
    is_revoked = grant.revoked_at is not None and grant.revoked_at <= now
    return grant.evidence is not None and not is_over and not is_revoked
