"""What every page shows: the site's name, its navigation, who is signed in, the page's one address."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from backnumber.access import Decision, Reason, open_everything, supposed
from backnumber.archive import addresses
from backnumber.pages import passes
from backnumber.passes.service import keys

NAVIGATION = (
    ("Archive", "archive"),
    ("Sections", "sections"),
    ("Contributors", "contributors"),
    ("Long read", "weekly"),
    ("Search", "search"),
    ("Help", "help"),
)


def site(request: HttpRequest) -> dict[str, Any]:
    """Promise: no query beyond the session's own."""
    user = getattr(request, "user", None)
    return {
        "site_name": settings.SITE_NAME,
        "help_email": settings.HELP_EMAIL,
        "reader": user if user is not None and user.is_authenticated else None,
        "navigation": _navigation(request.path),
        "canonical": settings.ADDRESS + request.path,
        "everything": SimpleLazyObject(lambda: _everything(request)),
    }


def _everything(request: HttpRequest) -> Decision | None:
    """How the whole archive is open to who asks, as their pass says: no query. None too for who has no pass yet."""
    user = getattr(request, "user", None)
    held = passes.opened(request.COOKIES.get(passes.COOKIE, ""), keys())
    if (
        held is None
        or user is None
        or held.reader != user.pk
        or not open_everything(held.grants, timezone.now())
    ):
        return None
    return supposed(True, Reason.GRANT)


def _navigation(path: str) -> list[dict[str, Any]]:
    links = [(label, address_of(name)) for label, name in NAVIGATION]
    return [
        {"label": label, "address": address, "here": path == address} for label, address in links if address
    ]


def address_of(name: str) -> str:
    """Promise: the address of a page by its name, empty when the site has no such page."""
    try:
        return addresses.address_of(name)
    except NoReverseMatch:
        return ""
