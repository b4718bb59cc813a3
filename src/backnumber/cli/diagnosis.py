"""What `backnumber doctor` looks at. Each finding says what is so, and, where something must be done, what."""

import shutil
import smtplib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from backnumber import configuration
from backnumber.archive.models import Article, Issue
from backnumber.newsstand.queries import for_sale
from backnumber.post import carrier
from backnumber.readers.models import Reader


@dataclass(frozen=True, slots=True)
class Finding:
    """`do` is empty when nothing need be done."""

    state: Literal["ok", "note", "wrong"]
    what: str
    do: str = ""


def diagnose() -> Iterator[Finding]:
    """Promise: every finding, one by one, the first ones the ones others rest on; a database that is away ends them.

    A look that fails is a finding too: what was found before it has been said.
    """
    yield from (*_settings(), *_disk())
    database = _database()
    yield database
    if database.state != "wrong":
        for look in (_migrations, _static, _mail, _staff, _archive, _newsstand, _queue, _checks):
            yield from _looked(look)


def _looked(look: Callable[[], Iterable[Finding]]) -> list[Finding]:
    try:
        return list(look())
    except (DatabaseError, OSError) as error:
        what = look.__name__.strip("_")
        return [Finding("wrong", f"The {what} cannot be looked at: {' '.join(str(error).split())}")]


def _settings() -> list[Finding]:
    if not configuration.is_production():
        return [
            Finding(
                "note",
                "Demo mode: the till takes no money.",
                "For a magazine of your own set BACKNUMBER_MODE=production.",
            )
        ]
    missing = [
        Finding("wrong", f"{s.name} is not set: {s.help}", f"Set {s.name}.") for s in configuration.missing()
    ]
    return missing or [Finding("ok", "Production mode; every required setting is set.")]


def _disk() -> list[Finding]:
    free = shutil.disk_usage(configuration.var_folder()).free
    gigabytes = free / 1e9
    if gigabytes < 1:
        return [
            Finding(
                "wrong",
                f"Only {gigabytes:.1f} GB are free for {configuration.var_folder().name}/.",
                "Make room on the disk.",
            )
        ]
    return [Finding("ok", f"{gigabytes:.0f} GB are free for the var folder.")]


def _database() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0]
    except DatabaseError as error:
        return Finding(
            "wrong",
            f"The database does not answer: {str(error).strip()}",
            "Check DATABASE_URL and that the server runs.",
        )
    where = "embedded" if "folder" in settings.DATABASES["default"]["OPTIONS"] else "at DATABASE_URL"
    if int(version.split(".")[0]) < 15:
        return Finding("wrong", f"PostgreSQL {version} is too old.", "Use PostgreSQL 15 or newer.")
    return Finding("ok", f"PostgreSQL {version.split()[0]}, {where}.")


def _migrations() -> list[Finding]:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        return [Finding("wrong", f"{len(pending)} migrations are not applied.", "Run `backnumber setup`.")]
    return [Finding("ok", "The database has every migration.")]


def _static() -> list[Finding]:
    if any(settings.STATIC_ROOT.glob("staticfiles.json")):
        return [Finding("ok", "The static files are built.")]
    return [Finding("wrong", "The static files are not built.", "Run `backnumber setup`.")]


def _mail() -> list[Finding]:
    url = configuration.value("SMTP_URL")
    if not url:
        return [
            Finding("note", "Mail is kept in the var folder (see /demo/post/).", "Set SMTP_URL to send it.")
        ]
    try:
        with carrier.connection(url):
            return [Finding("ok", "The mail server answers and lets us in.")]
    except (smtplib.SMTPException, OSError) as error:
        return [Finding("wrong", f"The mail server does not let us in: {error}", "Check SMTP_URL.")]


def _staff() -> list[Finding]:
    if Reader.objects.filter(is_superuser=True, is_active=True).exists():
        return [Finding("ok", "There is an administrator.")]
    return [Finding("wrong", "There is no administrator.", "Run `backnumber staff you@example.org`.")]


def _archive() -> list[Finding]:
    issues, articles = Issue.objects.filter(live=True).count(), Article.objects.filter(live=True).count()
    if not articles:
        return [
            Finding("note", "The archive is empty.", "Run `backnumber import --help`, or write in the admin.")
        ]
    return [Finding("ok", f"{articles:,} articles in {issues:,} issues are published.")]


def _newsstand() -> list[Finding]:
    if for_sale():
        return [Finding("ok", f"{len(for_sale())} products are for sale.")]
    if settings.PAYMENTS == "none":
        return [Finding("ok", "Nothing is sold on the site, as BACKNUMBER_PAYMENTS says.")]
    return [
        Finding(
            "wrong",
            "Nothing is for sale: the gate has nothing to offer.",
            "Add products and prices in the admin.",
        )
    ]


def _queue() -> list[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE status = 'failed'), count(*) FILTER (WHERE status = 'todo') FROM procrastinate_jobs"
        )
        failed, waiting = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'"
        )
        workers = cursor.fetchone()[0]
    findings = [Finding("ok", f"{workers} worker(s) at work, {waiting} jobs waiting.")] if workers else []
    if not workers:
        findings.append(
            Finding(
                "wrong",
                f"No worker is at work; {waiting} jobs wait.",
                "Run `backnumber worker` (or `backnumber demo`).",
            )
        )
    if failed:
        findings.append(
            Finding("note", f"{failed} jobs have failed for good.", "See the worker's log for why.")
        )
    return findings


def _checks() -> list[Finding]:
    look: Callable[..., list] = run_checks  # type: ignore[type-arg]
    found = [
        m
        for m in look(include_deployment_checks=configuration.is_production())
        if m.level >= WARNING and not m.is_silenced()
    ]
    return [Finding("wrong", str(m.msg), m.hint or "") for m in found] or [
        Finding("ok", "Django's own checks find nothing.")
    ]
