"""Things of printed copies, for tests."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

from backnumber.archive.models import Issue, Title
from backnumber.circulation.models import PrintSubscription
from backnumber.copies import files, service
from backnumber.copies.models import Profile, Run, SentFile

NOW = datetime(2026, 8, 20, 9, tzinfo=UTC)


def subscriber(number: str, **fields: Any) -> PrintSubscription:
    return PrintSubscription.objects.create(
        **{
            "number": number,
            "name": f"Subscriber {number}",
            "surname": "Subscriber",
            "address": "4 Stonegate Court\nYork",
            "postcode": "YO1 7HH",
            "country": "GB",
            "starts_on": date(2026, 1, 1),
            "ends_on": date(2026, 12, 31),
        }
        | fields
    )


def profile(title: Title, **fields: Any) -> Profile:
    made, _ = Profile.objects.get_or_create(
        **{"house": "Mailworks", "title": title, "code": "HRG", "lead_days": 2} | fields
    )
    return made


def opened(issue: Issue, day: date = date(2026, 8, 20), **fields: Any) -> Run:
    """An open run of the issue with its cut-off on that day."""
    return service.open_run(
        issue,
        profile(issue.title),
        **{"cut_off": day, "mailing_on": day + timedelta(days=5), "by": None, "now": NOW} | fields,
    )


def frozen(issue: Issue, day: date = date(2026, 8, 20), **fields: Any) -> Run:
    return service.freeze(opened(issue, day, **fields), by=None, now=NOW)


def mailing(run: Run) -> bytes:
    return files.content_of(files.file_of(run, SentFile.Kind.MAILING, by=None, now=NOW))


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def names(run: Run) -> list[str]:
    return [label.name for label in run.labels.all()]
