"""The worker's process: it works until it is told to stop, whatever becomes of the database meanwhile, and takes up the jobs of
workers that are gone.
"""

import asyncio
import logging
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError, connections
from procrastinate import PsycopgConnector, exceptions
from procrastinate.app import App
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.utils import connector_params
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.utils import causes
from procrastinate.worker import Worker

log = logging.getLogger(__name__)

AWAY = (exceptions.ConnectorException, psycopg.Error, OSError, TimeoutError)
NOT_SET_UP = (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedFunction, psycopg.errors.UndefinedColumn)
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # seconds between attempts, the last again and again
TRIES = 15  # of a job whose worker is gone: one that ends its worker every time must not go on for ever
JOBS_KEPT_HOURS = 24 * 30  # those that failed, for whoever looks into it; one that succeeded goes at once
SWEEPS_EVERY = 3600.0


@dataclass(frozen=True, slots=True)
class Pace:
    """In seconds: how often a worker says that it is there, after which silence it counts as gone, how often the jobs of such
    are looked for, how long a connection is waited for, and how long a job under way may take once the worker is told to stop.
    """

    heartbeat: float = 10.0
    gone_after: float = 30.0
    looks_every: float = 20.0
    connects_within: float = 10.0
    stops_within: float = 20.0


def work(pace: Pace = Pace()) -> None:  # frozen
    """Promise: works until told to stop by SIGTERM or SIGINT; a job under way is finished first, or taken up by another worker.

    While the database is away it waits, with growing pauses, and says so once. Errors: SystemExit with a sentence when the
    database lacks its tables; whatever else was not foreseen, as it is.
    """
    with _no_traceback_for_an_outage():
        asyncio.run(_work_until_told(pace))  # noqa: TID251  # a process of its own


async def _work_until_told(pace: Pace) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, told.set)
    outage = Outage()
    while not told.is_set():
        began = time.monotonic()
        error = await _work_until_told_or_away(told, pace, outage)
        if not told.is_set():
            pause = outage.pause_after(error, time.monotonic() - began)
            with suppress(TimeoutError):
                await asyncio.wait_for(told.wait(), pause)


class Outage:
    """One line when the database goes away and one when it is back, however often it is tried between."""

    def __init__(self) -> None:
        self._tries = 0
        self._is_told = False

    def pause_after(self, error: BaseException | None, worked_for: float) -> float:
        """Promise: how many seconds to wait before the next attempt."""
        if worked_for > PAUSES[-1]:
            self._tries = 0
        if not self._is_told:
            self._is_told = True
            log.warning("the worker waits for the database: %s", _reason(error))
        self._tries += 1
        return PAUSES[min(self._tries, len(PAUSES)) - 1]

    def is_over(self) -> None:
        if self._is_told:
            self._is_told = False
            log.warning("the database is back; the worker goes on")


def _reason(error: BaseException | None) -> str:
    told = next((e for e in causes(error) if isinstance(e, (psycopg.Error, OSError))), error)
    return " ".join(str(told).split()) if told else "the connection was lost"


async def _work_until_told_or_away(told: asyncio.Event, pace: Pace, outage: Outage) -> BaseException | None:
    """Promise: what the work ended with, None when it is not known. Errors: those that are no outage."""
    working = asyncio.create_task(_work(pace, outage))
    stop = asyncio.create_task(told.wait())
    await asyncio.wait({working, stop}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    working.cancel()
    try:
        await working
    except asyncio.CancelledError:
        return None
    except AWAY as error:
        if any(isinstance(cause, NOT_SET_UP) for cause in causes(error)):
            sys.exit("The database is not set up for this version: run `backnumber setup`.")
        return error
    return None


async def _work(pace: Pace, outage: Outage) -> None:
    connector = PsycopgConnector(
        kwargs=connector_params(), min_size=1, max_size=4, timeout=pace.connects_within
    )
    with queue.replace_connector(connector) as app:
        async with app.open_async():
            await app.check_connection_async()
            outage.is_over()
            ended = asyncio.Event()
            keeping = asyncio.create_task(_look_after(app, pace, ended))
            try:
                await app.run_worker_async(
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=pace.stops_within,
                    update_heartbeat_interval=pace.heartbeat,
                    stalled_worker_timeout=pace.gone_after,
                    delete_jobs="successful",
                    task_middleware=[with_living_connections],
                )
            finally:
                ended.set()
                keeping.cancel()  # which a pool without a connection may swallow: hence the event
                await asyncio.wait({keeping}, timeout=pace.connects_within)


def with_living_connections(job: Callable[[], Any], _context: JobContext, _worker: Worker) -> Any:
    """A job's thread keeps its connection from an earlier job: one that died meanwhile is replaced before this one needs it."""
    _close_the_dead()
    try:
        return job()
    finally:
        _close_the_dead()


def _close_the_dead() -> None:
    for one in connections.all(initialized_only=True):
        if one.connection is not None and not one.in_atomic_block and not one.is_usable():
            one.close()


async def _look_after(app: App, pace: Pace, ended: asyncio.Event) -> None:
    """It is no job itself, for that could stall too. While the database is away it waits for it, as the worker does."""
    swept_at = float("-inf")
    while not ended.is_set():
        with suppress(*AWAY):
            await take_up_stalled(app.job_manager, pace.gone_after)
            if time.monotonic() - swept_at > SWEEPS_EVERY:
                swept_at = time.monotonic()
                await app.job_manager.delete_old_jobs(
                    JOBS_KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
                )
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), pace.looks_every)


async def take_up_stalled(jobs: JobManager, gone_after: float) -> int:
    """Promise: jobs under way with a worker that is gone wait for another; how many. Every job is safe to run twice."""
    stalled = list(await jobs.get_stalled_jobs(seconds_since_heartbeat=gone_after))
    for job in stalled:
        await _take_up(jobs, job)
    return len(stalled)


async def _take_up(jobs: JobManager, job: Job) -> None:
    log.warning("job %s of %s is taken up again: its worker is gone", job.id, job.task_name)
    try:
        if job.attempts >= TRIES:
            log.error("job %s of %s is given up after %s attempts", job.id, job.task_name, job.attempts)
            await jobs.finish_job(job, Status.FAILED, delete_job=False)
            return
        await jobs.retry_job(job)
    except exceptions.UniqueViolation:  # the same is to be done by a job that waits already
        await jobs.finish_job(job, Status.ABORTED, delete_job=False)
    except exceptions.ConnectorException:
        log.info("job %s was taken up by another", job.id)


class _Brief(logging.Filter):
    """Leaves out what libraries write of a lost connection, a traceback for each attempt: it is told once, by Outage."""

    LIBRARIES = ("procrastinate", "psycopg", "asyncio")

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.partition(".")[0] not in self.LIBRARIES:
            return True
        error = record.exc_info[1] if record.exc_info else None
        if str(getattr(record, "action", "")).startswith("job_"):
            _shorten(record, error)
            return True
        return not (isinstance(error, AWAY) or record.name == "psycopg.pool")


def _shorten(record: logging.LogRecord, error: BaseException | None) -> None:
    """A job that met the outage is told of in one line."""
    if isinstance(error, (OperationalError, InterfaceError)):
        record.msg = f"{record.msg}: {_reason(error)}"
        record.exc_info = record.exc_text = None


@contextmanager
def _no_traceback_for_an_outage() -> Iterator[None]:
    brief, handlers = _Brief(), list(logging.getLogger().handlers)
    for handler in handlers:
        handler.addFilter(brief)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(brief)
