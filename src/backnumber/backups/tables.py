"""What the tables hold, as a number of rows and a sum over them: equal before a backup and after it was restored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import msgspec
from django.db import connection
from django.db.backends.utils import CursorWrapper

# What a row looks like as text must not depend on who asks.
PLAIN_TEXT = "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET bytea_output = 'hex'; SET extra_float_digits = 1;"
_SUM = "coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)"
_TABLES = "SELECT c.oid::regclass::text, c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname"


@dataclass(frozen=True, slots=True)
class Contents:
    """`rows`: how many. `check`: a sum over the text of each row, in whatever order they come."""

    table: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$")]
    rows: int
    check: Annotated[str, msgspec.Meta(pattern=r"^[0-9]+$")]


def names() -> list[str]:
    """Promise: the tables of the database's public schema; none in an empty one."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return [name for _, name in cursor.fetchall()]


def contents() -> list[Contents]:
    """Promise: what each table holds, as this transaction sees it."""
    with connection.cursor() as cursor:
        cursor.execute(PLAIN_TEXT)
        return [_of(cursor, table) for table in names()]


def checks(wanted: Sequence[Contents]) -> str:
    """Promise: SQL that fails, naming the table, where one does not hold what it should."""
    return "\n".join((PLAIN_TEXT, *(_check(one) for one in wanted)))


def _check(one: Contents) -> str:
    held = f"SELECT count(*)::text || ' ' || {_SUM} FROM public.{_quoted(one.table)} AS t"  # noqa: S608  # a name of a known form
    said = f"RAISE EXCEPTION 'the table {one.table} does not hold what the backup held'"
    return f"DO $check$ BEGIN IF ({held}) <> '{one.rows} {one.check}' THEN {said}; END IF; END $check$;"


def _of(cursor: CursorWrapper, table: str) -> Contents:
    cursor.execute(f"SELECT count(*), {_SUM} FROM public.{_quoted(table)} AS t")  # noqa: S608  # a name of the database's own
    rows, check = cursor.fetchone()
    return Contents(table, rows, str(check))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
