"""What every page shows: the site's name, its navigation, who is signed in, the page's one address."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.cache import caches
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme

from backnumber.access import Decision, Reason, open_everything, supposed
from backnumber.archive import addresses
from backnumber.edge.page import passes
from backnumber.information import queries as information
from backnumber.information.queries import LivePages
from backnumber.readers.keyrings import keyring_of

MENUS_ARE_KEPT = 10  # seconds, in each process, for pages that Django renders for one request
NAVIGATION = (
    ("Archive", "archive"),
    ("The past", "past"),
    ("Sections", "sections"),
    ("Contributors", "contributors"),
    ("Long read", "weekly"),
    ("Search", "search"),
    ("Help", "help"),
)


def site(request: HttpRequest) -> dict[str, Any]:
    """Promise: no query beyond the session's own, and every ten seconds one for the menus."""
    user = getattr(request, "user", None)
    pages: Any = SimpleLazyObject(lambda: _live_pages(request))
    return {
        "site_name": settings.SITE_NAME,
        "help_email": settings.HELP_EMAIL,
        "reader": user if user is not None and user.is_authenticated else None,
        "navigation": SimpleLazyObject(lambda: _navigation(request.path, pages)),
        "information": pages,
        "canonical": settings.ADDRESS + request.path,
        "site_address": settings.ADDRESS,
        "back": _back_to(request),
        "everything": SimpleLazyObject(lambda: _everything(request)),
    }


def _everything(request: HttpRequest) -> Decision | None:
    """How the whole archive is open to who asks, as their pass says: no query. None too for who has no pass yet."""
    user = getattr(request, "user", None)
    held = passes.opened(request.COOKIES.get(passes.COOKIE, ""), keyring_of("pass"))
    if (
        held is None
        or user is None
        or held.reader != user.pk
        or not open_everything(held.grants, timezone.now())
    ):
        return None
    return supposed(True, Reason.GRANT)


def _back_to(request: HttpRequest) -> str:
    """Promise: what makes the masthead's "Sign in" come back to this page; empty on the pages of signing in themselves, and
    where the page answers a form, for which there may be nothing to come back to.
    """
    if request.method not in ("GET", "HEAD") or request.path.startswith("/account/"):
        return ""
    asked = request.GET.copy()
    asked.pop(REDIRECT_FIELD_NAME, None)  # where this page itself was to lead is no part of it
    here = f"{request.path}?{asked.urlencode()}" if asked else request.path
    is_ours = url_has_allowed_host_and_scheme(here, allowed_hosts=None)
    return f"?{urlencode({REDIRECT_FIELD_NAME: here})}" if is_ours else ""


def _live_pages(request: HttpRequest) -> LivePages:
    """What is rendered for the page store brings them along. With the database away a page is shown without them."""
    known: LivePages | None = getattr(request, "live_pages", None)
    if known is not None:
        return known
    kept: LivePages | None = caches["menus"].get("pages")
    if kept is not None:
        return kept
    try:
        pages = information.live_pages()
    except (OperationalError, InterfaceError):
        return LivePages()
    caches["menus"].set("pages", pages, MENUS_ARE_KEPT)
    return pages


def _navigation(path: str, pages: LivePages) -> list[dict[str, Any]]:
    links = [(label, address_of(name)) for label, name in NAVIGATION]
    links += [(page.title, page.address) for page in pages.main]
    return [
        {"label": label, "address": address, "here": path == address} for label, address in links if address
    ]


def address_of(name: str) -> str:
    """Promise: the address of a page by its name, empty when the site has no such page."""
    try:
        return addresses.address_of(name)
    except NoReverseMatch:
        return ""
