"""Ranges of addresses as a librarian writes them, one a line, and how we write them back.

A line is a CIDR, a single address, two addresses with a dash, or an IPv4 address that ends in asterisks; then, if
need be, "from" and a day, "to" and a day (inclusive), and a note after "#".
"""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

MOST_LINES = 5_000
LONGEST_LINE = 300
LONGEST_NOTE = 200
_LINE = re.compile(
    r"(?P<addresses>.*?)(?:\s+from\s+(?P<starts>\S+))?(?:\s+(?:to|until)\s+(?P<ends>\S+))?", re.IGNORECASE
)
_DASH = re.compile(r"\s*[-–—]\s*")
_STARRED = re.compile(r"(?:\d{1,3}\.){1,3}\*(?:\.\*)*")
_LAST_NUMBER = re.compile(r"\d{1,3}")


class Misread(ValueError):
    """What was typed cannot be taken; `faults` are sentences, one for each line that is wrong."""

    def __init__(self, *faults: str) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Range:
    """The addresses from `first` to `last`, on the days from `starts_on` to `ends_on`; all inclusive, None is without
    a bound. `holder` is whose it is, or the line it stands in.
    """

    first: IPAddress
    last: IPAddress
    starts_on: date | None = None
    ends_on: date | None = None
    note: str = ""
    holder: str = ""

    @property
    def addresses(self) -> str:
        """The shortest way to write the addresses."""
        if self.first == self.last:
            return str(self.first)
        networks = list(_networks(self))
        return str(networks[0]) if len(networks) == 1 else f"{self.first} - {self.last}"

    @property
    def line(self) -> str:
        """The range as one line that reads back as itself."""
        parts = [
            self.addresses,
            f"from {self.starts_on}" if self.starts_on else "",
            f"to {self.ends_on}" if self.ends_on else "",
            f"# {self.note}" if self.note else "",
        ]
        return " ".join(part for part in parts if part)


def read_ranges(text: str) -> tuple[Range, ...]:
    """Promise: the ranges of `text`, one for each line that is not blank, in their order.

    Errors: Misread, with a sentence for every line that cannot be taken.
    """
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        raise Misread(f"These are {len(lines)} lines; {MOST_LINES} is the most we take.")
    found, faults = [], []
    for number, line in enumerate(lines, 1):
        try:
            found += [_read_line(line, f"line {number}")] if line.strip() else []
        except ValueError as why:
            faults.append(f"Line {number}: {why}")
    if faults:
        raise Misread(*faults)
    return tuple(found)


def _read_line(line: str, holder: str) -> Range:
    if len(line) > LONGEST_LINE:
        raise ValueError(f"it is longer than {LONGEST_LINE} characters.")
    written, _, note = (part.strip() for part in line.partition("#"))
    if len(note) > LONGEST_NOTE:
        raise ValueError(f"the note is longer than {LONGEST_NOTE} characters.")
    match = _LINE.fullmatch(written)
    if match is None or not match["addresses"]:
        raise ValueError("there is no address before the note.")
    first, last = plain(*_read_addresses(match["addresses"].strip()))
    read = Range(first, last, _day(match["starts"]), _day(match["ends"]), note, holder)
    if read.starts_on and read.ends_on and read.ends_on < read.starts_on:
        raise ValueError(f"it ends on {read.ends_on}, before it begins.")
    if (fault := fault_of(first, last)) is not None:
        raise ValueError(f"{match['addresses'].strip()} {fault}")
    return read


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(
            f"“{text}” is no day. Write a day like 2026-10-01, and a dash between two addresses."
        ) from None


def _read_addresses(text: str) -> tuple[IPAddress, IPAddress]:
    if "/" in text:
        return _read_cidr(text)
    if "*" in text:
        return _read_starred(text)
    if _DASH.search(text):
        return _read_dashed(text)
    return _address(text), _address(text)


def _address(text: str) -> IPAddress:
    try:
        if "%" in text:
            raise ValueError
        return ipaddress.ip_address(text)
    except ValueError:
        raise ValueError(
            f"“{text}” is no address. Write one like 192.0.2.0/24, 192.0.2.1 - 192.0.2.99, 192.0.2.* or 2001:db8:51::/48."
        ) from None


