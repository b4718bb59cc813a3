"""Where a request came from, believing only the proxies the publisher trusts."""

import ipaddress
from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def address_of(request: HttpRequest) -> str:
    """Promise: the address of the nearest hop that is no trusted proxy; "unknown" when there is none."""
    nearest = _clean(str(request.META.get("REMOTE_ADDR", "")))
    trusted = _trusted(tuple(settings.TRUSTED_PROXIES))
    hops = [_clean(hop) for hop in request.headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    while hops and _is_trusted(nearest, trusted):
        nearest = hops.pop()
    return nearest or "unknown"


def came_by_trusted_proxy(request: HttpRequest) -> bool:
    nearest = _clean(str(request.META.get("REMOTE_ADDR", "")))
    return _is_trusted(nearest, _trusted(tuple(settings.TRUSTED_PROXIES)))


def network_of(request: HttpRequest) -> str:
    """Promise: what a limit counts by: an IPv4 address, or the /64 an IPv6 address is in."""
    address = address_of(request)
    try:
        if ipaddress.ip_address(address).version == 6:
            return str(ipaddress.ip_network(f"{address}/64", strict=False))
    except ValueError:
        return address
    return address


def network_digest(request: HttpRequest) -> str:
    """Promise: a keyed digest of `network_of`, for what is kept: it counts, and names nobody."""
    return salted_hmac("backnumber.readers.whence", network_of(request), algorithm="sha256").hexdigest()


@cache
def _trusted(proxies: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(proxy, strict=False) for proxy in proxies)


def _is_trusted(address: str, trusted: Iterable[Network]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in trusted if network.version == found.version)


def _clean(hop: str) -> str:
    """ "[2001:db8::1]:443" and "192.0.2.1:443" lose their port; what is no address becomes empty."""
    hop = hop.strip()
    if hop.startswith("["):
        hop = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:
        hop = hop.partition(":")[0]
    try:
        found = ipaddress.ip_address(hop)
    except ValueError:
        return ""
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)
