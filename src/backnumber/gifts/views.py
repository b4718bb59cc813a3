"""The pages of gift links: ask for one, be shown it once, see and end those made."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from backnumber.access import is_over
from backnumber.archive.models import Article
from backnumber.archive.queries import articles_for_lists
from backnumber.gifts import service
from backnumber.gifts.queries import OPEN, links_left, links_of, refusal, statuses
from backnumber.gifts.rules import Refusal, gift_ends
from backnumber.readers.keyrings import keyring_of
from backnumber.readers.models import Reader
from backnumber.readers.next_address import local_address

LONGEST_KEY = 18  # digits


def _reader(request: HttpRequest) -> Reader:
    if not isinstance(request.user, Reader):
        raise Http404
    return request.user


def _article(given: str) -> Article:
    if not (given.isascii() and given.isdecimal() and len(given) <= LONGEST_KEY):
        raise Http404
    found = articles_for_lists().prefetch_related(None).filter(pk=int(given)).first()
    if found is None:
        raise Http404
    return found


@never_cache
@login_required
@require_safe
def gift_new(request: HttpRequest) -> HttpResponse:
    """Says what a link gives, and has the button that makes one. The form carries its token sealed: sent twice, it makes one."""
    reader, article = _reader(request), _article(request.GET.get("article", ""))
    why_not = refusal(reader.pk, article, timezone.now())
    return _asked(request, reader, article, why_not, status=200)


@never_cache
@login_required
@require_POST
def gift_make(request: HttpRequest) -> HttpResponse:
    """The link, shown once: nobody keeps it."""
    reader, article = _reader(request), _article(request.POST.get("article", ""))
    token = _token_in(request.POST.get("once", ""), reader, article)
    if not token:
        return redirect(f"{reverse('gift_new')}?article={article.pk}")
    try:
        made = service.make_gift(reader, article, timezone.now(), token)
    except service.GiftRefused as refused:
        return _asked(request, reader, article, refused.why, status=409)
    known = {"article": article, "made": made, "link": settings.ADDRESS + made.address}
    response = render(request, "gifts/gift_made.html", known)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@never_cache
@login_required
@require_safe
def gifts(request: HttpRequest) -> HttpResponse:
    """The links a reader made, and a button to end each that still opens its article."""
    reader, now = _reader(request), timezone.now()
    made = list(links_of(reader.pk))
    stand = statuses(made, now)
    links = [
        {
            "link": link,
            "ends": gift_ends(link.until, link.revoked_at),
            "is_over": is_over(link, now),
            "is_open": stand[link.pk] == OPEN,
            "status": stand[link.pk],
        }
        for link in made
    ]
    known = {"links": links, "left": links_left(reader.pk, now), "are_on": bool(settings.GIFTS)}
    return render(request, "gifts/gifts.html", known)


@never_cache
@login_required
@require_POST
def gift_revoke(request: HttpRequest, key: int) -> HttpResponse:
    """By its maker, or by staff who may end any."""
    if not service.revoke_gift(key, _reader(request), timezone.now()):
        raise Http404
    messages.success(request, "That link opens nothing any more.")
    return redirect(local_address(request.POST.get("next")) or "gifts")


def _asked(
    request: HttpRequest, reader: Reader, article: Article, why_not: Refusal | None, *, status: int
) -> HttpResponse:
    known: dict[str, Any] = {"article": article, "why_not": why_not, "days": settings.GIFT_DAYS}
    if why_not in (None, Refusal.NONE_LEFT):
        known["left"] = links_left(reader.pk, timezone.now())
    if why_not is None:
        known["once"] = _once(reader, article)
    return render(request, "gifts/gift_new.html", known, status=status)


def _once(reader: Reader, article: Article) -> str:
    return keyring_of("gift-form").seal(f"{reader.pk} {article.pk} {service.new_token()}".encode())


def _token_in(once: str, reader: Reader, article: Article) -> str:
    """The token of the form when we gave it to this reader for this article; else empty."""
    content = keyring_of("gift-form").opened(once) or b""
    whose, _, rest = content.decode().partition(" ")
    which, _, token = rest.partition(" ")
    return token if (whose, which) == (str(reader.pk), str(article.pk)) else ""
