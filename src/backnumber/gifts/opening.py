"""What happens at an article's address with `?gift=`: the token is exchanged for a cookie, and leaves the address."""

from datetime import datetime

from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from backnumber.access import Gift
from backnumber.archive.models import Article
from backnumber.edge.page.counting import is_counted
from backnumber.edge.page.tokens import GIFT_COOKIE, gift_cookie
from backnumber.gifts.queries import gift_at
from backnumber.gifts.service import count_opening
from backnumber.readers.keyrings import keyring_of
from backnumber.readers.limits import may_try_another_gift

PARAMETER = "gift"
KEPT_TO_ITSELF = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}


def open_gift(request: HttpRequest, article: Article, now: datetime) -> HttpResponse | None:
    """Promise: the way on to the article's clean address, with the gift's cookie when the token is good; None without a token.

    Who brings a wrong token after many is told to wait; a good one is taken all the same, whoever tried the others.
    What opens it again is the rule, which knows the gift.
    """
    token = request.GET.get(PARAMETER)
    if token is None:
        return None
    path = article.get_absolute_url()
    response = HttpResponseRedirect(path, status=303)
    gift = gift_at(token, article.pk, now)
    if gift is None:
        if not may_try_another_gift(request):
            return kept_to_itself(ratelimit.respond_429(request))
    else:
        _give(response, gift, path, now)
        if is_counted(request.method or "", request.headers):
            count_opening(gift.id)
    return kept_to_itself(response)


def _give(response: HttpResponse, gift: Gift, path: str, now: datetime) -> None:
    response.set_cookie(
        GIFT_COOKIE,
        gift_cookie(gift, keyring_of("gift")),
        max_age=int((gift.until - now).total_seconds()),
        path=path,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def kept_to_itself(response: HttpResponse) -> HttpResponse:
    """Promise: an answer to an address with a token in it, which no cache, index or next page learns of."""
    for name, value in KEPT_TO_ITSELF.items():
        response.headers[name] = value
    return response
