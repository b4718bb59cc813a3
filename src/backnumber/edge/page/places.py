"""Which institution an address belongs to, and which address a request really came from.

Pure, and quick: the door asks both for every request.
"""

import ipaddress
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from backnumber.access import Place

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

UNKNOWN = "unknown"
_LONGEST = 64  # no address is spelled longer, with brackets and a port; longer text would fill the caches
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """The addresses from `first` to `last`, both inclusive, as numbers of IP `version` 4 or 6, are the place's
    from `starts` until just before `until`; None is without a bound.
    """

    first: int
    last: int
    version: int
    place: Place
    starts: datetime | None = None
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        return (self.starts is None or self.starts <= now) and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class _Stretches:
    """Stretch `i` goes from `begins[i]` to just before the next one; `rows[i]` are all that cover it."""

    begins: tuple[int, ...]
    rows: tuple[tuple[PlaceRow, ...], ...]

    def covering(self, number: int) -> tuple[PlaceRow, ...]:
        index = bisect_right(self.begins, number) - 1
        return self.rows[index] if index >= 0 else ()


@dataclass(frozen=True, slots=True)
class PlaceTable:
    """Every institution's addresses, to be asked by bisection. It never changes: a process makes a new one.

    The rows may come in any order; one whose last address is before its first covers none.
    """

    rows: tuple[PlaceRow, ...] = ()
    _four: _Stretches = field(init=False, repr=False, compare=False)
    _six: _Stretches = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, version in (("_four", 4), ("_six", 6)):
            object.__setattr__(self, name, _stretches([row for row in self.rows if row.version == version]))

    @property
    def is_empty(self) -> bool:
        return not self.rows

    def at(self, address: str, now: datetime) -> Place | None:
        """Promise: the place that has `address` at `now`, found in O(log n). An IPv4 address written as IPv6 is
        itself; what is no address is nowhere, and so is what two institutions would have at once.
        """
        found = parsed(address)
        if found is None or "%" in address:
            return None
        stretches = self._four if found.version == 4 else self._six
        here = [row.place for row in stretches.covering(int(found)) if row.holds(now)]
        if not here or any(place.institution != here[0].institution for place in here):
            return None
        return here[0]


def _stretches(rows: Sequence[PlaceRow]) -> _Stretches:
    begins = sorted({edge for row in rows for edge in (row.first, row.last + 1)})
    waiting = sorted(rows, key=lambda row: row.first, reverse=True)
    covering: list[PlaceRow] = []
    found = []
    for begin in begins:
        while waiting and waiting[-1].first <= begin:
            covering.append(waiting.pop())
        covering = [row for row in covering if row.last >= begin]
        found.append(tuple(covering))
    return _Stretches(tuple(begins), tuple(found))


def trusted_networks(proxies: Iterable[str]) -> tuple[Network, ...]:
    """Promise: the proxies as networks, a single address as a network of one. Errors: ValueError for any other text."""
    return tuple(ipaddress.ip_network(proxy, strict=False) for proxy in proxies)


def nearest_untrusted(peer: str, forwarded_for: Sequence[str], trusted: tuple[Network, ...]) -> str:
    """Promise: the address of the nearest hop that is no trusted proxy; "unknown" when that hop is no address.

    `forwarded_for` is the values of X-Forwarded-For in their order, each of one hop or several with commas. Only what
    a trusted proxy wrote is read: from the end, as long as each hop is trusted.
    """
    nearest = _clean_hop(peer)
    hops = _from_the_nearest(forwarded_for)
    while _is_in(nearest, trusted):
        hop = next(hops, None)
        if hop is None:
            break
        nearest = _clean_hop(hop)
    return nearest or UNKNOWN


def network(address: str) -> str:
    """Promise: what a limit counts by: an IPv4 address itself, of an IPv6 address its /64, which is one household's."""
    found = parsed(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((int(found) >> 64 << 64, 64)))
    return str(found or address)


def wider_network(address: str) -> str:
    """Promise: the IPv4 /24 or the IPv6 /48 that an address is in."""
    found = parsed(address)
    if found is None:
        return address
    kept = 24 if found.version == 4 else 48
    return str(ipaddress.ip_network(f"{found}/{kept}", strict=False))


def is_trusted(hop: str, trusted: tuple[Network, ...]) -> bool:
    """Promise: whether `hop`, with or without a port, is an address in one of the networks."""
    return _is_in(_clean_hop(hop), trusted)


def parsed(text: str) -> IPAddress | None:
    """Promise: the address `text` is, an IPv4 address written as IPv6 as itself; None when it is none."""
    return _parsed(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=_REMEMBERED)
def _parsed(text: str) -> IPAddress | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found


def _is_in(address: str, trusted: tuple[Network, ...]) -> bool:
    found = _parsed(address) if address else None
    return found is not None and any(found in network for network in trusted)


def _from_the_nearest(forwarded_for: Sequence[str]) -> Iterator[str]:
    for value in reversed(forwarded_for):
        yield from (hop for hop in reversed(value.split(",")) if hop.strip())


def _clean_hop(hop: str) -> str:
    hop = hop.strip()
    return _without_port(hop) if len(hop) <= _LONGEST else ""


@lru_cache(maxsize=_REMEMBERED)
def _without_port(hop: str) -> str:
    """ "[2001:db8::1]:443" and "192.0.2.1:443" lose their port; what is no address becomes empty."""
    if hop.startswith("["):
        hop = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:
        hop = hop.partition(":")[0]
    return str(parsed(hop) or "")
