"""What a request's head must be before anybody answers it. It costs a stored page next to nothing."""

import re

from backnumber.edge.door.refusals import Refused
from backnumber.edge.door.request import Request, Scope

MOST_HEAD_BYTES = 16_384  # all header fields' values together; names are kept nowhere
MOST_TARGET_BYTES = 8_192  # path and query

# RFC 9110, section 7.2, as narrow as Django reads it. A name that is not ours is refused by Django.
_HOST = re.compile(rb"(?:[a-z0-9.-]{1,255}|\[[a-f0-9]*:[a-f0-9.:]{1,64}\])(?::[0-9]{1,5})?", re.IGNORECASE)
# No address of ours has a control character in it, and a database takes no NUL.
_CONTROL = re.compile(rb"%(?:[01][0-9a-f]|7f)", re.IGNORECASE)
_NUL = b"%00"


def check(request: Request, scope: Scope, hosts: frozenset[bytes]) -> None:
    """Promise: nothing for a head that can be answered. Errors: Refused with 400, 404, 414 or 431."""
    headers = request.headers
    if request.is_ambiguous:
        raise Refused(400)
    if len(b"".join(headers.values())) > MOST_HEAD_BYTES:
        raise Refused(431)
    if len(request.address) + len(request.query) > MOST_TARGET_BYTES:
        raise Refused(414)
    host = headers.get(b"host", b"")
    if host not in hosts and not _HOST.fullmatch(host) and (host or scope.get("http_version") != "1.0"):
        raise Refused(400)
    if "%" in request.address and _CONTROL.search(request.address.encode("latin-1")):
        raise Refused(404)
    if request.query and _NUL in request.query:
        raise Refused(400)
