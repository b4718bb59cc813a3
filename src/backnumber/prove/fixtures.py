"""Makes the throw-away articles and readers of one run, all of them in one transaction.

Every right that is given here opens the throw-away title and nothing else, and every session ends by itself within minutes.
"""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from backnumber.access import Evidence, Policy, Scope, ScopeKind
from backnumber.archive.blocks import to_stream
from backnumber.archive.models import (
    Anniversary,
    Appearance,
    Article,
    Authorship,
    Contributor,
    Correction,
    FreeWindow,
    Issue,
    Picture,
    Rights,
    Section,
    Title,
)
from backnumber.grants import service as grants
from backnumber.institutions.models import Institution, Licence, Network
from backnumber.prove.canaries import new_mark, of_the_picture, planted
from backnumber.prove.site_under_test import MAIL_HOST, YEAR, Piece, SiteUnderTest, named
from backnumber.readers import devices, second_factor
from backnumber.readers.models import Reader

FAR = timedelta(days=3650)
SESSION_SECONDS = 15 * 60
LAST_PLACE = 32_767  # after every title of the magazine's own
_DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30" viewBox="0 0 40 30"><title>{}</title><path d="M0 0h40"/></svg>'

# What each piece is, beyond one of a gated issue.
_PIECES: dict[str, dict[str, Any]] = {
    "gated": {},
    "early": {},
    "counted": {"lead_in_ends_after": 2},
    "late": {},
    "moved": {},
    "withdrawn": {},
    "open": {"policy": Policy.OPEN.value},
    "turning": {"policy": Policy.OPEN.value},
    "signin": {"policy": Policy.SIGN_IN.value},
    "metered": {"policy": Policy.METERED.value},
    "aged": {"free_after_years": 1},
    "today": {"free_after_years": 2_000, "paid_after_weeks": 1},
    "waiting": {"free_after_years": 2_000, "paid_after_weeks": 1},
    "unknown": {"policy": "of-no-kind"},
    "coming": {"policy": Policy.OPEN.value},
    "draft": {"live": False},
    "scheduled": {"live": False},
}
_UNDER_EMBARGO = {"embargoed", "coming"}
# Who has which right. `past`: it ended yesterday. `other`: cover dates of another century.
_READERS: dict[str, str] = {
    "none": "",
    "lapsed": "past",
    "wrong": "other",
    "desk": "",
    "editor": "",
    "entitled": "title",
    "leaving": "title",
    "refunded": "title",
    "typing": "title",
    "typist": "title",
    "giver": "staff",
    "regretting": "staff",
}
ROLES = {"desk": "Help desk", "editor": "Editors"}
TYPE_PASSWORDS = ("typing", "typist")


@transaction.atomic
def plant(now: datetime) -> SiteUnderTest:
    """Promise: a title of its own with every kind of article and reader that the rows ask for. No mail goes out."""
    lot = Random(secrets.randbits(64))  # noqa: S311 (told apart, not kept secret)
    mark, password = new_mark(lot), secrets.token_urlsafe(24)
    title, issue, coming = _issues(mark, now)
    drawing = f"pg{mark}drawing"
    picture = _picture(mark, drawing)
    withheld = _picture(mark, f"{drawing}withheld", rights=Rights.PRINT_ONLY.value)
    pieces = _pieces(mark, issue, coming, (picture.pk, withheld.pk), lot, now)
    readers = {name: _reader(name, mark, title.pk, right, password, now) for name, right in _READERS.items()}
    moved = pieces["moved"].article
    moved_from = moved.get_absolute_url()
    moved.slug = "moved-here"
    moved.save(update_fields=["slug"])
    return SiteUnderTest(
        mark, title, issue, picture, withheld, drawing, pieces, readers,
        signed_in={name: signed_in(reader, now) for name, reader in readers.items()},
        campus=_institution(f"{named(mark)}-campus", Scope(ScopeKind.TITLE, title=title.pk), lot, now),
        elsewhere=_institution(f"{named(mark)}-elsewhere", _other_century(title.pk), lot, now),
        no_campus={
            how: _institution(f"{named(mark)}-{number}", Scope(ScopeKind.TITLE, title=title.pk), lot, now, **fields)
            for number, (how, fields) in enumerate(_no_campus(now).items())
        },
        moved_from=moved_from,
        password=password,
    )  # fmt: skip


