"""The pages that the door sends by itself when it refuses a request: plain, whole, and without Django."""

import json
from html import escape
from typing import Any

from backnumber.edge.door.prepared_response import Pairs, start
from backnumber.edge.door.request import Request

NO_BODY = {"type": "http.response.body", "body": b""}
AGAIN_AFTER_SECONDS = b"30"
_WORDS = {
    400: ("This request made no sense to us", "Please go back and try again."),
    404: ("There is nothing at this address", "The address may have lost a letter on the way."),
    408: ("That took too long to arrive", "Nothing was saved. Go back one page: what you typed is still there."),
    413: ("That is too large for us", "Nothing was saved. Go back one page and send less, or a smaller file."),
    414: ("This address is too long", "Please search for something shorter."),
    429: ("Too much at once", "Too many requests from your network are under way. Please try again in a minute."),
    431: (
        "Your browser sends more than we can read",
        "Deleting this site's cookies in your browser's settings helps. You will have to sign in again.",
    ),
    500: ("Something broke on our side", "It is not your fault, and it has been noted. Please try again in a minute."),
    503: ("We are busy just now", "Nothing was saved. Go back one page and try again in a minute."),
}  # fmt: skip
_STYLE = (
    "body{max-width:34rem;margin:3rem auto;padding:0 1rem;font:1.1rem/1.5 Georgia,serif;"
    "color:#1d1b18;background:#fbfaf7}h1{font-weight:400;line-height:1.2}a{color:inherit}"
    "@media(prefers-color-scheme:dark){body{color:#e9e5dc;background:#1a1917}}"
)
# The style stands in the page: a site that refuses asks for nothing more.
_POLICY = b"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class Refused(Exception):
    """A request that is not answered. `status` is one of those that have a page here."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def response_of(status: int, *, as_json: bool = False) -> tuple[dict[str, Any], dict[str, Any]]:
    """Promise: the two messages of an ASGI response; for a program that asked for JSON the same words as JSON."""
    heading, advice = _WORDS[status]
    kind, body = _json(heading, advice) if as_json else _html(heading, advice)
    headers: Pairs = [
        (b"content-type", kind),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"private, no-store"),
        (b"content-security-policy", _POLICY),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
    ]
    if status in (429, 503):
        headers.append((b"retry-after", AGAIN_AFTER_SECONDS))
    if status in (400, 408, 413):
        headers.append((b"connection", b"close"))  # what is still under way of the request is read by nobody
    return start(status, headers), {"type": "http.response.body", "body": body}


def _json(heading: str, advice: str) -> tuple[bytes, bytes]:
    return b"application/json", json.dumps({"error": heading, "advice": advice}).encode()


def _html(heading: str, advice: str) -> tuple[bytes, bytes]:
    page = (
        '<!doctype html>\n<html lang="en-GB">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(heading)}</title><style>{_STYLE}</style></head>\n"
        f"<body>\n<main>\n<h1>{escape(heading)}</h1>\n<p>{escape(advice)}</p>\n"
        '<p><a href="/">The front page</a></p>\n</main>\n</body>\n</html>\n'
    )
    return b"text/html; charset=utf-8", page.encode()


async def send_refusal(status: int, request: Request, send: Any) -> None:
    """Promise: the page is sent; a HEAD has no body, and a program that takes JSON alone gets that."""
    begin, body = response_of(status, as_json=_takes_json(request))
    await send(begin)
    await send(NO_BODY if request.method == "HEAD" else body)


def _takes_json(request: Request) -> bool:
    accept = request.headers.get(b"accept", b"")
    return request.address.endswith(".json") or (b"json" in accept and b"html" not in accept)
