"""Lays the site inside Django: an archive of made-up articles, and the cast of a run. Imported when Django is ready."""

import sys
import uuid
from datetime import date, timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from backnumber.access import Evidence, Scope, ScopeKind
from backnumber.archive.blocks import Heading, Paragraph, to_stream
from backnumber.archive.models import Article, Authorship, Contributor, Issue, Section, Title
from backnumber.editorial.roles import make_roles
from backnumber.gifts.service import make_gift, new_token
from backnumber.grants import service as grants
from backnumber.readers.models import Reader
from door.words import A_TITLE, METERED, headline, name, paragraphs, sentence

BODY = 16_150  # letters of a body: with what stands round it the whole page has about 25,000 bytes
AN_ISSUE = 20
AT_ONCE = 500
SECTIONS, CONTRIBUTORS = 12, 300


def lay(count: int) -> int:
    """Promise: the archive holds `count` articles, whichever were there before; how many are new."""
    there: int = Article.objects.count()
    sections, contributors = _sections(), _contributors()
    for first in range(there, count, AT_ONCE):
        with transaction.atomic():
            _lay_some(range(first, min(first + AT_ONCE, count)), sections, contributors)
        print(
            f"\r{min(first + AT_ONCE, count):,} of {count:,} articles laid",
            end="",
            file=sys.stderr,
            flush=True,
        )
    if there < count:
        print(file=sys.stderr)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return count - there


def _sections() -> list[Section]:
    for number in range(SECTIONS):
        Section.objects.get_or_create(slug=f"section-{number}", defaults={"name": f"Section {number}"})
    return list(Section.objects.order_by("id"))


def _contributors() -> list[Contributor]:
    for number in range(CONTRIBUTORS):
        called = name(Random(f"contributor {number}"))
        Contributor.objects.get_or_create(
            slug=f"contributor-{number}", defaults={"name": called, "sort_name": called}
        )
    return list(Contributor.objects.order_by("id"))


def _lay_some(numbers: range, sections: list[Section], contributors: list[Contributor]) -> None:
    issues = {number // AN_ISSUE: _issue(number) for number in numbers if number % AN_ISSUE == 0}
    made = Article.objects.bulk_create(
        [_article(number, issues[number // AN_ISSUE], sections) for number in numbers]
    )
    Authorship.objects.bulk_create(
        Authorship(article=article, contributor=contributors[number % CONTRIBUTORS])
        for number, article in zip(numbers, made, strict=True)
    )


def _issue(number: int) -> Issue:
    title, _ = Title.objects.get_or_create(
        slug=f"title-{number // A_TITLE}", defaults={"name": f"The Lantern {number // A_TITLE}"}
    )
    month = number % A_TITLE // AN_ISSUE
    day = date(1960 + month // 12, month % 12 + 1, 1)
    return Issue.objects.create(
        title=title, sort_date=day, cover_date=f"{day:%B %Y}", slug=f"{day:%B}".lower(), number=str(month + 1)
    )


def _article(number: int, issue: Issue, sections: list[Section]) -> Article:
    random = Random(number)
    called = headline(random)
    texts = list(paragraphs(random, BODY))
    blocks: list[Paragraph | Heading] = [Paragraph(text) for text in texts]
    blocks.insert(len(blocks) // 2, Heading(headline(random)))
    return Article(
        issue=issue,
        section=sections[number % SECTIONS],
        position=number % AN_ISSUE + 1,
        headline=called,
        slug=f"article-{number}",
        standfirst=sentence(random),
        byline="",
        body=to_stream(blocks, str(number)),
        words=sum(len(text.split()) for text in texts),
        first_page=str(number % AN_ISSUE * 4 + 1),
        policy="metered" if number == METERED else "",
    )


def cast() -> dict[str, Any]:
    """Promise: a new subscriber and a new editor, each signed in, and a gift of the first article from the subscriber."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE usage_use")  # what earlier runs have written
    make_roles()
    subscriber, editor = new_reader("ada"), new_reader("edith")
    editor.groups.add(Group.objects.get(name="Editors"))
    evidence = grant(subscriber)
    article = Article.objects.order_by("id").first()
    assert article is not None
    gift = make_gift(subscriber, article, timezone.now(), new_token())
    return {
        "cookie": settings.SESSION_COOKIE_NAME,
        "subscriber": subscriber.pk,
        "evidence": evidence,
        "session": session_of(subscriber),
        "editor_session": session_of(editor),
        "gift": gift.address,
    }


def new_reader(called: str) -> Reader:
    return Reader.objects.create_user(f"{called}-{uuid.uuid4().hex}@example.org", None)


def session_of(reader: Reader) -> str:
    client = Client()
    client.force_login(reader)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def grant(reader: Reader) -> str:
    """Promise: the reader may read the whole archive; the key of the evidence."""
    key, now = f"bench-{uuid.uuid4().hex}", timezone.now()
    grants.grant(
        reader,
        Scope(ScopeKind.ARCHIVE),
        starts=now - timedelta(days=30),
        until=now + timedelta(days=335),
        evidence=Evidence.PAYMENT,
        evidence_key=key,
        label="Online access, yearly",
        now=now,
    )
    return key
