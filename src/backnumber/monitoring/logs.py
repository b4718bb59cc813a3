"""Lines of the log: as text or as JSON, with the request's number, without secrets or a person's address, and one for an outage.

It must not know Django's models: the log begins before they are loaded.
"""

import logging
import re
import threading
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import psycopg
from pythonjsonlogger.json import JsonFormatter

request_id: ContextVar[str] = ContextVar("request_id", default="")

OUTAGE = "outage"  # the attribute of a record that is told otherwise
AGAIN_AFTER = 600.0  # seconds for which an outage that was told is not told again
_AWAY = (
    "08",
    "53",
    "57P",
)  # no connection; no room; shutting down: postgresql.org/docs/current/errcodes-appendix.html

_MASKS = (
    (re.compile(r"(://[^/\s:@]*):[^/\s@]+@"), r"\1:***@"),
    (re.compile(r"[\w.+'%-]+@[\w-]+(?:\.[\w-]+)+"), "***@***"),
    (
        re.compile(
            r"(?i)\b(authorization|cookie|set-cookie|password|passwd|secret|token|code|sessionid|csrftoken|csrfmiddlewaretoken|key)"
            r"(['\"]?\s*[:=]\s*)(['\"]?)(?:(?:basic|bearer)\s+)?[^\s'\"&;,)}]+"
        ),
        r"\1\2\3***",
    ),
    (re.compile(r"(?i)\b(basic|bearer)\s+[\w.~+/=-]{6,}"), r"\1 ***"),
    (
        re.compile(r"(?<![\w.-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{24,}={0,2}(?![\w-])"),
        "***",
    ),  # a sealed word, a key
    (re.compile(r"(?<![\d.])(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}(?![\d.])"), r"\1.0"),
    (
        re.compile(r"(?i)(?<![\w:.])((?:[0-9a-f]{1,4}:){3})(?:[0-9a-f]{0,4}:){1,4}[0-9a-f]{0,4}(?![\w:])"),
        r"\1:",
    ),
)


def masked(text: str) -> str:
    """Promise: the text without mail addresses, passwords, tokens and cookies; of an IP address only the network is left."""
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text


class TextFormatter(logging.Formatter):
    """One line, and under it the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        record = _as_told(record)
        told = masked(super().format(record))
        number = request_id.get()
        return f"{told} [request {number}]" if number else told


class JSONFormatter(JsonFormatter):
    """One object a line. Only what is named here is told: what a library adds to a record may be a person's."""

    def format(self, record: logging.LogRecord) -> str:
        record = _as_told(record)
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        if number := request_id.get():
            told["request"] = number
        if record.exc_info:
            told["exception"] = masked(logging.Formatter.formatException(self, record.exc_info))
        return self.jsonify_log_record(told)


class OneLineForAnOutage(logging.Filter):
    """While the database is away everything that needs it fails: the first who says so is heard, without a traceback."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._told_at = float("-inf")
        self._silent = 0

    def filter(self, record: logging.LogRecord) -> bool:
        error = _outage(record) if record.levelno >= logging.WARNING else None
        if error is None:
            return True
        with self._lock:
            if record.created - self._told_at < AGAIN_AFTER:
                self._silent += 1
                return False
            more, self._silent, self._told_at = self._silent, 0, record.created
        told = f"the database cannot be used: {' '.join(str(error).split())}"
        setattr(record, OUTAGE, f"{told} ({more} more lines like this were left out)" if more else told)
        return True


def _as_told(record: logging.LogRecord) -> logging.LogRecord:
    """The record as it is, or that of an outage in one line, without its traceback."""
    told = getattr(record, OUTAGE, None)
    if told is None:
        return record
    line = {"msg": told, "args": None, "exc_info": None, "exc_text": None, "stack_info": None}
    return logging.makeLogRecord({**record.__dict__, **line})


def _outage(record: logging.LogRecord) -> BaseException | None:
    """The error of a database that is away, as the record's exception or among what it speaks of."""
    given = record.args if isinstance(record.args, tuple) else ()
    errors = [record.exc_info[1] if record.exc_info else None, *given]
    return next((found for error in errors if (found := _of_database(error)) is not None), None)


def _of_database(error: object) -> BaseException | None:
    seen = 0
    while isinstance(error, BaseException) and seen < 10:
        if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) and _is_away(error):
            return error
        error, seen = error.__cause__ or error.__context__, seen + 1
    return None


def _is_away(error: psycopg.Error) -> bool:
    return error.sqlstate is None or error.sqlstate.startswith(_AWAY)
