"""The database's own triggers stay linear: what compares rows before and after is planned anew each time.

A plan kept by a connection was made for the number of rows of its first run; for one row that is a nested loop, and ten thousand rows
later it compares a hundred million pairs (`python bench/triggers.py` shows the growth).
"""

import re

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

_FUNCTIONS = """
SELECT DISTINCT p.proname, p.prosrc FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal
"""
_EXECUTED = re.compile(r"EXECUTE\s+(?:format\(\s*)?(\$q\$.*?\$q\$|'[^']*')", re.DOTALL)
_JOINS_BOTH = re.compile(r"new_rows\b[^;]*\bJOIN\s+old_rows\b|old_rows\b[^;]*\bJOIN\s+new_rows\b")
_SEARCHED_FOR_EACH_ROW = re.compile(r"= ANY \((?!articles\)|pictures\))")


def keeps_a_plan(source: str) -> bool:
    """Whether a trigger's function joins changed rows, or searches an array for each of them, in a plan that is kept."""
    kept = _EXECUTED.sub("", source)
    return bool(_JOINS_BOTH.search(kept) or _SEARCHED_FOR_EACH_ROW.search(kept))


def test_no_trigger_keeps_a_plan_that_joins_changed_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTIONS)
        found = dict(cursor.fetchall())
    assert len(found) > 15
    assert any(_JOINS_BOTH.search(source) for source in found.values())
    assert [name for name, source in found.items() if keeps_a_plan(source)] == []


@pytest.mark.parametrize(
    "source",
    [
        "BEGIN PERFORM f(array(SELECT n.id FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id)); END",
        "BEGIN PERFORM f(array(SELECT id FROM new_rows AS n JOIN old_rows AS o USING (id))); END",
        "BEGIN PERFORM f(array(SELECT 1 FROM new_rows WHERE article_id = ANY (g(array(SELECT 1 FROM new_rows))))); END",
    ],
)
def test_a_kept_plan_is_found_out(source: str) -> None:
    assert keeps_a_plan(source)


def test_a_plan_made_each_time_is_none() -> None:
    joined = "SELECT array(SELECT n.id FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id)"
    assert not keeps_a_plan(f"BEGIN EXECUTE $q$ {joined} $q$ INTO said; PERFORM f(said); END")
