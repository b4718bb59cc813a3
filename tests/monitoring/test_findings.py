"""What needs somebody's attention is told: in the admin, to load balancers, in figures, and by `doctor`."""

from collections import namedtuple
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings
from typer.testing import CliRunner

from backnumber.cli.commands import app
from backnumber.invoices.models import Seller
from backnumber.mail.models import Mail
from backnumber.monitoring import findings, views
from backnumber.readers.models import Reader
from backnumber.search import service as search
from backnumber.search.index import IndexState
from backnumber.tax.models import TaxRate
from backnumber.tax.service import load_first_rates

TOKEN = "a-token-that-nobody-guesses"
Usage = namedtuple("Usage", "total used free")

pytestmark = pytest.mark.django_db


def stated(name: str) -> findings.Finding:
    return next(finding for finding in findings.look(timezone.now()) if finding.name == name)


def run(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def a_worker() -> None:
    run("INSERT INTO procrastinate_workers DEFAULT VALUES")


def a_job(status: str, age: timedelta, event: str) -> None:
    run(
        "WITH made AS (INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('q', 'mail.deliver', %s::procrastinate_job_status) RETURNING id)"
        " INSERT INTO procrastinate_events (job_id, type, at) SELECT id, %s::procrastinate_job_event_type, %s FROM made",
        status,
        event,
        timezone.now() - age,
    )


@pytest.fixture(autouse=True)
def _empty_queue() -> None:
    """What tests that commit have left in the queue is none of these tests' affair."""
    for table in ("events", "jobs", "workers"):
        run(f"DELETE FROM procrastinate_{table}")  # noqa: S608


def test_no_worker_is_told_and_one_that_was_not_heard_of_lately_is_none() -> None:
    assert stated("workers").what.startswith("No worker is at work.")
    run("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes')")
    assert stated("workers").state == "wrong"
    a_worker()
    assert stated("workers").what == "1 worker(s) at work. No job waits."


def test_a_job_that_waits_long_is_told_with_its_age_and_one_planned_for_later_does_not_wait() -> None:
    a_worker()
    run("DELETE FROM procrastinate_events")  # inserting writes one of its own, of now
    a_job("todo", timedelta(0), "deferred")
    run("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 day'")
    assert stated("workers").state == "ok"
    run("UPDATE procrastinate_jobs SET scheduled_at = now() - interval '50 minutes'")
    found = stated("workers")
    assert found.state == "wrong"
    assert "one of them for 50 minutes" in found.what
    assert findings.oldest_job_seconds(timezone.now()) == pytest.approx(3000, abs=30)


def test_jobs_that_failed_lately_are_told_by_name() -> None:
    a_job("failed", timedelta(days=30), "failed")
    run("UPDATE procrastinate_events SET at = now() - interval '30 days'")
    assert stated("jobs_failed").state == "ok"
    a_job("failed", timedelta(hours=1), "failed")
    found = stated("jobs_failed")
    assert found.what == "1 jobs have failed for good in the last seven days: mail.deliver 1."
    assert found.value == 1


def test_mail_that_was_refused_lately_is_told() -> None:
    now = timezone.now()
    facts = {"kind": "receipt", "sender": "post@example.com", "recipient": "ada@example.org"}
    Mail.objects.create(**facts, created_at=now, due_at=now)
    assert stated("mail_refused").state == "ok"
    Mail.objects.create(**facts, created_at=now, due_at=now, state=Mail.State.REFUSED, settled_at=now)
    assert stated("mail_refused").what == "1 mails were refused in the last seven days."


def test_a_disk_nearly_full_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert stated("disk_free_bytes").value
    monkeypatch.setattr(findings.shutil, "disk_usage", lambda path: Usage(10**12, 0, 400_000_000))
    assert stated("disk_free_bytes").what == "Only 0.4 GB are free for the var folder."


def test_a_search_index_that_is_behind_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert stated("search_changes_behind").what.startswith("There is no search index")
    search.rebuild()
    assert stated("search_changes_behind").state == "ok"
    monkeypatch.setattr(findings, "FEW", 0)
    monkeypatch.setattr(findings, "MANY", 2)
    run("INSERT INTO search_change (article_id, xid, at) SELECT n, 1, now() FROM generate_series(1, 5) n")
    search.queries.search_index().set_state(_rewound())
    assert "more than 2 changes behind" in stated("search_changes_behind").what


def _rewound() -> IndexState:
    return replace(search.queries.search_index().state(), xid=0, change=0, ahead=())


def test_the_first_page_of_the_admin_tells_an_administrator_and_no_editor(
    client: Client, staff: Reader, dan: Reader
) -> None:
    client.force_login(staff)
    assert "No worker is at work" in client.get("/admin/").content.decode()
    dan.is_staff = True
    dan.save()
    client.force_login(dan)
    assert "No worker is at work" not in client.get("/admin/").content.decode()


def test_the_doctor_tells_the_same() -> None:
    told = CliRunner().invoke(app, ["doctor"]).output
    assert "✗ No worker is at work." in told


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_KEPT", -1.0)


def test_who_is_ready_and_who_only_lives_are_told_apart(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/readyz").json() == {"status": "ok", "database": "ok", "migrations": "ok"}
    monkeypatch.setattr(connection, "cursor", away)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "database": "not ready", "migrations": "not ready"}
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.get("/healthz").content == b"ok\n"


def test_a_migration_that_is_missing_is_not_ready(client: Client) -> None:
    newest = "SELECT max(name) FROM django_migrations WHERE app = 'archive'"
    run(f"DELETE FROM django_migrations WHERE app = 'archive' AND name = ({newest})")  # noqa: S608
    assert client.get("/readyz").json()["migrations"] == "not ready"
    assert client.get("/readyz").status_code == 503


def test_a_load_balancer_that_knows_no_name_of_ours_is_answered_and_nobody_else(client: Client) -> None:
    assert client.get("/readyz", headers={"host": "10.0.0.7:8000"}).status_code == 200
    assert client.get("/about/", headers={"host": "10.0.0.7:8000"}).status_code == 400


def test_figures_are_for_who_has_the_token(client: Client, settings: Settings) -> None:
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}x"}).status_code == 401
    a_worker()
    client.get("/account/sign-in/")
    told = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).content.decode()
    assert "backnumber_workers 1.0" in told
    assert "backnumber_database_up 1.0" in told
    assert 'backnumber_attention{what="workers"} 0.0' in told
    assert 'backnumber_django_seconds_count{status="2xx"}' in told
    assert "backnumber_oldest_job_seconds 0.0" in told