def _read_cidr(text: str) -> tuple[IPAddress, IPAddress]:
    written, _, length = (part.strip() for part in text.partition("/"))
    address = _address(written)
    if not (length.isascii() and length.isdigit() and int(length) <= address.max_prefixlen):
        raise ValueError(f"after the slash comes a number from 0 to {address.max_prefixlen}, not “{length}”.")
    network = ipaddress.ip_network(f"{address}/{int(length)}", strict=False)
    if network.network_address != address:
        raise ValueError(
            f"{text} begins within a network. Probably {network} is meant ({network[0]} - {network[-1]}), "
            f"or {address} alone."
        )
    return network[0], network[-1]


def _read_starred(text: str) -> tuple[IPAddress, IPAddress]:
    parts = text.split(".")
    if not _STARRED.fullmatch(text) or len(parts) > 4:
        raise ValueError(f"“{text}”: asterisks stand for the last numbers of an IPv4 address, like 192.0.2.*")
    given = parts[: parts.index("*")]
    low, high = ((given + [filler] * 4)[:4] for filler in ("0", "255"))
    return _address(".".join(low)), _address(".".join(high))


def _read_dashed(text: str) -> tuple[IPAddress, IPAddress]:
    """ "192.0.2.10-20" is short for its last address."""
    ends = _DASH.split(text)
    if len(ends) != 2:
        raise ValueError(f"“{text}”: a dash stands between two addresses.")
    first = _address(ends[0])
    if first.version == 4 and _LAST_NUMBER.fullmatch(ends[1]):
        ends[1] = f"{ends[0].rpartition('.')[0]}.{ends[1]}"
    last = _address(ends[1])
    first, last = plain(first, first)[0], plain(last, last)[0]
    if first.version != last.version:
        raise ValueError(f"“{text}” begins in one version of IP and ends in the other.")
    if int(last) < int(first):
        raise ValueError(f"“{text}” ends before it begins. Probably {last} - {first} is meant.")
    return first, last


def plain(first: IPAddress, last: IPAddress) -> tuple[IPAddress, IPAddress]:
    """Promise: IPv4 addresses written as IPv6 (RFC 4291, section 2.5.5.2) as themselves, others unchanged."""
    mapped = [getattr(one, "ipv4_mapped", None) for one in (first, last)]
    return (mapped[0], mapped[1]) if mapped[0] is not None and mapped[1] is not None else (first, last)


# IANA's registries of special addresses (RFC 6890). The ranges for documentation, 192.0.2.0/24, 198.51.100.0/24,
# 203.0.113.0/24 and 2001:db8::/32, are left out on purpose: the demo and the tests live there, and nobody else does.
_SPECIAL: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "unspecified"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "shared within a provider’s network"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "reserved"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "for measurements"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("::/128", "unspecified"),
    ("::1/128", "loopback"),
    ("fc00::/7", "private"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "private"),
    ("ff00::/8", "multicast"),
)
SPECIAL: tuple[tuple[IPNetwork, str], ...] = tuple(
    (ipaddress.ip_network(net), what) for net, what in _SPECIAL
)
_PUBLIC_SIX = ipaddress.IPv6Network("2000::/3")  # all that is given out so far
WIDEST = {4: 8, 6: 20}


def fault_of(first: IPAddress, last: IPAddress) -> str | None:
    """Promise: why nobody may have these addresses, after their name: "is private …"; None when somebody may."""
    size, whole = int(last) - int(first) + 1, 2**first.max_prefixlen
    if size == whole:
        return "is the whole internet."
    if size > whole >> WIDEST[first.version]:
        return f"is too wide: we take at most a /{WIDEST[first.version]} at once."
    for network, what in SPECIAL:
        if network.version == first.version and network[0] <= last and first <= network[-1]:  # type: ignore[operator]
            return f"is {what} ({network}): readers never reach us from there. Ask for the public addresses."
    if first.version == 6 and not (first in _PUBLIC_SIX and last in _PUBLIC_SIX):
        return "is not public: readers never reach us from there. Ask for the public addresses."
    return None


def _networks(one: Range) -> Iterator[IPNetwork]:
    yield from ipaddress.summarize_address_range(one.first, one.last)
