"""The demo's people: one of every kind a magazine knows, and what each may do."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction

from backnumber.access import Evidence, Scope, ScopeKind
from backnumber.archive.models import Issue
from backnumber.circulation.models import PrintSubscription
from backnumber.circulation.rules import number_key
from backnumber.demo import library, printing
from backnumber.editorial.roles import make_roles
from backnumber.grants import service as grants
from backnumber.readers.models import Reader
from backnumber.readers.service import open_account

USUAL_PORT = 8000
PASSWORD = "hourglass-demo"  # noqa: S105  # printed for whoever tries the demo


@dataclass(frozen=True, slots=True)
class Person:
    """`role` names a group of the admin; empty for readers."""

    key: str
    name: str
    may: str
    role: str = ""
    is_administrator: bool = False
    starts_days_ago: int = 0
    ends_in_days: int = 0
    label: str = ""
    evidence: Evidence = Evidence.PAYMENT
    scope: ScopeKind | None = field(default=None)

    @property
    def email(self) -> str:
        return f"{self.key}@example.com"


PEOPLE = (
    Person("ada", "Ada Lovell", "has online access for a year: reads everything", label="Online access, a year",
           starts_days_ago=60, ends_in_days=305, scope=ScopeKind.ARCHIVE),
    Person("ben", "Ben Okafor", "had online access that ended ten days ago: is offered to renew", label="Online access, a year",
           starts_days_ago=375, ends_in_days=-10, scope=ScopeKind.ARCHIVE),
    Person("cleo", "Cleo Hartmann", "has the printed magazine and has claimed her online right: reads everything",
           label="Print subscription 20588", starts_days_ago=200, ends_in_days=165, evidence=Evidence.PRINT_SUBSCRIPTION, scope=ScopeKind.ARCHIVE),
    Person("percy", "Percy Pettigrew", "has the printed magazine, number HG-20417, YO1 7HH, and has not claimed yet"),
    Person("flora", "Flora Quennell", "was given the issue of September 1999: reads that one", label="September 1999, a gift",
           starts_days_ago=5, ends_in_days=360, evidence=Evidence.GIFT, scope=ScopeKind.ISSUE),
    Person("dan", "Dan Whitlock", "has an account and nothing else: reads lead-ins, what is free, and a few articles of Hourglass Student"),
    Person("edith", "Edith Rao", "edits: writes, publishes, corrects, withdraws, picks the long read", role="Editors"),
    Person("hugo", "Hugo Lindqvist", "answers the help mail: sees why, resolves claims, gives and revokes rights", role="Help desk"),
    Person("carl", "Carl Ferreira", "looks after the printed copies: freezes runs, replaces copies, keeps the mailing houses", role="Circulation"),
    Person("sue", "Sue Abara", "administers: everything", is_administrator=True),
)  # fmt: skip


@transaction.atomic
def load(now: datetime) -> int:
    """Promise: every person of the demo has an account, with its rights, and the library its licence; how many people were added."""
    make_roles()
    library.load(now)
    added = sum(_person(person, now) for person in PEOPLE) + _print_subscriber(now)
    printing.load(now)
    return added


def _person(person: Person, now: datetime) -> bool:
    if Reader.objects.filter(email=person.email).exists():
        return False
    forename, _, surname = person.name.partition(" ")
    reader = open_account(person.email, PASSWORD, first_name=forename, last_name=surname)
    reader.is_staff = bool(person.role or person.is_administrator)
    reader.is_superuser = person.is_administrator
    reader.save(update_fields=["is_staff", "is_superuser"])
    if person.role:
        reader.groups.add(Group.objects.get(name=person.role))
    if person.scope:
        _grant(person, person.scope, reader, now)
    return True


def _grant(person: Person, kind: ScopeKind, reader: Reader, now: datetime) -> None:
    issue = (
        Issue.objects.filter(title__slug="the-hourglass", sort_date=date(1999, 9, 1)).first()
        if kind is ScopeKind.ISSUE
        else None
    )
    grants.grant(
        reader,
        Scope(kind, issue=issue.pk if issue else None),
        starts=now - timedelta(days=person.starts_days_ago),
        until=now + timedelta(days=person.ends_in_days),
        evidence=person.evidence,
        evidence_key=f"demo-{person.key}",
        label=person.label,
        now=now,
    )


def _print_subscriber(now: datetime) -> bool:
    _, is_new = PrintSubscription.objects.get_or_create(
        number="HG-20417",
        defaults={
            "claim_number": number_key("HG-20417"),
            "name": "Mr Percy Pettigrew",
            "surname": "Pettigrew",
            "email": "percy@example.com",
            "address": "4 Stonegate Court\nYork",
            "postcode": "YO1 7HH",
            "country": "GB",
            "starts_on": now.date() - timedelta(days=120),
            "ends_on": now.date() + timedelta(days=245),
        },
    )
    return is_new


def what_nobody_may() -> str:
    """Promise: what is open to somebody who is not signed in, in a sentence."""
    return (
        f"Who is not signed in reads lead-ins, this week’s long read, and {settings.METER_NOBODY} articles of "
        f"Hourglass Student in {settings.METER_DAYS} days."
    )


def list_of_people(address: str) -> str:
    """Promise: who can do what, for the terminal."""
    rows = "\n".join(f"  {p.key:<6} {p.name:<16} {p.may}" for p in PEOPLE)
    port = urlsplit(address).port
    elsewhere = f" --port {port}" if port and port != USUAL_PORT else ""
    return (
        f"Who can do what (password of all: {PASSWORD}):\n{rows}\n\n{what_nobody_may()}\n"
        f"Be any of them at {address}/demo/, or with `backnumber sign-in-as ada{elsewhere}`. Mail of the demo: {address}/demo/post/"
    )
