"""Who is owed copies of an issue on the day of its cut-off: one statement, read once by the dry run and by the freezing alike."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from backnumber.archive.models import Title
from backnumber.copies.models import Run
from backnumber.renewals.models import Subscription


@dataclass(frozen=True, slots=True)
class Owed:
    """A subscriber who is owed `copies` from number `from_number` on. `address` is line by line, the post town last. `left` is
    how many issues of a term counted in issues, or beyond its dates, are left with this one.
    """

    subscription: int
    chain: int
    number: str
    name: str
    given_by: str
    address: str
    postcode: str
    country: str
    paid_region: str
    ends_on: date
    reader: int | None
    in_dates: bool
    left: int
    has_later: bool
    from_number: int
    copies: int
    missed: str  # what a pause does with the issue: a value of Pause.Missed; empty without a pause


# A chain is a print subscription with those that continue it: of those owed at once, one is served, the one that began first; what
# is owed beyond the dates of a term waits until no term runs.
_OWED = """
WITH known AS (
    SELECT s.*, COALESCE(s.first_id, s.id) AS chain FROM circulation_printsubscription s
    WHERE s.starts_on <= %(cut_off)s AND s.status IN ('active', 'lapsed')
    AND (s.title_id = %(title)s OR (s.title_id IS NULL AND %(is_first)s))
), extra AS (
    SELECT subscription_id, count(*) AS n FROM (
        SELECT subscription_id FROM copies_skipped WHERE is_kept AND issue_id <> %(issue)s
        UNION ALL
        SELECT c.subscription_id FROM copies_remedy r JOIN copies_copy c ON c.id = r.copy_id WHERE r.done = 'credit'
    ) AS each GROUP BY 1
), served AS (
    SELECT c.subscription_id, count(DISTINCT c.issue_id) AS n,
        count(DISTINCT c.issue_id) FILTER (WHERE run.cut_off > known.ends_on) AS after
    FROM copies_copy c
    JOIN known ON known.id = c.subscription_id
    LEFT JOIN extra ON extra.subscription_id = known.id
    JOIN copies_label label ON label.id = c.label_id
    JOIN copies_run run ON run.id = label.run_id
    WHERE c.again = 0 AND c.number = 1 AND c.issue_id <> %(issue)s AND (known.issues IS NOT NULL OR extra.n > 0)
    GROUP BY 1
), due AS (
    SELECT known.*, known.issues IS NULL AND known.ends_on >= %(cut_off)s AS in_dates,
        COALESCE(known.issues, 0) + COALESCE(extra.n, 0)
            - CASE WHEN known.issues IS NULL THEN COALESCE(served.after, 0) ELSE COALESCE(served.n, 0) END AS remaining
    FROM known LEFT JOIN extra ON extra.subscription_id = known.id LEFT JOIN served ON served.subscription_id = known.id
), chosen AS (
    SELECT DISTINCT ON (chain) * FROM due
    WHERE (status = 'active' AND (in_dates OR (issues IS NOT NULL AND remaining > 0)))
    OR (issues IS NULL AND ends_on < %(cut_off)s AND remaining > 0)
    ORDER BY chain, (issues IS NULL AND NOT in_dates), starts_on, id
), sent AS (
    SELECT COALESCE(s.first_id, s.id) AS chain, count(*) AS n
    FROM copies_copy c JOIN circulation_printsubscription s ON s.id = c.subscription_id
    WHERE c.issue_id = %(issue)s AND c.again = 0 GROUP BY 1
), skipped AS (
    SELECT DISTINCT COALESCE(s.first_id, s.id) AS chain
    FROM copies_skipped k JOIN circulation_printsubscription s ON s.id = k.subscription_id
    WHERE k.issue_id = %(issue)s
), paused AS (
    SELECT DISTINCT ON (COALESCE(s.first_id, s.id)) COALESCE(s.first_id, s.id) AS chain, p.missed
    FROM copies_pause p JOIN circulation_printsubscription s ON s.id = p.subscription_id
    WHERE p.from_on <= %(mailing_on)s AND COALESCE(p.to_on, 'infinity') >= %(mailing_on)s
    ORDER BY COALESCE(s.first_id, s.id), p.from_on, p.id
), elsewhere AS (
    SELECT DISTINCT ON (COALESCE(s.first_id, s.id)) COALESCE(s.first_id, s.id) AS chain, a.name, a.address, a.postcode, a.country
    FROM copies_otheraddress a JOIN circulation_printsubscription s ON s.id = a.subscription_id
    WHERE a.from_on <= %(mailing_on)s AND COALESCE(a.to_on, 'infinity') >= %(mailing_on)s
    ORDER BY COALESCE(s.first_id, s.id), a.to_on IS NULL, a.from_on DESC, a.id DESC
)
SELECT c.id, c.chain, root.number, COALESCE(NULLIF(e.name, ''), c.name), c.given_by, COALESCE(e.address, c.address),
    COALESCE(e.postcode, c.postcode), COALESCE(e.country, c.country), c.paid_region, c.ends_on, c.reader_id, c.in_dates,
    c.remaining, EXISTS (
        SELECT FROM circulation_printsubscription later
        WHERE later.first_id = c.chain AND later.status = 'active' AND later.starts_on > c.starts_on
    ), COALESCE(sent.n, 0) + 1, c.copies - COALESCE(sent.n, 0), COALESCE(paused.missed, '')