def test_every_figure_is_still_told_while_the_database_is_away(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.METRICS_TOKEN = TOKEN
    monkeypatch.setattr(connection, "cursor", away)
    told = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).content.decode()
    assert "backnumber_database_up 0.0" in told
    assert "backnumber_disk_free_bytes" in told


def away(*args: object, **kwargs: object) -> Callable[[], None]:
    raise OperationalError("connection refused")


def in_production(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings.configuration, "is_production", lambda: True)
    settings.PAYMENTS = "till"


def test_a_seller_nobody_has_written_is_told_in_production(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stated("seller").state == "ok", "the demo sells nothing"
    in_production(settings, monkeypatch)
    assert stated("seller").what == "Invoices lack the seller's name and address and e-mail."
    Seller.objects.create(name="Hourglass Press Ltd", address=" ", email="a@example.org")
    assert stated("seller").what == "Invoices lack the seller's address."
    assert "Settings, Seller" in CliRunner().invoke(app, ["doctor"]).output
    Seller.objects.update(address="12 Clerkenwell Close")
    assert stated("seller").state == "ok"
    settings.PAYMENTS = "none"
    Seller.objects.all().delete()
    assert stated("seller").state == "ok"


def test_a_country_without_a_rate_is_told_to_a_seller_who_is_registered(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_production(settings, monkeypatch)
    TaxRate.objects.all().delete()
    assert stated("tax_rates").state == "ok", "who is not registered charges none"
    Seller.objects.create(name="Hourglass Press Ltd", vat_number="GB980780684")
    assert stated("tax_rates").value == 56
    load_first_rates()
    assert stated("tax_rates").state == "ok"
    TaxRate.objects.filter(country="IE", kind="print").delete()
    assert "none for IE print:" in stated("tax_rates").what
