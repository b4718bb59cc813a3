"""The long read in the admin: the calendar of weeks, and each week's page, with its mail as it will look, its test, its send."""

import re
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from backnumber.longread import editions, planning, rules, sending, tasks
from backnumber.longread.composing import CLIPPED_AT, NothingToSend, letter_for
from backnumber.longread.letters import PREFERENCES, WAY_OUT, Letter
from backnumber.longread.models import Edition, LongRead
from backnumber.mail.messages import Message
from backnumber.readers.models import Reader

CHANGE = "longread.change_longread"
_DARK = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)")
SAID = {
    "start": "It is being sent.",
    "pause": "It is paused: nothing more goes out until you resume it. What is at the mail server already is on its way.",
    "resume": "It goes on where it was.",
    "stop": "It is stopped: nobody else gets it.",
}
LABELS = {"start": "Send it now", "pause": "Pause", "resume": "Resume", "stop": "Stop for good"}


@permission_required(CHANGE, raise_exception=True)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    weeks = planning.weeks_from(now)
    asked = request.GET.get("week", "")
    first_free = next((week.begins_on for week in weeks if week.pick is None), weeks[0].begins_on)
    week = (
        date.fromisoformat(asked)
        if re.fullmatch(r"\d{4}-[01]\d-[0-3]\d", asked) and _is_day(asked)
        else first_free
    )
    facts = {
        "page_title": "Long read",
        "header_icon": "date",
        "weeks": weeks,
        "week": week,
        "suggestions": planning.suggestions(week, now),
        "now": now,
    }
    return render(request, "longread/admin/calendar.html", facts)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@permission_required(CHANGE, raise_exception=True)
@require_safe
def week(request: HttpRequest, pk: int) -> HttpResponse:
    """While it is being sent, the page comes anew by itself."""
    chosen = _chosen(pk)
    edition = Edition.objects.filter(long_read=chosen).first()
    letter, trouble = _letter(chosen, edition)
    size = len(letter.html.encode()) if letter else 0
    facts = {
        "page_title": f"Long read of {chosen.week:%-d %B %Y}",
        "header_icon": "openquote",
        "chosen": chosen,
        "edition": edition,
        "report": editions.report(edition) if edition else None,
        "moves": [(move, LABELS[move]) for move in rules.moves_from(edition.state if edition else "frozen")],
        "letter": letter,
        "trouble": trouble or chosen.trouble,
        "sender": settings.DEFAULT_FROM_EMAIL,
        "kilobytes": round(size / 1000),
        "is_clipped": size > CLIPPED_AT,
        "is_open": chosen.window.is_open(timezone.now()),
    }
    response = render(request, "longread/admin/week.html", facts)
    if edition and edition.state == Edition.State.SENDING:
        response["Refresh"] = "5"
    return response


@permission_required(CHANGE, raise_exception=True)
@require_safe
@xframe_options_sameorigin
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail's HTML alone, for a frame; `dark` shows it as a mail program does that is set to dark. Nothing of it is run."""
    chosen = _chosen(pk)
    letter, trouble = _letter(chosen, Edition.objects.filter(long_read=chosen).first())
    html = _filled(letter.html, "#") if letter else trouble
    if request.GET.get("dark"):
        html = _DARK.sub("@media all", html)
    response = HttpResponse(
        html, content_type="text/html; charset=utf-8" if letter else "text/plain; charset=utf-8"
    )
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox; frame-ancestors 'self'"
    )
    return response


@permission_required(CHANGE, raise_exception=True)
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """A test to whoever asks, or a move of the edition."""
    chosen, what, now = _chosen(pk), request.POST.get("what", ""), timezone.now()
    if what == "test":
        _send_test(request, chosen)
    elif what in rules.MOVES:
        _move(request, chosen, what, now)
    return redirect("longread_week", pk=pk)


def _move(request: HttpRequest, chosen: LongRead, what: str, now: datetime) -> None:
    try:
        with transaction.atomic():
            edition = Edition.objects.filter(long_read=chosen).first()
            if what == "start" and edition is None:
                edition = _frozen(chosen, now)
            moved = editions.move(edition.pk, what, now) if edition else None
            if moved and moved.state == Edition.State.SENDING:
                tasks.begin(moved.pk)
    except NothingToSend as nothing:
        messages.error(request, f"Nothing was sent: {nothing}.")
        return
    if moved:
        messages.success(request, SAID[what])
    else:
        messages.error(
            request, "That is not possible any more: somebody was before you. This is how it stands."
        )


def _frozen(chosen: LongRead, now: datetime) -> Edition:
    if not chosen.window.is_open(now):
        raise NothingToSend("its week is not now: the article would not be free")
    return editions.freeze(chosen, now)


def _send_test(request: HttpRequest, chosen: LongRead) -> None:
    assert isinstance(request.user, Reader)
    letter, trouble = _letter(chosen, Edition.objects.filter(long_read=chosen).first())
    if letter is None:
        messages.error(request, f"There is nothing to test: {trouble}.")
        return
    page = settings.ADDRESS + "/weekly/"
    Message(
        "weekly mail: test",
        f"[Test] {letter.subject}",
        _filled(letter.text, page),
        [request.user.email],
        html=_filled(letter.html, page),
    ).send()
    messages.success(request, f"A test is on its way to {request.user.email}.")


def _filled(text: str, address: str) -> str:
    return text.replace(WAY_OUT, address).replace(PREFERENCES, address)


def _chosen(pk: int) -> LongRead:
    return get_object_or_404(LongRead.objects.select_related("article__issue__title", "window"), pk=pk)


def _letter(chosen: LongRead, edition: Edition | None) -> tuple[Letter | None, str]:
    """Promise: what went out or, before, what would at the week's beginning or now; else why there is nothing."""
    if edition:
        return sending.letter_of(edition), ""
    now = timezone.now()
    try:
        return letter_for(chosen, now if chosen.window.is_open(now) else chosen.window.starts), ""
    except NothingToSend as nothing:
        return None, str(nothing)


def picked(week: str, article: str) -> dict[str, Any]:
    """Promise: what the form of a new week begins with, of an address's `week` and `article`; what is no such is left out."""
    begins: dict[str, Any] = {}
    if _is_day(week):
        begins["week"] = date.fromisoformat(week)
    if article.isascii() and article.isdecimal() and len(article) < 10:
        begins["article_id"] = int(article)
    return begins
