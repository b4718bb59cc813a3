"""The log: a request can be followed through it, an outage is one line, and no secret and no person's address stands in it."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings as project
from django.db import OperationalError
from django.test import Client
from pytest_django.fixtures import Settings

from backnumber.monitoring.logs import JSONFormatter, OneLineForAnOutage, TextFormatter, masked

SECRETS = [
    "ada@example.org",
    "o'brien+news@mail.example.co.uk",
    "Bearer abcdefghijk12345",
    "sessionid=k3j4h5k3j4h5k3j4h5k3j4h5",
    "password=hunter2horse",
    "'password': 'hunter2horse'",
    '"token": "zz-9-plural"',
    "postgresql://reader:pa55word@db/name",
    "/letters/leave/eyJhbGciOiJIUzI1NiIsInR5cCI6/",
    "Cookie: a=1234567; pass=xyz",
    "203.0.113.77",
    "2001:db8:77:1::5:99",
]
KEPT = [
    "/archive/the-hourglass/1999/september/the-fortress-of-the-north-and-its-garrison/",
    "the job post.deliver[12] failed",
    "at 12:04:55, 3 of 14",
    "psycopg.OperationalError: connection refused",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_and_no_address_of_a_person_stays(secret: str) -> None:
    told = masked(f"before {secret} after")
    assert told.startswith("before ")
    for part in (
        "ada@",
        "brien",
        "abcdefghijk12345",
        "k3j4h5",
        "hunter2",
        "plural",
        "pa55word",
        "eyJ",
        "1234567",
        ".77",
        "5:99",
    ):
        assert part not in told


@pytest.mark.parametrize("plain", KEPT)
def test_what_is_no_secret_stays_as_it_is(plain: str) -> None:
    assert masked(plain) == plain


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What a logger with our JSON formatter and filter has written."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JSONFormatter())
    handler.addFilter(OneLineForAnOutage())
    logger = logging.getLogger("backnumber.test")
    logger.addHandler(handler)
    logger.propagate = False
    yield written
    logger.removeHandler(handler)


def test_a_line_of_json_tells_what_is_named_and_nothing_a_library_adds(lines: io.StringIO) -> None:
    try:
        raise ValueError("for ada@example.org")
    except ValueError:
        logging.getLogger("backnumber.test").exception(
            "no %s", "luck", extra={"args_of_job": "ada@example.org"}
        )
    told = json.loads(lines.getvalue())
    assert set(told) - {"request"} == {"time", "level", "logger", "message", "exception"}
    assert told["message"] == "no luck"
    assert "for ***@***" in told["exception"]


def test_an_outage_is_one_line_without_a_traceback_whoever_meets_it(lines: io.StringIO) -> None:
    logger = logging.getLogger("backnumber.test")
    for _ in range(500):
        try:
            try:
                raise psycopg.OperationalError("connection refused\nIs the server running?")
            except psycopg.OperationalError as cause:
                raise OperationalError("connection refused") from cause
        except OperationalError as error:
            logger.exception("a page broke")
            logger.warning("cannot listen: %s", error)
    (told,) = lines.getvalue().splitlines()
    assert (
        json.loads(told)["message"]
        == "the database cannot be used: connection refused Is the server running?"
    )
    assert "exception" not in json.loads(told)


def test_an_error_of_a_database_that_is_there_is_told_each_time_with_its_traceback(
    lines: io.StringIO,
) -> None:
    for _ in range(3):
        try:
            raise psycopg.errors.DeadlockDetected("deadlock detected")
        except psycopg.Error:
            logging.getLogger("backnumber.test").exception("a page broke")
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert len(told) == 3
    assert all("DeadlockDetected" in one["exception"] for one in told)


def test_a_number_that_a_stranger_gives_is_not_believed_and_one_of_a_trusted_proxy_is(
    client: Client, settings: Settings
) -> None:
    given = {"x-request-id": "abcdefgh-12345678"}
    own = client.get("/healthz", headers=given).headers["X-Request-ID"]
    assert own != "abcdefgh-12345678"
    assert own != client.get("/healthz", headers=given).headers["X-Request-ID"]
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    assert client.get("/healthz", headers=given).headers["X-Request-ID"] == "abcdefgh-12345678"
    for ill in ("short", "with space and more", "x" * 65, "a\x00bcdefghij", "ada@example.org"):
        assert client.get("/healthz", headers={"x-request-id": ill}).headers["X-Request-ID"] != ill


@pytest.mark.django_db
def test_a_line_within_a_request_bears_its_number(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "django.request")
    formatter = TextFormatter("%(message)s")
    told: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(formatter.format(record))

    handler = Kept()
    logging.getLogger("django.request").addHandler(handler)
    try:
        answer = client.get("/there-is-no-such-page/")
    finally:
        logging.getLogger("django.request").removeHandler(handler)
    assert [line for line in told if line.endswith(f"[request {answer.headers['X-Request-ID']}]")]


def test_the_settings_of_the_log_can_be_taken() -> None:
    logging.config.DictConfigurator(project.LOGGING).configure_formatter(
        project.LOGGING["formatters"]["json"]
    )