FROM chosen c
JOIN circulation_printsubscription root ON root.id = c.chain
LEFT JOIN elsewhere e ON e.chain = c.chain
LEFT JOIN paused ON paused.chain = c.chain
LEFT JOIN sent ON sent.chain = c.chain
WHERE c.copies > COALESCE(sent.n, 0) AND NOT EXISTS (SELECT FROM skipped WHERE skipped.chain = c.chain)
ORDER BY c.chain
"""

_AGAIN = """
SELECT s.id, COALESCE(s.first_id, s.id), c.number, c.again + 1
FROM copies_remedy r JOIN copies_copy c ON c.id = r.copy_id JOIN circulation_printsubscription s ON s.id = c.subscription_id
WHERE r.done = 'replace' AND c.issue_id = %(issue)s AND NOT EXISTS (
    SELECT FROM copies_copy later
    WHERE later.subscription_id = c.subscription_id AND later.issue_id = c.issue_id AND later.number = c.number AND later.again > c.again
)
ORDER BY s.id, c.number
"""
_WHERE_NOW = """
WITH elsewhere AS (
    SELECT DISTINCT ON (COALESCE(s.first_id, s.id)) COALESCE(s.first_id, s.id) AS chain, a.name, a.address, a.postcode, a.country
    FROM copies_otheraddress a JOIN circulation_printsubscription s ON s.id = a.subscription_id
    WHERE a.from_on <= %(mailing_on)s AND COALESCE(a.to_on, 'infinity') >= %(mailing_on)s
    ORDER BY COALESCE(s.first_id, s.id), a.to_on IS NULL, a.from_on DESC, a.id DESC
)
SELECT s.id, COALESCE(s.first_id, s.id), root.number, COALESCE(NULLIF(e.name, ''), s.name), s.given_by,
    COALESCE(e.address, s.address), COALESCE(e.postcode, s.postcode), COALESCE(e.country, s.country), s.paid_region, s.ends_on,
    s.reader_id, true, 0, true, 1, 1, ''
FROM circulation_printsubscription s
JOIN circulation_printsubscription root ON root.id = COALESCE(s.first_id, s.id)
LEFT JOIN elsewhere e ON e.chain = COALESCE(s.first_id, s.id)
WHERE s.id = ANY(%(subscriptions)s) ORDER BY s.id
"""


@dataclass(frozen=True, slots=True)
class Again:
    """A copy to be sent once more, to where the subscriber is now."""

    owed: Owed
    number: int
    again: int


def owed_copies(run: Run) -> list[Owed]:
    """Promise: everybody who is owed copies of the run's issue by its cut-off and has not had them, those in a pause among them and
    marked; two queries.
    """
    return _owed(run.issue.title_id, run.issue_id, run.cut_off, run.mailing_on)


def subscribers_on(title: Title, day: date) -> list[Owed]:
    """Promise: everybody who would be owed copies of an issue with its cut-off and mailing on that day; two queries."""
    return _owed(title.pk, 0, day, day)


def _owed(title: int, issue: int, cut_off: date, mailing_on: date) -> list[Owed]:
    first = Title.objects.order_by("position", "name").values_list("pk", flat=True).first()
    asked: dict[str, int | bool | date] = {
        "issue": issue,
        "title": title,
        "is_first": title == first,
        "cut_off": cut_off,
        "mailing_on": mailing_on,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OWED, asked)
        return [Owed(*row) for row in cursor.fetchall()]


def owed_again(run: Run) -> list[Again]:
    """Promise: the copies of the run's issue that are to be replaced and have not been; two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_AGAIN, {"issue": run.issue_id})
        rows = cursor.fetchall()
        if not rows:
            return []
        asked: dict[str, list[int] | date] = {
            "subscriptions": [row[0] for row in rows],
            "mailing_on": run.mailing_on,
        }
        cursor.execute(_WHERE_NOW, asked)
        where = {row[0]: Owed(*row) for row in cursor.fetchall()}
    return [Again(where[subscription], number, again) for subscription, _, number, again in rows]


def renewing_readers() -> frozenset[int]:
    """Promise: the readers whose print subscription is charged again when its term is over; one query."""
    states = [Subscription.State.ACTIVE, Subscription.State.UNPAID, Subscription.State.PAUSED]
    rows = Subscription.objects.filter(state__in=states, product__is_print=True, reader__isnull=False)
    return frozenset(rows.values_list("reader_id", flat=True))