def signed_in(reader: Reader, now: datetime) -> str:
    """Promise: the key of a session of this reader that ends in fifteen minutes."""
    session = SessionStore()
    session[SESSION_KEY] = str(reader.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = reader.get_session_auth_hash()
    second_factor.vouch(session, reader)
    session.set_expiry(SESSION_SECONDS)
    session.create()
    key = session.session_key or ""
    devices.remember(reader, key, "backnumber prove-gate", now)
    return key


def _issues(mark: str, now: datetime) -> tuple[Title, Issue, Issue]:
    """Of half a year from now, so that the front page's "this month, years ago" finds the magazine's own issues first."""
    title = Title.objects.create(
        name=f"Prove-gate {mark}", slug=named(mark), policy=Policy.SUBSCRIBERS.value, position=LAST_PLACE
    )
    day = date(YEAR, (now.month + 5) % 12 + 1, 1)
    fields = {"title": title, "sort_date": day, "cover_date": day.strftime(f"%B {YEAR}"), "online_date": day}
    issue = Issue.objects.create(slug="issue", number="1", **fields)
    coming = Issue.objects.create(slug="coming", number="2", on_sale=now + FAR, **fields)
    return title, issue, coming


def _picture(mark: str, drawing: str, rights: str = Rights.CLEARED.value) -> Picture:
    file = ContentFile(_DRAWING.format(drawing).encode(), name=f"{named(mark)}.svg")
    alt, caption, credit = of_the_picture(mark).values()
    if rights != Rights.CLEARED.value:
        alt, caption, credit = (drawing,) * 3
    picture = Picture(title=named(mark), file=file, alt=alt, caption=caption, credit=credit, rights=rights)
    picture.save()
    return picture


def _pieces(
    mark: str, issue: Issue, coming: Issue, pictures: tuple[int, int], lot: Random, now: datetime
) -> dict[str, Piece]:
    section = Section.objects.create(name=f"Prove-gate {mark}", slug=named(mark))
    writer = Contributor.objects.create(
        name=f"Prove Gate {mark}", sort_name=f"Gate {mark}, Prove", slug=named(mark)
    )
    pieces: dict[str, Piece] = {}
    for name, fields in [*_PIECES.items(), ("embargoed", {})]:
        words = planted(mark, name, pictures, lot, fields.get("lead_in_ends_after"))
        article = Article.objects.create(**{
            "issue": coming if name in _UNDER_EMBARGO else issue,
            "section": section,
            "position": len(pieces) + 1,
            "headline": words.headline,
            "slug": name,
            "standfirst": words.standfirst,
            "byline": writer.name,
            "body": to_stream(words.blocks, f"{mark}{name}"),
            "online_date": issue.sort_date,
            **fields,
        })  # fmt: skip
        Authorship.objects.create(article=article, contributor=writer)
        Correction.objects.create(article=article, text=words.correction, made_on=issue.sort_date)
        pieces[name] = Piece(article, words)
    Appearance.objects.filter(article__section=section).update(told_on=issue.sort_date)
    _schedule(pieces["scheduled"].article, now + FAR)
    _openings(pieces["today"].article, pieces["waiting"].article, now)
    pieces["gated"].article.save_revision()
    return pieces


def _openings(today: Article, waiting: Article, now: datetime) -> None:
    """No window is open: the front page begins with what is free for a time. The days are wide enough for a midnight on the way."""
    day = timezone.localdate(now)
    for article, away in ((today, 0), (today, 1), (waiting, 40), (waiting, -40)):
        of = day + timedelta(days=away)
        Anniversary.objects.create(article=article, month=of.month, day=of.day, why="prove-gate")
    FreeWindow.objects.create(article=waiting, starts=now + FAR, until=now + 2 * FAR, why="prove-gate")


def _schedule(article: Article, at: datetime) -> None:
    article.go_live_at = at
    article.has_unpublished_changes = True
    article.save(update_fields=["go_live_at", "has_unpublished_changes"])
    article.save_revision(approved_go_live_at=at)


def _reader(name: str, mark: str, title: int, right: str, password: str, now: datetime) -> Reader:
    reader = Reader.objects.create_user(
        f"{mark}-{name}@{MAIL_HOST}",
        password if name in TYPE_PASSWORDS else None,
        first_name="Prove-gate",
        is_staff=name in ROLES,
    )
    EmailAddress.objects.create(user=reader, email=reader.email, verified=True, primary=True)
    if name in ROLES:
        reader.groups.add(Group.objects.get(name=ROLES[name]))
    if right:
        scope = _other_century(title) if right == "other" else Scope(ScopeKind.TITLE, title=title)
        grants.grant(
            reader,
            scope,
            starts=now - timedelta(days=400),
            until=now - timedelta(days=1) if right == "past" else now + timedelta(hours=1),
            evidence=Evidence.STAFF if right == "staff" else Evidence.GIFT,
            evidence_key=f"{named(mark)}-{name}",
            label="backnumber prove-gate",
            now=now,
        )
    return reader


def evidence_of(mark: str, name: str) -> Mapping[str, Any]:
    """Promise: what names the reader's grant to `grants.service.revoke`."""
    evidence = Evidence.STAFF if _READERS[name] == "staff" else Evidence.GIFT
    return {"evidence": evidence, "evidence_key": f"{named(mark)}-{name}"}


def _other_century(title: int) -> Scope:
    return Scope(ScopeKind.SPAN, title=title, first_date=date(1900, 1, 1), last_date=date(1999, 12, 31))


def _no_campus(now: datetime) -> dict[str, dict[str, Any]]:
    """Institutions that differ from the campus in one thing."""
    day = timezone.localdate(now)
    return {
        "whose network was given up": {"ends_on": day - timedelta(days=2)},
        "whose network begins later": {"starts_on": day + timedelta(days=2)},
        "whose network is not in use": {"in_use": False},
        "that is no customer any more": {"is_active": False},
    }


def _institution(
    name: str, scope: Scope, lot: Random, now: datetime, *, is_active: bool = True, **network: Any
) -> str:
    """Promise: an address of the institution, by lot among those that are for documentation only (RFC 3849)."""
    address = f"2001:db8:{lot.randrange(0x8000, 0xFFFF):x}:{lot.randrange(1, 0xFFFF):x}::1"
    institution = Institution.objects.create(name=name, slug=name, is_active=is_active)
    Network.objects.create(institution=institution, first=address, last=address, **network)
    Licence.objects.create(
        institution=institution,
        label=name,
        evidence_key=name,
        scope=scope.kind.value,
        title_id=scope.title,
        first_date=scope.first_date,
        last_date=scope.last_date,
        starts=now - timedelta(days=1),
        until=now + timedelta(hours=1),
    )
    return address
