"""Where a reader goes back to: an address of this site, or none."""

from django.utils.http import url_has_allowed_host_and_scheme


def local_address(given: str | None) -> str | None:
    """Promise: `given` when it is a path of this site; None for another host, another scheme, a backslash or
    a control character.
    """
    if not given or len(given) > 2000 or not given.startswith("/") or given.startswith("//"):
        return None
    if "\\" in given or any(ord(c) < 33 or ord(c) == 127 for c in given):
        return None
    return given if url_has_allowed_host_and_scheme(given, allowed_hosts=None) else None
