"""What the server loads: the front door, and Django behind it in the same process. Here alone the two meet.

The front door answers first: it needs the settings and the database, but none of Django's tables, which take most of a start and are
loaded in a thread meanwhile. So nothing that is imported here may load them; a test holds that.
"""

import asyncio
import gc
import logging.config
import os
import re
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import django
from django.conf import settings
from psycopg.conninfo import make_conninfo

from backnumber.embedded import server
from backnumber.front.answering import Answering
from backnumber.front.app import Front, Printing, Receive, Send
from backnumber.front.asking import Asking, Keys
from backnumber.front.behind import Application, Behind
from backnumber.front.bodies import Bodies
from backnumber.front.inquiry import Inquiry, Scope
from backnumber.front.listening import end_stalled_connections
from backnumber.front.news import News
from backnumber.front.robots import Crawlers
from backnumber.front.shelf import Shelf
from backnumber.front.state import State
from backnumber.front.stock import Site, take_stock
from backnumber.front.store import Store
from backnumber.front.uses import Writer
from backnumber.front.wsgi import InThreads
from backnumber.pages.places import network, trusted_networks
from backnumber.pages.seals import keyring
from backnumber.press import editions
from backnumber.uses.service import digest_key
from backnumber.website.always import of_every_page

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backnumber.settings")

LISTENS_AFTER = 1.0  # seconds; the server listens as soon as this process says that it has begun
GARBAGE_AFTER = 20_000  # new objects; a page makes a dozen that go by themselves
SWITCH_SECONDS = 0.0005  # a thread of Django's lets the front door in after this long, not after ten times it
_SESSION = settings.SESSION_COOKIE_NAME.encode() + b"="
_LIVE = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/plain"), (b"content-length", b"3"), (b"cache-control", b"no-store")],
}
_MAY_BE_PAGES = (re.compile(r"/(?:.*/)?"),)  # until the press has been loaded and says it better


class Door(Front):
    """The front door of a whole site: as soon as it listens, what stands behind it is loaded."""

    behind: Behind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Whether this process lives is said here, without Django or the database, and to whoever asks, by any name."""
        if scope["type"] == "http" and scope["path"] == "/healthz" and scope["method"] in ("GET", "HEAD"):
            await send(_LIVE)
            await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else b"ok\n"})
            return
        await super().__call__(scope, receive, send)

    async def begin(self) -> None:
        await super().begin()
        asyncio.get_running_loop().call_later(LISTENS_AFTER, end_stalled_connections)
        self.behind.begin()


def conninfo() -> str:
    """Promise: how psycopg reaches the database that Django uses; an embedded one is started."""
    kept = settings.DATABASES["default"]
    options = dict(kept["OPTIONS"])
    if "folder" in options:
        return make_conninfo(**server.conninfo(Path(options["folder"]), kept["NAME"]), dbname=kept["NAME"])
    named = {name: kept[name.upper()] for name in ("user", "password", "host", "port") if kept[name.upper()]}
    return make_conninfo(**named, **options, dbname=kept["NAME"])


def state() -> State:
    """Promise: what the front door must know, as it is now. Errors: psycopg.Error with the database away."""
    return take_stock(conninfo, Site(settings.ADDRESS, ZoneInfo(settings.TIME_ZONE)), datetime.now(UTC))


def front() -> Door:
    """Promise: the front door as this installation is configured."""
    secrets = (settings.SECRET_KEY, *settings.OLD_SECRET_KEYS)
    always = of_every_page()
    shelf = Shelf(settings.PAGES_BYTES, settings.VAR)
    crawlers = Crawlers(always)
    asking = Asking(
        Keys(keyring("pass", secrets), keyring("meter", secrets), keyring("gift", secrets)),
        settings.SESSION_COOKIE_NAME,
        trusted_networks(settings.TRUSTED_PROXIES),
        settings.METER_NOBODY,
        timedelta(days=settings.METER_DAYS),
    )
    uses = Writer(conninfo, digest_key())
    behind = Behind(lambda: _loaded(door))
    door = Door(
        django=behind,
        asking=asking,
        answering=Answering(asking, shelf, uses, always, is_secure=settings.SESSION_COOKIE_SECURE),
        shelf=shelf,
        store=Store(conninfo, editions.edition()),
        news=News(conninfo, shelf, asking, crawlers, state, timedelta(minutes=settings.WITHOUT_DATABASE)),
        uses=uses,
        printing=Printing(
            _MAY_BE_PAGES,
            lambda address: _printed(behind, address),
            ThreadPoolExecutor(2, thread_name_prefix="press"),
        ),
        crawlers=crawlers,
        hosts=_hosts(),
    )
    door.behind = behind
    return door


def _loaded(door: Front) -> Application:
    """Django, when it is there; then the front door knows which addresses may be printed, and one thread is made warm."""
    gc.disable()  # while everything is new there is nothing to collect
    django.setup(set_prefix=False)
    site = import_module("backnumber.website.behind")  # which needs Django set up
    wsgi = site.application()
    made = InThreads(wsgi, settings.THREADS, Bodies(_network_by(door.asking), _may_upload))
    patterns = tuple(re.compile(pattern) for pattern in site.press.patterns())
    door.printing = replace(door.printing, patterns=patterns)
    gc.freeze()  # what a process is made of lives as long as it does: it need not be looked through again and again
    gc.enable()
    site.begin_to_warm(made.executor, wsgi)
    return made


def _network_by(asking: Asking) -> Callable[[Inquiry], str]:
    return lambda inquiry: network(asking.came_from(inquiry))


def _may_upload(inquiry: Inquiry) -> bool:
    """Pictures and the bureau's files come to the admin, from somebody who has signed in; a form has no need of so much."""
    return inquiry.address.startswith("/admin/") and _SESSION in inquiry.headers.get(b"cookie", b"")


def _printed(behind: Behind, address: str) -> bytes | None:
    behind.wait()
    page: bytes | None = import_module("backnumber.website.behind").printed(address)
    return page


def _hosts() -> frozenset[bytes]:
    """The names Django allows, which go with any port, and first of all our address with its own: it is asked for most."""
    return frozenset(name.encode() for name in (*settings.ALLOWED_HOSTS, urlsplit(settings.ADDRESS).netloc))


def __getattr__(name: str) -> Any:
    """The application is made when the server asks for it: whoever imports this module for a test makes their own."""
    if name != "application":
        raise AttributeError(name)
    logging.config.dictConfig(settings.LOGGING)
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(GARBAGE_AFTER)
    made = globals()["application"] = front()
    return made
