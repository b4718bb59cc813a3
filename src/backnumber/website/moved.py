"""What stood at an address that leads nowhere any more is sent on to where it stands now, and all that goes with it: feeds of a
title, the cover of an issue, an article for programs.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from backnumber.archive.queries import moved_to
from backnumber.information import queries as information

_LONGEST = 400  # as long as an old address may be
_FOR_PROGRAMS = re.compile(r"(?P<page>/archive/.+)(?P<ending>\.(?:md|json))")
_FEED = re.compile(
    r"/feeds/(?P<kind>titles|sections|contributors)/(?P<slug>[-\w]+)(?P<ending>\.(?:atom|rss|json))"
)
_NUMBERED = re.compile(r"(?:^|&)((?:p|page_id|attachment_id)=\d{1,12})(?:&|$)")
_COVER = re.compile(r"/covers/(?P<issue>[^.]+)\.svg")
_INFORMATION = re.compile(r"/information/(?P<slug>[-\w]+)/?")
_PAGES_OF = {"titles": "archive", "sections": "sections", "contributors": "contributors"}


def old_addresses(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Asks the archive and the information pages when everything else has answered 404, and only then."""

    def respond(request: HttpRequest) -> HttpResponse:
        if to := _numbered(request):
            return HttpResponsePermanentRedirect(to)
        response = get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        to = present_address(request.path)
        return sent_on(request, to) if to is not None and to != request.path else response

    return respond


def _numbered(request: HttpRequest) -> str | None:
    """Where the post stands that WordPress called `/?p=12`."""
    found = _NUMBERED.search(request.META.get("QUERY_STRING", "")) if request.path == "/" else None
    return moved_to(f"/?{found[1]}") if found else None


def present_address(path: str) -> str | None:
    """Promise: where the page, the feed, the cover or the file of that address stands now; None for what never stood there."""
    if len(path) > _LONGEST or not path.isprintable():
        return None
    if found := _FOR_PROGRAMS.fullmatch(path):
        file_type = found["ending"]
        return _beside(f"{found['page']}/", lambda page: page.removesuffix("/") + file_type)
    if found := _FEED.fullmatch(path):
        kind, ending = found["kind"], found["ending"]
        page = f"/{_PAGES_OF[kind]}/{found['slug']}/"
        return _beside(page, lambda page: f"/feeds/{kind}/{page.split('/')[-2]}{ending}")
    if found := _COVER.fullmatch(path):
        return _beside(
            f"/archive/{found['issue']}/",
            lambda page: f"/covers/{page.removeprefix('/archive/').removesuffix('/')}.svg",
        )
    if found := _INFORMATION.fullmatch(path):
        return information.moved_to(found["slug"])
    return moved_to(path) or (None if path.endswith("/") else moved_to(f"{path}/"))


def _beside(page: str, of: Callable[[str], str]) -> str | None:
    to = moved_to(page)
    return of(to) if to else None


def sent_on(request: HttpRequest, to: str) -> HttpResponse:
    """Promise: a permanent redirect that keeps the query. Kept an hour by caches: an editor may change a slug back."""
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponsePermanentRedirect(f"{to}?{query}" if query else to)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
