"""Who asks, from a request: the reader, the place, the gift and the meter. The front door knows the same from cookies alone."""

from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest

from backnumber.access import Asked, Asker, Policy
from backnumber.allowances import asking as allowances
from backnumber.gate import facts
from backnumber.institutions.queries import place_at
from backnumber.readers.models import Reader
from backnumber.readers.whence import address_of


def asker_of(request: HttpRequest, asked: Asked, now: datetime) -> Asker:
    """Promise: all that the rule may know of who asks for this article; at most five queries, two for nobody."""
    reader = reader_of(request)
    who = replace(
        facts.asker(reader),
        place=place_at(address_of(request), now),
        gift=allowances.gift_of(request.COOKIES, asked.article, now),
    )
    if asked.policy is not Policy.METERED:
        return who
    method = request.method or ""
    if reader is None:
        return replace(who, meter=allowances.nobodys_meter(request.COOKIES, request.headers, method, now))
    return replace(who, meter=allowances.readers_meter(reader.pk, request.headers, method, now))


def uncounted_asker_of(request: HttpRequest, asked: Asked, now: datetime) -> Asker:
    """Promise: the same for what is no opening of a page: a feed, a file for a program; the meter is not asked."""
    return replace(asker_of(request, replace(asked, policy=None), now), meter=None)


def reader_of(request: HttpRequest) -> Reader | None:
    return request.user if request.user.is_authenticated else None
