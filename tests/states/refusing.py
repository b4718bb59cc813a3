"""Every page that refuses or apologises: Django's, the door's own, and what a form says once."""

from collections.abc import Iterator
from unittest.mock import patch

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.shortcuts import render
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings

from backnumber.edge.door import refusals
from backnumber.readers.models import Reader
from backnumber.search import service as search
from tests import making
from tests.states.visiting import State, nobody, signed_in

LARGE = 2_000


def by_the_site(dan: Reader, staff: Reader) -> Iterator[State]:
    yield nobody().sees("/no-such-page/", status=404)
    yield signed_in(dan).sees("/no-such-page/", status=404)
    yield nobody().sees("/archive/a%01b/", status=400)
    yield nobody().sends("/archive/", status=405)
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=LARGE):
        yield nobody().sends("/claim/", {"surname": "x" * LARGE}, status=413)
    yield nobody(enforce_csrf_checks=True).sends("/account/sign-in/", status=403, state="stale")
    yield signed_in(dan).sees("/admin/", status=403)
    yield signed_in(staff).sees("/account/delete/", status=403)
    making.article("The Fortress")
    with patch.object(search, "ALLOWED", {search.DAY: 0}):
        yield nobody().sees("/search/?q=fortress", status=429)
    for name in ("500", "503"):
        yield name, render_to_string(f"{name}.html")
    yield "503 after sending", render_to_string("503.html", {"was_sent": True})
    yield "403", _with_messages("403.html", "Done.")


def by_the_front_door() -> Iterator[State]:
    for status in refusals._WORDS:
        _, body = refusals.response_of(status)
        yield f"the door {status}", body["body"].decode()


def with_messages() -> Iterator[State]:
    yield "one message", _with_messages("404.html", "Done.")
    yield "several messages", _with_messages("404.html", "Done.", "And not done.")


def _with_messages(template: str, *words: str) -> str:
    request = RequestFactory().get("/help/")
    request.user, request.session = AnonymousUser(), SessionStore()
    setattr(request, "_messages", FallbackStorage(request))  # noqa: B010
    for word, say in zip(words, (messages.success, messages.error), strict=False):
        say(request, word)
    return render(request, template).content.decode()
