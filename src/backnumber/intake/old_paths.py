"""Addresses on a magazine's old site, as paths. Knows no Django."""

import re
from urllib.parse import unquote, urlsplit

_NUMBERED = re.compile(r"(?:^|&)((?:p|page_id|attachment_id)=\d+)(?:&|$)")


def old_path(address: str, site: str) -> str:
    """Promise: an address of that site as a path, ending in a slash, or as `/?p=12`; empty for one that lies elsewhere."""
    try:
        parts, home = urlsplit(address.strip()), urlsplit(site)
    except ValueError:
        return ""
    is_here = not parts.netloc or _host(parts.netloc) == _host(home.netloc)
    if (
        parts.scheme not in {"", "http", "https"}
        or not is_here
        or not (parts.netloc or address.startswith("/"))
    ):
        return ""
    if found := _NUMBERED.search(parts.query):
        return f"/?{found[1]}"
    return f"{unquote(parts.path).rstrip('/')}/"[:400]


def _host(netloc: str) -> str:
    return netloc.lower().removeprefix("www.")
