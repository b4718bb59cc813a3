"""The rows, in groups, as they are numbered in the matrix. A new one goes into its group's ROWS."""

from backnumber.prove.row import Row
from backnumber.prove.rows import caches, cookies, desk, links, machine, page, requests, rights, search

BY_TESTS = (
    Row(9, "the weekly mail, its text part, its preheader", "the lead-in, except the unlocked long read",
        tests="tests/longread, tests/stories/test_the_weekly_mail.py"),
    Row(36, "every address in every URLconf and in the door", "classified",
        tests="tests/leaks/test_every_address.py"),
)  # fmt: skip
_GROUPS = (page, machine, search, desk, caches, requests, cookies, links, rights)

ALL: tuple[Row, ...] = tuple(
    sorted((*(row for group in _GROUPS for row in group.ROWS), *BY_TESTS), key=lambda row: row.number)
)
