"""Bytes that nobody expected: refused, or taken out, before any view reads them; and no refusal without a page of ours."""

import re
from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string

# What no XML document may hold (https://www.w3.org/TR/xml/#charsets): nobody sees them, and a feed breaks at them.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_NUMBER = re.compile("[0-9]{1,18}")
_OWN_PAGES = {405: "405.html"}


class UnexpectedBytes:
    """A control character in a path, or a NUL in a query or a cookie, is refused with 400. Of what was typed into a form the
    characters that cannot be seen are taken out; a body in an encoding that is none is refused.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = _refusal(request) or self.get_response(request)
        page = _OWN_PAGES.get(response.status_code)
        if page is not None and not response.streaming and not response.content:
            response.headers["Content-Type"] = "text/html; charset=utf-8"
            response.content = render_to_string(page)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        """Wagtail's choosers take any text for a row's number, and break at it."""
        number = kwargs.get("pk")
        if (
            isinstance(number, str)
            and request.path_info.startswith("/admin/")
            and not _NUMBER.fullmatch(number)
        ):
            raise Http404


def _refusal(request: HttpRequest) -> HttpResponse | None:
    if _CONTROL.search(request.path_info) or _brings_nul(request):
        return _page("400.html", 400)
    if request.method == "POST" and request.content_type in _FORMS:
        try:
            _clean_form(request)
        except RequestDataTooBig:
            return _page("413.html", 413)
        except (LookupError, UnicodeError):  # charset=hex: Python knows it, and it is no encoding of text
            return _page("400.html", 400)
    return None


def _brings_nul(request: HttpRequest) -> bool:
    asked = request.GET
    return (
        any("\0" in name or any("\0" in one for one in asked.getlist(name)) for name in asked)
        or any("\0" in value for value in request.COOKIES.values())
    )  # fmt: skip


def _clean_form(request: HttpRequest) -> None:
    typed = request.POST
    if not any(_UNSEEN.search(value) for name in typed for value in typed.getlist(name)):
        return
    clean = typed.copy()
    for name in typed:
        clean.setlist(name, [_UNSEEN.sub("", value) for value in typed.getlist(name)])
    request.POST = cast(Any, clean)


def _page(template: str, status: int) -> HttpResponse:
    return HttpResponse(render_to_string(template), status=status)
