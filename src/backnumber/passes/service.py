"""Issues passes, and forgets what no pass can name any more."""

from datetime import datetime, timedelta

from backnumber.access import Grant, is_over, is_revoked
from backnumber.edge.page import passes
from backnumber.edge.page.passes import Pass
from backnumber.passes import queries
from backnumber.passes.models import EndedSession
from backnumber.readers.keyrings import keyring_of
from backnumber.readers.models import Reader

MARKS_ARE_KEPT = timedelta(days=1)  # far longer than a pass lasts
_FOUND = "_generation_and_grants"


def grants_for_pass(reader: Reader) -> tuple[Grant, ...]:
    """Promise: every grant of the reader, ended ones too; one query, which the pass of this request need not make again."""
    found = queries.generation_and_grants(reader.pk)
    setattr(reader, _FOUND, found)
    return found[1]


def issue(reader: Reader, session_key: str, now: datetime) -> str | None:
    """Promise: the cookie's value, good for `passes.LASTS`; None for a reader with more grants than it holds. One query at most."""
    number, grants = getattr(reader, _FOUND, None) or queries.generation_and_grants(reader.pk)
    held = tuple(grant for grant in grants if may_open(grant, now))
    mark = passes.session_digest(session_key)
    return passes.sealed(Pass(reader.pk, mark, number, now + passes.LASTS, held), keyring_of("pass"))


def may_open(grant: Grant, now: datetime) -> bool:
    """Promise: whether the grant could open anything while the pass lasts; what never can is left at home."""
    if grant.evidence is None or is_revoked(grant, now):
        return False
    return grant.kept is not None or not is_over(grant, now)


def sweep(now: datetime) -> int:
    """Promise: marks of sessions that ended more than a day ago are gone, and how many they were."""
    return EndedSession.objects.filter(ended_at__lt=now - MARKS_ARE_KEPT).delete()[0]
