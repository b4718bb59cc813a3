"""Bytes that nobody expected: refused, or taken out, before any view reads them; and no refusal without a page of ours."""

import json
import logging
import re
from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import RequestDataTooBig, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDictKeyError

from backnumber.characters import seen, seen_within

log = logging.getLogger(__name__)
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_NUMBER = re.compile("[0-9]{1,18}")
_NO_NUMBER = ("expected a number but got", "invalid literal for int()")
_OWN_PAGES = {405: "405.html"}


class UnexpectedBytes:
    """A control character in a path, or a NUL in a query or a cookie, is refused with 400. Of what was typed into a form the
    characters that cannot be seen are taken out; a body in an encoding that is none is refused.

    Wagtail's forms believe in keys and in what no browser leaves out: what breaks at those is refused too.
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

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, kwargs: dict[str, Any]) -> None:
        """Wagtail's choosers take any text for a row's number, and break at it."""
        number = kwargs.get("pk")
        if (
            isinstance(number, str)
            and request.path_info.startswith("/admin/")
            and not _NUMBER.fullmatch(number)
        ):
            raise Http404

    def process_exception(self, request: HttpRequest, broke: Exception) -> HttpResponse | None:
        of_admin = request.path_info.startswith("/admin/")
        if not of_admin or request.method != "POST" or not _was_sent_so(broke):
            return None
        log.warning("%s was sent what its form cannot send: %s", request.path_info, type(broke).__name__)
        return _page("400.html", 400)


def _was_sent_so(broke: Exception) -> bool:
    """A field is not there, a key is no number, a row is named by none."""
    no_number = isinstance(broke, ValueError) and any(words in str(broke) for words in _NO_NUMBER)
    return no_number or isinstance(broke, MultiValueDictKeyError | ValidationError)


def _refusal(request: HttpRequest) -> HttpResponse | None:
    if _CONTROL.search(request.path_info) or _brings_nul(request):
        return _page("400.html", 400)
    try:
        if request.method == "POST" and request.content_type in _FORMS:
            _clean_form(request)
        if request.path_info.startswith("/admin/") and not _is_of_the_admin(request):
            return _page("400.html", 400)
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


def _is_of_the_admin(request: HttpRequest) -> bool:
    """What a page is to lead back to is a path: Wagtail takes anything else for the name of one. What comes with PATCH are choices
    kept as JSON, an object that goes into the database as it is.
    """
    asked = [*request.GET.getlist("next"), *request.POST.getlist("next")]
    if not all(one == "" or one.startswith("/") for one in asked):
        return False
    return request.method != "PATCH" or _is_an_object(request.body)


def _is_an_object(body: bytes) -> bool:
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(sent, dict) and bool(seen_within(sent) == sent)


def _clean_form(request: HttpRequest) -> None:
    typed = request.POST
    if not any(seen(value) != value for name in typed for value in typed.getlist(name)):
        return
    clean = typed.copy()
    for name in typed:
        clean.setlist(name, [seen(value) for value in typed.getlist(name)])
    request.POST = cast(Any, clean)


def _page(template: str, status: int) -> HttpResponse:
    return HttpResponse(render_to_string(template), status=status)
