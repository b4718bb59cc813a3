"""The page store's own words to PostgreSQL: how a stored page is fetched, and when it is void. Pure: knows no Django.

A page is rendered in a transaction that first notes what it sees: its own number (`xid`), which transactions it sees
(`snapshot`), and the last change noted so far (`seq`). Triggers note in `edge_change` what every other one changes. So a
page is void when something that it shows was changed by a transaction that it did not see, whenever that one commits, or
by its own after it was rendered. A change that was rolled back left no note.

A transaction below the snapshot's lower end was seen: `c.xid >=` says that to the index, so that old notes cost nothing.
Numbers of transactions mean nothing in another cluster: after a restore of a dump every page is void.
"""

VOID = """(
    p.cluster <> (SELECT system_identifier FROM pg_control_system())
    OR EXISTS (
        SELECT FROM edge_change AS c
        WHERE c.key = ANY (p.keys || '*'::text)
        AND c.xid >= pg_snapshot_xmin(p.snapshot::pg_snapshot)::text::bigint
        AND CASE
            WHEN c.xid = p.xid THEN c.id > p.seq
            ELSE NOT pg_visible_in_snapshot(c.xid::text::xid8, p.snapshot::pg_snapshot)
        END
    )
)"""
"""Of `edge_page AS p`: whether it shows something that has changed since."""

FETCH = f"""
    SELECT p.content FROM edge_page AS p
    WHERE p.address = %(address)s AND p.build = %(build)s AND NOT {VOID}
"""  # noqa: S608
"""Of `address` and `build`: the content of the page as it was stored, when it is there and not void.

Whoever reads it looks at its `good_until` too.
"""
