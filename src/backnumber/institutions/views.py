"""The page "Which institution am I on?".

Where a reader is, is told by the address alone, each time anew. The cookie this page sets opens nothing and is read by
nobody here: a shared cache in front, which keeps pages apart by cookie, must not give a campus reader the page of
nobody in particular.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from backnumber.access import Place
from backnumber.edge.page.cookie_names import host_cookie
from backnumber.edge.page.places import UNKNOWN
from backnumber.edge.page.seals import Keyring, keyring
from backnumber.institutions import queries, words
from backnumber.readers.client_address import address_of
from backnumber.readers.next_address import local_address

COOKIE = host_cookie("place")


@dataclass(frozen=True, slots=True)
class LicenceLine:
    """One licence as a reader sees it."""

    label: str
    opens: str
    lasts: str
    runs: bool


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Says where the reader is and what that opens; with `next`, one whose licence runs goes on there."""
    now = timezone.now()
    address = address_of(request)
    place = queries.place_at(address, now)
    licences = _licences(place, now)
    back = local_address(request.GET.get("next"))
    if back and any(line.runs for line in licences):
        return _private(redirect(back), request, place)
    known = {
        "address": "" if address == UNKNOWN else address,
        "place": place,
        "running": [line for line in licences if line.runs],
        "others": [line for line in licences if not line.runs],
        "next": back,
        "mail_address": _mail_address(address),
    }
    return _private(render(request, "institutions/library.html", known), request, place)


def _licences(place: Place | None, now: datetime) -> list[LicenceLine]:
    if place is None or not place.grants:
        return []
    return [
        LicenceLine(one.label, words.opens(one), words.lasts(one, now), queries.runs(one, now))
        for one in queries.licences_of(place.institution)
    ]


def _private(response: HttpResponse, request: HttpRequest, place: Place | None) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    patch_vary_headers(response, ["Cookie"])
    if place is not None:
        sealed = _keys((settings.SECRET_KEY, *settings.OLD_SECRET_KEYS)).seal(str(place.institution).encode())
        response.set_cookie(
            COOKIE, sealed, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    elif COOKIE in request.COOKIES:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


@cache
def _keys(secrets: tuple[str, ...]) -> Keyring:
    return keyring("place", secrets)


def _mail_address(address: str) -> str:
    """A mailto address (RFC 6068) with the reader's address in its subject."""
    subject = quote(f"My library is not known: {address}", safe="")
    return f"mailto:{quote(settings.HELP_EMAIL, safe='@')}?subject={subject}"
