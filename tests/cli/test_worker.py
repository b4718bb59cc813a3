"""The worker goes on when the database is back, ends well when told to and otherwise never, and takes up what another left."""

from pathlib import Path

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django import app

from backnumber import settings as project
from backnumber.cli import working
from tests.loops import run
from tests.outages import Cable, cable
from tests.serving import database_url
from tests.working import empty_the_queue, jobs, until, worker, workers_known

pytestmark = pytest.mark.django_db(transaction=True)
TASK = "backnumber.passes.tasks.sweep"


@pytest.fixture(autouse=True)
def queue(transactional_db: None) -> None:
    empty_the_queue()


def leave_a_job(task: str = TASK, *, lock: str | None = None, attempts: int = 0, worker: bool = True) -> int:
    """A job under way with a worker that was killed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        )
        gone = cursor.fetchone()[0] if worker else None
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, queueing_lock, attempts, worker_id)"
            " VALUES ('passes', %s, '{\"timestamp\": 0}', 'doing', %s, %s, %s) RETURNING id",
            [task, lock, attempts, gone],
        )
        return int(cursor.fetchone()[0])


def take_up() -> int:
    async def look() -> int:
        with app.replace_connector(app.connector.get_worker_connector()) as own:  # type: ignore[attr-defined]
            async with own.open_async():
                return await working.take_up_stalled(own.job_manager, 30)

    return run(look())


@pytest.mark.parametrize("known", [True, False])
def test_a_job_of_a_worker_that_is_gone_waits_for_another(known: bool) -> None:
    leave_a_job(worker=known)
    assert take_up() == 1
    assert jobs() == [(TASK, "todo", 1)]
    assert take_up() == 0


def test_a_job_of_a_worker_that_is_there_is_left_to_it() -> None:
    leave_a_job()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now()")
    assert take_up() == 0
    assert jobs() == [(TASK, "doing", 0)]


def test_a_job_whose_like_waits_already_is_dropped_and_the_next_one_is_taken_up() -> None:
    leave_a_job(lock="passes-sweep")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, queueing_lock)"
            " VALUES ('passes', %s, '{\"timestamp\": 0}', 'passes-sweep')",
            [TASK],
        )
    leave_a_job("backnumber.usage.tasks.other")
    take_up()
    assert sorted(status for _, status, _ in jobs()) == ["aborted", "todo", "todo"]


def test_a_job_that_ends_its_worker_every_time_is_given_up() -> None:
    leave_a_job(attempts=working.TRIES)
    take_up()
    assert [status for _, status, _ in jobs()] == ["failed"]


def test_the_worker_goes_on_after_the_database_was_away_and_tells_of_it_in_one_line(tmp_path: Path) -> None:
    with cable() as line, worker(tmp_path, line.address) as started:
        until(lambda: workers_known() == 1)
        _away(line)
        leave_a_job()
        line.plug_in()
        until(lambda: all(task != TASK for task, _, _ in jobs()))
        assert started.process.poll() is None
        _away(line)
        line.plug_in()
        until(lambda: started.log.count("the worker goes on") == 2)
        log = started.log
        assert log.count("the worker waits for the database") == 2, log
        assert "Traceback" not in log
        assert started.stop() == 0


def _away(line: Cable) -> None:
    """Pulled out until it has been tried several times."""
    line.refused = 0
    line.pull()
    until(lambda: line.refused >= 3)


def test_told_to_stop_while_the_database_is_away_it_ends_well(tmp_path: Path) -> None:
    with cable() as line, worker(tmp_path, line.address) as started:
        until(lambda: workers_known() == 1)
        _away(line)
        assert started.stop() == 0
        assert "Traceback" not in started.log


def test_a_job_finds_a_living_connection_where_the_job_before_left_a_dead_one(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        dead = cursor.fetchone()[0]
    with psycopg.connect(database_url(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [dead])

    def ask() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return int(cursor.fetchone()[0])

    assert working.with_living_connections(ask, None, None) == 1  # type: ignore[arg-type]


def test_a_line_to_the_database_that_was_cut_without_a_word_is_noticed_and_the_publisher_may_say_when(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(
        "DATABASE_URL", "postgresql://u@db.example.org/n?keepalives_idle=5&sslmode=verify-full"
    )
    options = project._database()["OPTIONS"]
    assert {options["keepalives_idle"], options["sslmode"]} == {"5", "verify-full"}
    assert options["tcp_user_timeout"] == 30_000
