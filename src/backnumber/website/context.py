"""What every page shows: the site's name, its navigation, who is signed in, the page's one address."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch

from backnumber.archive import addresses

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
    }


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
