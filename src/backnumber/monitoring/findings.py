"""What was found of the installation's state, and how to find it. Each look answers in a sentence and with a number."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Literal, TypeVar

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from backnumber import configuration
from backnumber.invoices.queries import missing_of_seller, seller_now
from backnumber.mail.models import Mail
from backnumber.payments.queries import differences_open, not_compared_since
from backnumber.search import queries as search
from backnumber.search.index import Broken
from backnumber.tax.queries import without_a_rate

State = Literal["ok", "note", "wrong"]
Result = TypeVar("Result")

OLDEST_POSTGRESQL = 15
FULL, NEARLY_FULL = 1_000_000_000, 5_000_000_000  # bytes that are left
SLOW, STUCK = timedelta(minutes=2), timedelta(minutes=15)  # that a job which is due has waited
FEW, MANY = 100, 2_000  # changes that the search index has not heard of
LATELY = timedelta(days=7)
COMPARED_WITHIN = timedelta(hours=50)  # two nights
WORKER_IS_GONE = timedelta(minutes=1)  # since it was last heard of


@dataclass(frozen=True, slots=True)
class Finding:
    """`do` is empty when nothing need be done. `name` and `value` are the figure of it, where there is one."""

    state: State
    what: str
    do: str = ""
    name: str = ""
    value: float | None = None


def look(now: datetime) -> Iterator[Finding]:
    """Promise: every finding, one by one. A database that is away ends them; a look that fails is a finding too."""
    yield disk()
    found = database()
    yield found
    if found.state != "wrong":
        for one in (migrations, workers, failed_jobs, search_index, mail, seller, tax_rates, payments):
            yield looked(one.__name__, partial(one, now))


def looked(name: str, look: Callable[[], Result]) -> Result | Finding:
    """Promise: what the look found, or that it failed."""
    try:
        return look()
    except (DatabaseError, OSError) as error:
        what = name.strip("_").replace("_", " ")
        return Finding("wrong", f"The {what} cannot be looked at: {' '.join(str(error).split())}", name=name)


def is_ready(now: datetime) -> dict[str, bool]:
    """Promise: whether the database answers, and has every migration; no more is looked at."""
    answers = database().state != "wrong"
    return {
        "database": answers,
        "migrations": answers and looked("migrations", lambda: migrations(now)).state == "ok",
    }


def disk() -> Finding:
    free = shutil.disk_usage(settings.VAR).free
    name, told = "disk_free_bytes", f"{free / 1e9:.1f}" if free < 10e9 else f"{free / 1e9:.0f}"
    if free < FULL:
        return Finding(
            "wrong", f"Only {told} GB are free for the var folder.", "Make room on the disk.", name, free
        )
    if free < NEARLY_FULL:
        return Finding(
            "note", f"Only {told} GB are free for the var folder.", "Make room on the disk soon.", name, free
        )
    return Finding("ok", f"{told} GB are free for the var folder.", name=name, value=free)


def database() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0]
    except DatabaseError as error:
        told = " ".join(str(error).split())
        what = f"The database does not answer: {told}"
        return Finding("wrong", what, "Check DATABASE_URL and that the server runs.", "database_up", 0)
    where = "embedded" if "folder" in settings.DATABASES["default"]["OPTIONS"] else "at DATABASE_URL"
    if int(version.split(".")[0].split()[0]) < OLDEST_POSTGRESQL:
        what = f"PostgreSQL {version} is too old."
        return Finding("wrong", what, f"Use PostgreSQL {OLDEST_POSTGRESQL} or newer.", "database_up", 1)
    return Finding("ok", f"PostgreSQL {version.split()[0]}, {where}.", name="database_up", value=1)


def migrations(_now: datetime) -> Finding:
    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if pending:
        what = f"{pending} migrations are not applied."
        return Finding("wrong", what, "Run `backnumber setup`.", "migrations_pending", pending)
    return Finding("ok", "The database has every migration.", name="migrations_pending", value=0)


def workers(now: datetime) -> Finding:
    """Whether somebody does the work, and how long the job that is due longest has waited."""
    with connection.cursor() as cursor:
        cursor.execute(_WORKERS, [now - WORKER_IS_GONE])
        at_work = cursor.fetchone()[0]
        cursor.execute(_WAITING, {"now": now})
        waiting, since = cursor.fetchone()
    age = now - since if since else timedelta(0)
    told = f"{waiting:,} jobs wait, one of them for {_words(age)}." if waiting else "No job waits."
    if not at_work:
        return Finding("wrong", f"No worker is at work. {told}", "Run `backnumber worker`.", "workers", 0)
    if age > STUCK:
        do = "See the worker's log; start another one if it is only busy."
        return Finding("wrong", f"{at_work} at work, but {told}", do, "workers", at_work)
    state: State = "note" if age > SLOW else "ok"
    return Finding(state, f"{at_work} worker(s) at work. {told}", name="workers", value=at_work)


def oldest_job_seconds(now: datetime) -> float:
    """Promise: how long the job that is due longest has waited; 0 when none waits."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"now": now})
        _, since = cursor.fetchone()
    return (now - since).total_seconds() if since else 0.0


