"""Notes when a device is used, and takes along, for one whose session was ended, why."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from backnumber.edge.page.cookie_names import path_cookie
from backnumber.readers import devices
from backnumber.readers.device_words import device_name
from backnumber.readers.models import EndedDevice, Reader

COOKIE = path_cookie("signed_out")
_DAYS_30 = 30 * 24 * 60 * 60


def devices_in_use(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A request that never asked who it is from costs nothing. Django drops the cookie of an ended session, so the
    reason goes into one of its own, which only the pages of signing in are sent.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        given = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if not given or not request.session.accessed:
            return response
        key = request.session.session_key
        if isinstance(request.user, Reader) and key:
            devices.notice(request.user, key, name_of(request), timezone.now())
        elif key is None and COOKIE not in response.cookies:
            because = devices.why_ended(given)
            if because is not None:
                _take_along(response, because)
        return response

    return respond


def name_of(request: HttpRequest) -> str:
    return device_name(request.headers.get("user-agent", ""))


@receiver(user_logged_in, dispatch_uid="backnumber.readers.devices")
def on_sign_in(request: HttpRequest, user: Reader, **kwargs: Any) -> None:
    """Django tells of every sign-in, whichever way it came. The session is saved first: it says whose it is before another
    sign-in counts it.
    """
    request.session.save()
    key = request.session.session_key
    if key:
        devices.remember(user, key, name_of(request), timezone.now())


def why_signed_out(request: HttpRequest) -> EndedDevice.Because | None:
    """Promise: why this browser was signed out, when we did it; none for who is signed in."""
    if request.user.is_authenticated:
        return None
    said = request.COOKIES.get(COOKIE, "")
    if said in EndedDevice.Because.values:
        return EndedDevice.Because(said)
    given = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return devices.why_ended(given) if given and request.session.session_key is None else None


def forget_why(response: HttpResponse) -> None:
    """Promise: it is said once."""
    response.delete_cookie(COOKIE, path=reverse("account_login"), samesite="Lax")


def _take_along(response: HttpResponse, because: EndedDevice.Because) -> None:
    patch_cache_control(response, private=True)
    response.set_cookie(
        COOKIE,
        because.value,
        max_age=_DAYS_30,
        path=reverse("account_login"),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
