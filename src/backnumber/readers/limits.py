"""How often a sign-in may be tried and a code be sent. Counted in the database's cache, so that every process
sees the same.

A limit by account alone would let a stranger lock its reader out. So passwords and codes are counted by
account *and* network; a browser that has signed in before is known by a cookie and has a count of its own.
The wider limits by account bind unknown browsers only. The numbers are in `settings.ACCOUNT_RATE_LIMITS`.
"""

from allauth.core import ratelimit
from allauth.core.internal.ratelimit import consume as consume_also_at_get
from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from backnumber.edge.page.cookie_names import host_cookie
from backnumber.readers.client_address import network_of, wider_network_of
from backnumber.readers.models import Reader

COOKIE = host_cookie("known_browser")
_YEAR = 365 * 24 * 60 * 60
_signer = TimestampSigner(salt="backnumber.readers.known_browser")


def remember_browser(response: HttpResponse, email: str) -> None:
    """Promise: the browser is known for a year as one that has signed in to this account; it opens nothing by
    itself.
    """
    value = _signer.sign(f"{_digest(email)}.{get_random_string(22)}")
    response.set_cookie(
        COOKIE, value, max_age=_YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def known_browser(request: HttpRequest, email: str) -> str | None:
    """Promise: the mark of this browser when it has signed in to this account within a year; else None."""
    try:
        value = _signer.unsign(request.COOKIES.get(COOKIE, ""), max_age=_YEAR)
    except BadSignature:
        return None
    whose, _, mark = value.partition(".")
    return mark if constant_time_compare(whose, _digest(email)) else None


def counted_by(request: HttpRequest, email: str) -> str:
    """Promise: the key of the narrow limits: the account with the known browser, or with the network."""
    mark = known_browser(request, email)
    return f"{email.lower()}|{'browser ' + mark if mark else network_of(request)}"


def may_try_password(request: HttpRequest, email: str) -> bool:
    """Promise: whether an unknown browser may still try this account; the try is counted."""
    return bool(known_browser(request, email)) or ratelimit.consume(
        request, action="password_by_account", key=email.lower()
    )


def may_send_code(request: HttpRequest, email: str) -> bool:
    """Promise: whether another code may go to this account; it is counted, whether or not there is such an
    account.
    """
    if not ratelimit.consume(request, action="code_from_here", key=counted_by(request, email)):
        return False
    return bool(known_browser(request, email)) or ratelimit.consume(
        request, action="code_by_account", key=email.lower()
    )


def _digest(email: str) -> str:
    return salted_hmac("backnumber.readers.known_browser", email.lower(), algorithm="sha256").hexdigest()


def may_try_password_again(request: HttpRequest, reader: Reader) -> bool:
    """Promise: whether a reader who is signed in may type the password once more; the try is counted."""
    return ratelimit.consume(request, action="reauthenticate", user=reader)


def may_sign_up_for_the_weekly(request: HttpRequest) -> bool:
    """Promise: whether this network, and the wider one around it, may still ask for a mail; it is counted. Who is refused here
    never counts into what may go out in all.
    """
    return bool(
        ratelimit.consume(request, action="weekly_sign_up", key=network_of(request))
        and ratelimit.consume(request, action="weekly_sign_up_around", key=wider_network_of(request))
    )


def may_try_another_gift(request: HttpRequest) -> bool:
    """Promise: whether one wrong gift token more is answered as ever; it is counted by network, by the wider one around it and in
    all. Who is refused by one of these does not count into the next, and a right token is never asked about.
    """
    counted = (
        ("wrong_gift", network_of(request)),
        ("wrong_gift_around", wider_network_of(request)),
        ("wrong_gift_in_all", "all"),
    )
    return all(
        consume_also_at_get(request, app="allauth.account", action=action, key=key, limit_get=True)
        for action, key in counted
    )
