"""Where a request came from, believing only the proxies the publisher trusts."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from backnumber.edge.page import places


def address_of(request: HttpRequest) -> str:
    """Promise: the address of the nearest hop that is no trusted proxy; "unknown" when there is none."""
    forwarded_for = (request.headers.get("x-forwarded-for", ""),)
    return places.nearest_untrusted(_peer(request), forwarded_for, _trusted(tuple(settings.TRUSTED_PROXIES)))


def came_by_trusted_proxy(request: HttpRequest) -> bool:
    return places.is_trusted(_peer(request), _trusted(tuple(settings.TRUSTED_PROXIES)))


def network_of(request: HttpRequest) -> str:
    """Promise: what a limit counts by: an IPv4 address, or the /64 an IPv6 address is in."""
    return places.network(address_of(request))


def wider_network_of(request: HttpRequest) -> str:
    """Promise: the IPv4 /24 or the IPv6 /48 around it: whoever rents one has all of its addresses."""
    return places.wider_network(address_of(request))


def network_digest(request: HttpRequest) -> str:
    """Promise: a keyed digest of `network_of`, for what is kept: it counts, and names nobody."""
    return salted_hmac(
        "backnumber.readers.client_address", network_of(request), algorithm="sha256"
    ).hexdigest()


def _peer(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


@cache
def _trusted(proxies: tuple[str, ...]) -> tuple[places.Network, ...]:
    return places.trusted_networks(proxies)
