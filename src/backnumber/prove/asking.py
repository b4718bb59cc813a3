"""Asks over a plain socket: the request line and the headers go out exactly as written, nothing is tidied on the way.

A `Door` is where we knock; the site's own host is named to whoever answers there, so that the server behind a proxy can be asked
as well as the proxy.
"""

import secrets
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse, IncompleteRead
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlencode, urlsplit

from backnumber.edge.page.cookie_names import host_cookie
from backnumber.prove.decoding import Readings, readings

SECONDS = 30
NAME = "Mozilla/5.0 (prove-gate)"  # a person's browser, as far as a meter can see
CSRF = host_cookie("csrftoken")
NOTHING = Readings()


@dataclass(frozen=True, slots=True)
class Door:
    """A host and port, and the public address of the site that is asked for there."""

    host: str
    port: int
    is_secure: bool
    site: str

    def opened(self) -> socket.socket:
        """Errors: OSError when nobody answers."""
        plain = socket.create_connection((self.host, self.port), SECONDS)
        if not self.is_secure:
            return plain
        return ssl.create_default_context().wrap_socket(plain, server_hostname=urlsplit(self.site).hostname)

    def our_address(self) -> str:
        """Promise: the address we are seen to come from by whoever answers there. Errors: OSError."""
        with self.opened() as opened:
            return str(opened.getsockname()[0])


def door(address: str, site: str) -> Door:
    """Errors: ValueError for what is no address of the web."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{address} is no address; write it like https://archive.example.org")
    is_secure = parts.scheme == "https"
    return Door(parts.hostname, parts.port or (443 if is_secure else 80), is_secure, site.rstrip("/"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `status` is 0 when the connection was closed without an answer; `length` is that of the body as sent."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    read: Readings = NOTHING
    length: int = 0

    @property
    def text(self) -> str:
        return self.read.text

    def header(self, name: str) -> str:
        return ", ".join(value for key, value in self.headers if key.lower() == name.lower())

    @property
    def everything(self) -> str:
        """The body in all its readings, and the headers."""
        return f"{self.text}\n{self.headers}"

    @property
    def is_from_cache(self) -> bool:
        """Whether a shared cache says that it had this at hand."""
        said = f"{self.header('X-Cache')} {self.header('CF-Cache-Status')}".upper()
        age = self.header("Age")
        return (
            "HIT" in said or (age.isdecimal() and int(age) > 0) or len(self.header("X-Varnish").split()) > 1
        )

    @property
    def is_by_varnish(self) -> bool:
        """Whether Varnish itself said so: that it cannot read a question, or had no answer."""
        return self.header("Server") == "Varnish"

    @property
    def may_be_shared(self) -> bool:
        said = self.header("Cache-Control").lower()
        return not ("private" in said and "no-store" in said)


def ask(
    at: Door, target: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes = b""
) -> Answer:
    """Promise: what came back for exactly this request line; bytes of `target` are written as Latin-1.

    Errors: OSError when nobody answers there at all.
    """
    sent = {"Host": urlsplit(at.site).netloc, "User-Agent": NAME, **(headers or {}), "Connection": "close"}
    if body or method in {"POST", "PUT", "PATCH"}:
        sent["Content-Length"] = str(len(body))
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
    with at.opened() as opened:
        try:
            opened.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
            return _read(opened, method)
        except (HTTPException, OSError):
            return Answer(0)


def _read(opened: socket.socket, method: str) -> Answer:
    response = HTTPResponse(opened, method=method)
    try:
        response.begin()
        content = response.read()
    except IncompleteRead as cut_short:
        content = cut_short.partial
    finally:
        response.close()
    read = readings(content, response.headers.get("Content-Encoding", ""))
    return Answer(response.status, tuple(response.headers.items()), read, len(content))


@dataclass(slots=True)
class Browser:
    """One who asks, with the cookies they have been given. Each is kept by its name and sent below its path."""

    at: Door
    cookies: dict[str, str] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)

    def get(self, target: str, headers: Mapping[str, str] | None = None, *, method: str = "GET") -> Answer:
        return self._asked(target, method, headers or {})

    def post(
        self, target: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> Answer:
        """A form of the site's own page: it brings the token that its cookie names."""
        token = self.cookies.setdefault(CSRF, secrets.token_hex(16))
        body = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        own = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": self.at.site,
            "Referer": f"{self.at.site}/",
        }
        return self._asked(target, "POST", {**own, **(headers or {})}, body)

    def _asked(self, target: str, method: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        kept = "; ".join(
            f"{name}={value}" for name, value in self.cookies.items() if self._goes(name, target)
        )
        brought = {"Cookie": kept} if kept else {}
        answer = ask(self.at, target, method=method, headers={**brought, **headers}, body=body)
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                self._keep(value)
        return answer

    def _goes(self, name: str, target: str) -> bool:
        return target.startswith(self.paths.get(name, "/"))

    def _keep(self, said: str) -> None:
        try:
            given = SimpleCookie(said)
        except CookieError:
            return
        for name, one in given.items():
            if one["max-age"] == "0" or one["max-age"] == 0:
                self.cookies.pop(name, None)
            else:
                self.cookies[name], self.paths[name] = one.value, one["path"] or "/"
