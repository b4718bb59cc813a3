"""Security headers of the site's own pages, and how a form of a page that nobody in particular sees is known
for ours.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.cache import has_vary_header

from backnumber.readers.client_address import came_by_trusted_proxy
from backnumber.website.page_headers import ADMIN_POLICY, PERMISSIONS, POLICY

_ALIKE = "is_the_same_for_everybody"


def scheme_of_trusted_proxies(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A proxy of BACKNUMBER_TRUSTED_PROXIES says how the reader came; nobody else is believed."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.headers.get("x-forwarded-proto") == "https" and came_by_trusted_proxy(request):
            request.META["wsgi.url_scheme"] = "https"
        return get_response(request)

    return respond


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A page that says nothing of caches is its reader's own. The admin has a
    policy of its own, for Wagtail brings scripts and styles within its pages.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        of_admin = request.path.startswith("/admin/")
        response.headers.setdefault("Content-Security-Policy", ADMIN_POLICY if of_admin else POLICY)
        return response

    return respond


def same_for_everybody(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Next to the views: a view that says its answer is public, and not itself that it varies by cookie, answers everybody alike."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_public = "public" in response.headers.get("Cache-Control", "") and not response.cookies
        if is_public and not has_vary_header(response, "Cookie"):
            setattr(response, _ALIKE, True)
        return response

    return respond


def shared_by_all(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Outside the session: what is the same for everybody does not vary by cookie, whoever looked at the session on the way."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if getattr(response, _ALIKE, False) and not response.cookies:
            named = [name.strip() for name in response.headers.get("Vary", "").split(",")]
            kept = ", ".join(name for name in named if name and name.lower() != "cookie")
            if kept:
                response.headers["Vary"] = kept
            else:
                response.headers.pop("Vary", None)
        return response

    return respond


class CsrfMiddleware(CsrfViewMiddleware):
    """Django's, and one way more: nobody's form is ours when the browser says that it comes from our own
    page.

    A page that everybody shares cannot carry a token of one visitor. Browsers since 2020 send Sec-Fetch-Site
    or Origin with every post, and no page can forge them (https://www.w3.org/TR/fetch-metadata/). Who is
    signed in needs the token as ever, but for a form on stored pages: its view says `same_origin_suffices`.
    """

    def process_view(
        self, request: HttpRequest, callback: Any, callback_args: Any, callback_kwargs: Any
    ) -> HttpResponseForbidden | None:
        suffices = SESSION_KEY not in request.session or getattr(callback, "same_origin_suffices", False)
        if request.method == "POST" and suffices and _is_from_our_page(request):
            setattr(request, "csrf_processing_done", True)  # noqa: B010 (Django's mark, unknown to its types)
            return None
        return super().process_view(request, callback, callback_args, callback_kwargs)


def _is_from_our_page(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