def failed_jobs(now: datetime) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(_FAILED, [now - LATELY])
        failed, names = cursor.fetchone()
    if failed:
        what = f"{failed:,} jobs have failed for good in the last seven days: {names}."
        return Finding("note", what, "See the worker's log for why.", "jobs_failed", failed)
    return Finding("ok", "No job has failed in the last seven days.", name="jobs_failed", value=0)


def search_index(_now: datetime) -> Finding:
    """Of this node: each has its own."""
    name, do = "search_changes_behind", "Run `backnumber index` on this machine."
    try:
        behind = len(search.changes(search.search_index().state(), MANY + 1).rows)
    except Broken as broken:
        return Finding("note", f"There is no search index on this machine yet ({broken}).", do, name)
    if behind > MANY:
        return Finding("wrong", f"The search index is more than {MANY:,} changes behind.", do, name, behind)
    if behind > FEW:
        return Finding("note", f"The search index is {behind} changes behind.", do, name, behind)
    return Finding("ok", "The search index is up to date.", name=name, value=behind)


def mail(now: datetime) -> Finding:
    refused = Mail.objects.filter(state=Mail.State.REFUSED, settled_at__gte=now - LATELY).count()
    if refused:
        what = f"{refused:,} mails were refused in the last seven days."
        return Finding("note", what, "See Mail in the admin for whose, and why.", "mail_refused", refused)
    return Finding("ok", "No mail was refused in the last seven days.", name="mail_refused", value=0)


def seller(_now: datetime) -> Finding:
    """Whether invoices name who sells. Of a magazine that sells nothing, and of the demo, nothing is asked."""
    missing = missing_of_seller() if _sells() else []
    if missing:
        what = f"Invoices lack the seller's {' and '.join(missing)}."
        return Finding("note", what, "Write who sells in the admin, under Settings, Seller.", "seller")
    return Finding(
        "ok", "Invoices name who sells." if _sells() else "No invoice needs a seller.", name="seller"
    )


def tax_rates(now: datetime) -> Finding:
    """Whether an invoice can be issued for every country whose tax is charged."""
    missing = without_a_rate(timezone.localdate(now)) if _sells() and seller_now().vat_number else []
    if missing:
        named = ", ".join(missing[:6]) + (" …" if len(missing) > 6 else "")
        what = f"The table of tax rates has none for {named}: no invoice can be issued there."
        return Finding(
            "wrong", what, "Add them in the admin, under Settings, Tax rates.", "tax_rates", len(missing)
        )
    return Finding("ok", "Every tax rate that is needed is there.", name="tax_rates", value=0)


def payments(now: datetime) -> Finding:
    """Whether the payment providers' books were compared with ours lately, and agree."""
    name, compared = "payments_differ", not_compared_since()
    if differ := len(differences_open()):
        what = f"{differ:,} payments differ from the providers' books, and need a decision."
        return Finding("wrong", what, "See Payments compared in the admin.", name, differ)
    late = sorted(one for one, since in compared.items() if now - since > COMPARED_WITHIN)
    if late:
        what = f"Payments by {' and '.join(late)} were not compared with the provider's book within two days."
        do = "The worker does it by night; `backnumber compare-payments` does it now, and says what stands in the way."
        return Finding("note", what, do, name, 0)
    told = "agree with the providers' books." if compared else "are compared once there are any."
    return Finding("ok", f"Payments {told}", name=name, value=0)


def _sells() -> bool:
    return configuration.is_production() and settings.PAYMENTS != "none"


def _words(age: timedelta) -> str:
    seconds = max(0, int(age.total_seconds()))
    if seconds < 120:
        return f"{seconds} seconds"
    return f"{seconds // 60} minutes" if seconds < 7200 else f"{seconds // 3600} hours"


_WORKERS = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > %s"
# A job waits from when it is due: the instant it was planned for, else the last at which it was put into the queue.
_WAITING = """
    SELECT count(*), min(due) FROM (
        SELECT coalesce(job.scheduled_at, max(event.at)) AS due
        FROM procrastinate_jobs AS job LEFT JOIN procrastinate_events AS event
          ON event.job_id = job.id AND event.type IN ('deferred', 'deferred_for_retry', 'retried')
        WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= %(now)s)
        GROUP BY job.id
    ) AS waiting
"""
_FAILED = """
    SELECT coalesce(sum(number), 0), string_agg(task_name || ' ' || number, ', ' ORDER BY number DESC) FROM (
        SELECT job.task_name, count(DISTINCT job.id) AS number
        FROM procrastinate_jobs AS job JOIN procrastinate_events AS event ON event.job_id = job.id
        WHERE job.status = 'failed' AND event.type = 'failed' AND event.at >= %s
        GROUP BY job.task_name
    ) AS failed
"""
