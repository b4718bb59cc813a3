"""Saying who acts, and why: while it is said, the database writes down every change of this connection."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from django.db import connection

from backnumber.readers.models import Reader

_SAY = (
    "SELECT set_config('backnumber.actor', %s, false), set_config('backnumber.reason', %s, false), "
    "set_config('backnumber.act', %s, false)"
)


@dataclass(frozen=True, slots=True)
class _Said:
    actor: str = ""
    reason: str = ""
    act: str = ""


_NOBODY = _Said()
_said: ContextVar[_Said] = ContextVar("backnumber_audit", default=_NOBODY)


@contextmanager
def acting(by: Reader, because: str = "") -> Iterator[None]:
    """Promise: what is changed within is written down as done by `by`; two queries. Within another of the same person it adds the
    reason, and the act stays one.
    """
    before = _said.get()
    now = _Said(str(by.pk), because, uuid.uuid4().hex)
    if before.actor == now.actor:
        now = replace(now, reason=because or before.reason, act=before.act)
    token = _said.set(now)
    _say(now)
    try:
        yield
    finally:
        _said.reset(token)
        _say(before)


def _say(said: _Said) -> None:
    """A transaction that has failed is rolled back, and what was said within it too."""
    if connection.connection is not None and connection.needs_rollback:
        return
    with connection.cursor() as cursor:
        cursor.execute(_SAY, [said.actor, said.reason, said.act])
