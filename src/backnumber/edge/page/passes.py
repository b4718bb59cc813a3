"""The pass: what the door knows of a reader, in a cookie, for a few minutes.

It carries the reader's grants, so that the rule can be asked without a database; it opens nothing by itself. What it says was
true when Django issued it; `generation` and `session` let the door refuse it as soon as that has changed.
"""

import hashlib
import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from backnumber.access import Evidence, Grant, Scope, ScopeKind
from backnumber.edge.page.cookie_names import host_cookie
from backnumber.edge.page.seals import Keyring

COOKIE = host_cookie("pass")
LASTS = timedelta(minutes=5)
LOOKED_BACK = 3 * LASTS  # longer than any pass lives, with clocks that differ
MOST_GRANTS = 16  # with more, Django answers; their pages are right, only slower
VERSION = 1
_HEAD = struct.Struct(
    ">BQ8sQIB"
)  # version, reader, session, generation, until (seconds since 1970), how many grants
_GRANT = struct.Struct(
    ">QBqqq"
)  # key, evidence, starts, until, revoked (microseconds since 1970; NEVER: none)
_SCOPE = struct.Struct(
    ">BqqqiiH"
)  # kind, title, issue, article, first and last day (ordinal), years; 0: none
NEVER = -(1 << 63)
_KINDS = tuple(ScopeKind)
_EVIDENCE = tuple(Evidence)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pass:
    """Who, in which session, with which grants (their labels left out), until when. `session` is eight bytes that name a session and do not open it."""

    reader: int
    session: bytes
    generation: int
    until: datetime
    grants: tuple[Grant, ...]


def session_digest(session_key: str) -> bytes:
    """Promise: eight bytes that name a session and do not open it; the database's trigger makes the same."""
    return hashlib.sha256(session_key.encode()).digest()[:8]


def sealed(issued: Pass, keys: Keyring) -> str | None:
    """Promise: the cookie's value; None for a reader with more grants than a cookie holds."""
    if len(issued.grants) > MOST_GRANTS:
        return None
    until = int(issued.until.timestamp())
    head = _HEAD.pack(VERSION, issued.reader, issued.session, issued.generation, until, len(issued.grants))
    return keys.seal(head + b"".join(_packed(grant) for grant in issued.grants))


def opened(cookie: str, keys: Keyring) -> Pass | None:
    """Promise: the pass as issued, whether or not it has ended; None for anything that is not one of ours."""
    content = keys.opened(cookie)
    if content is None or len(content) < _HEAD.size:
        return None
    version, reader, session, generation, until, count = _HEAD.unpack_from(content)
    if version != VERSION:
        return None
    try:
        grants = _grants(content, count)
    except (struct.error, IndexError, ValueError, OverflowError):
        return None
    return (
        None
        if grants is None
        else Pass(reader, session, generation, datetime.fromtimestamp(until, UTC), grants)
    )


def _packed(grant: Grant) -> bytes:
    kept = b"\x01" + _packed_scope(grant.kept) if grant.kept else b"\x00"
    evidence = _EVIDENCE.index(grant.evidence) if grant.evidence else 255
    times = (_micro(grant.starts), _micro(grant.until), _micro(grant.revoked_at))
    return _GRANT.pack(grant.id, evidence, *times) + _packed_scope(grant.scope) + kept


def _packed_scope(scope: Scope) -> bytes:
    first = scope.first_date.toordinal() if scope.first_date else 0
    last = scope.last_date.toordinal() if scope.last_date else 0
    keys = (scope.title or 0, scope.issue or 0, scope.article or 0)
    return _SCOPE.pack(_KINDS.index(scope.kind), *keys, first, last, scope.years or 0)


def _grants(content: bytes, count: int) -> tuple[Grant, ...] | None:
    at = _HEAD.size
    grants = []
    for _ in range(count):
        key, evidence, starts, until, revoked = _GRANT.unpack_from(content, at)
        scope = _scope(content, at := at + _GRANT.size)
        at += _SCOPE.size
        kept, at = (_scope(content, at + 1), at + 1 + _SCOPE.size) if content[at] else (None, at + 1)
        begins = _instant(starts)
        if begins is None:
            return None
        named = _EVIDENCE[evidence] if evidence < len(_EVIDENCE) else None
        grants.append(Grant(key, scope, begins, _instant(until), named, "", _instant(revoked), kept))
    return tuple(grants) if at == len(content) else None


def _scope(content: bytes, at: int) -> Scope:
    kind, title, issue, article, first, last, years = _SCOPE.unpack_from(content, at)
    return Scope(
        _KINDS[kind], title or None, issue or None, article or None, _day(first), _day(last), years or None
    )


def _day(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None


def _micro(moment: datetime | None) -> int:
    return NEVER if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)


def _instant(micro: int) -> datetime | None:
    return None if micro == NEVER else _EPOCH + timedelta(microseconds=micro)
