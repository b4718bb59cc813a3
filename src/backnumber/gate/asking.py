"""Who asks, from a request: the reader, the place, the gift and the meter. Nothing else in Django makes an asker from a request, which
a test holds. The door knows the same from cookies alone.
"""

from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest

from backnumber.access import Asked, Asker, Policy
from backnumber.gate import facts
from backnumber.gifts.asking import gift_of
from backnumber.institutions.queries import place_at
from backnumber.meter.asking import nobodys_meter, readers_meter
from backnumber.readers.client_address import address_of
from backnumber.readers.models import Reader


def asker_in_lists(request: HttpRequest, now: datetime) -> Asker:
    """Promise: who asks for a page that shows many articles: the reader and the place. A gift is for one article, and what is listed is
    not read, so that no meter counts it. At most three queries, one for nobody.
    """
    return replace(facts.asker(reader_of(request)), place=place_at(address_of(request), now))


def asker_of(request: HttpRequest, asked: Asked, now: datetime) -> Asker:
    """Promise: all that the rule may know of who asks for this article; at most five queries, two for nobody."""
    reader = reader_of(request)
    gift = gift_of(request.COOKIES, asked.article, now)
    who = replace(asker_in_lists(request, now), gift=gift)
    if asked.policy is not Policy.METERED:
        return who
    method = request.method or ""
    if reader is None:
        return replace(who, meter=nobodys_meter(request.COOKIES, request.headers, method, now))
    return replace(who, meter=readers_meter(reader.pk, request.headers, method, now))


def uncounted_asker_of(request: HttpRequest, asked: Asked, now: datetime) -> Asker:
    """Promise: the same for what is no opening of a page: a feed, a file for a program; the meter is not asked."""
    return replace(asker_of(request, replace(asked, policy=None), now), meter=None)


def reader_of(request: HttpRequest) -> Reader | None:
    return request.user if request.user.is_authenticated else None
