"""Every kind of page in every state, rendered once: what the checkers of HTML read. One line a state."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.shortcuts import render
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone

from backnumber.archive.blocks import (
    Block,
    FurtherReading,
    Heading,
    Listing,
    Note,
    Paragraph,
    PictureRef,
    Preformatted,
    PullQuote,
    Quotation,
    Table,
    Timeline,
    Verse,
)
from backnumber.archive.models import Article, Correction, FreeWindow, Rights
from backnumber.readers.models import Reader
from backnumber.search import service as search
from tests import making
from tests.website.pictures import a_picture

EMPTY = [
    "/",
    "/archive/",
    "/sections/",
    "/contributors/",
    "/weekly/",
    "/search/?q=fortress",
    "/feeds/",
    "/subscribe/",
]
FULL = [
    "/", "/archive/", "/archive/decades/1990s/", "/archive/the-hourglass/", "/archive/the-hourglass/1999/",
    "/archive/the-hourglass/1999/september/", "/sections/", "/sections/war-and-strategy/", "/sections/war-and-strategy/?page=2",
    "/contributors/", "/contributors/?letter=M", "/contributors/eleanor-marsh/", "/search/", "/search/?q=piece", "/search/?q=zzzz",
    "/search/?q=", "/search/?q=-", "/search/?q=piece&title=none", "/search/?q=piece&page=99", "/subscribe/", "/weekly/", "/weekly/sign-up/",
    "/claim/", "/help/", "/help/why/", "/feeds/", "/account/sign-in/", "/account/sign-in/code/", "/account/sign-up/",
    "/account/password/reset/", "/account/deleted/", "/no-such-page/",
]  # fmt: skip
OF_A_READER = [
    "/", "/account/", "/account/email/", "/account/password/change/", "/account/delete/", "/account/sign-out/", "/account/devices/",
    "/claim/", "/help/why/", "/subscribe/",
]  # fmt: skip
SENT_EMPTY = [
    "/account/sign-in/", "/account/sign-up/", "/account/sign-in/code/", "/account/password/reset/", "/weekly/sign-up/", "/claim/",
]  # fmt: skip


def every_block(picture: int) -> list[Block]:
    mark = '<sup><a href="#note-{0}">{0}</a></sup>'
    return [
        Paragraph(f"It began in May{mark.format(1)}, and <em>ended</em> in June{mark.format(2)}."),
        Heading("The walls"),
        PictureRef(picture, "A map", "The town in 1813"),
        PullQuote("Nobody had fired a shot."),
        PullQuote("Nor would anybody."),
        Quotation(("We held.", "We hold."), "A letter"),
        Verse("The wall\n  the gate\n\nthe moat"),
        Table("Guns", (("Year", "Guns"), ("1812", "4")), header_column=True),
        Table("Men", (("Year", "Men"), ("1812", "40"))),
        Timeline("The siege", (("May", "It begins"), ("June", "It ends"))),
        Listing("<ol><li>One<ul><li>within</li></ul></li></ol>"),
        Preformatted("a   b"),
        FurtherReading(("A book", "Another")),
        Paragraph("The end."),
        Note("1", "In the <em>Annals</em>."),
        Note("2", "Ibid."),
        Note("3", "Cited nowhere."),
    ]


def all_states(dan: Reader, ada: Reader) -> Iterator[tuple[str, str]]:
    """Promise: the name of each state, and its page."""
    nobody = Client()
    for path in EMPTY:
        yield f"empty {path}", nobody.get(path).content.decode()
    piece = _fill()
    yield from _pages("nobody", nobody, [*FULL, piece.get_absolute_url()])
    for path in SENT_EMPTY:
        yield f"errors {path}", nobody.post(path, {"email": "none", "headline": "x"}).content.decode()
    for reader in (dan, ada):
        client = Client()
        client.force_login(reader)
        yield from _pages(reader.email, client, [*OF_A_READER, piece.get_absolute_url()])
    for name, policy in (("sign-in", "sign-in"), ("metered", "metered"), ("open", "open")):
        Article.objects.filter(pk=piece.pk).update(policy=policy)
        yield f"policy {name}", nobody.get(piece.get_absolute_url()).content.decode()
    for template in ("400.html", "500.html", "503.html"):
        yield template, render_to_string(template, {"was_sent": True})
    yield "message", _with_messages("404.html")
    yield "403", _with_messages("403.html")


def _pages(who: str, client: Client, paths: list[str]) -> Iterator[tuple[str, str]]:
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in {200, 404}, (path, answer.status_code)
        yield f"{who} {path}", answer.content.decode()


def _fill() -> Article:
    """Enough that lists have several pages, an issue fifty pieces, and a piece every kind of block."""
    section, september = making.section(), making.issue()
    picture = a_picture(rights=Rights.CLEARED)
    whole = making.article(
        "The Fortress", of=september, body=every_block(picture.pk), lead_in_ends_after=3, section=section
    )
    Correction.objects.create(article=whole, text="June, not July.")
    for number in range(50):
        making.article(
            f"Piece {number}",
            of=september,
            section=section,
            standfirst="A piece.",
            policy="open" if number % 2 else "",
        )
    making.issue(date(1951, 12, 1), cover_date="Christmas 1951")
    making.issue(date(1999, 10, 1), of=making.title("The Sundial"))
    now = timezone.now()
    free = Article.objects.get(headline="Piece 0")
    FreeWindow.objects.create(
        article=free, starts=now - timedelta(days=1), until=now + timedelta(days=1), why="free"
    )
    search.rebuild()
    return whole


def _with_messages(template: str) -> str:
    request = RequestFactory().get("/help/")
    request.user, request.session = AnonymousUser(), SessionStore()
    setattr(request, "_messages", FallbackStorage(request))  # noqa: B010
    messages.success(request, "Done.")
    messages.error(request, "And not done.")
    return render(request, template).content.decode()
