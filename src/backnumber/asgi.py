"""What the server loads: the door, and Django django_app it in the same process. Here alone the two meet.

The door answers first: it needs the settings and the database, but none of Django's tables, which take most of a start and are
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

from backnumber.edge.door.app import Door, Receive, RenderOnMiss, Send
from backnumber.edge.door.bodies import Bodies
from backnumber.edge.door.change_listener import ChangeListener
from backnumber.edge.door.crawlers import Crawlers
from backnumber.edge.door.credentials import AskerFinder, Keys
from backnumber.edge.door.django_app import Application, DjangoApp
from backnumber.edge.door.page_cache import PageCache
from backnumber.edge.door.page_store import PageStore
from backnumber.edge.door.request import Request, Scope
from backnumber.edge.door.responding import Responder
from backnumber.edge.door.stalled_connections import end_stalled_connections
from backnumber.edge.door.startup_state import Site, read_startup_state
from backnumber.edge.door.state import State
from backnumber.edge.door.usage_writer import UsageWriter
from backnumber.edge.door.wsgi import InThreads
from backnumber.edge.page.places import network, trusted_networks
from backnumber.edge.page.seals import keyring
from backnumber.edge.render import build
from backnumber.embedded import server
from backnumber.usage.service import digest_key
from backnumber.website.page_headers import of_every_page

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backnumber.settings")

LISTENS_AFTER = 1.0  # seconds; the server listens as soon as this process says that it has begun
GARBAGE_AFTER = 20_000  # new objects; a page makes a dozen that go by themselves
SWITCH_SECONDS = 0.0005  # a thread of Django's lets the door in after this long, not after ten times it
_SESSION = settings.SESSION_COOKIE_NAME.encode() + b"="
_LIVE = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/plain"), (b"content-length", b"3"), (b"cache-control", b"no-store")],
}
_MAY_BE_PAGES = (re.compile(r"/(?:.*/)?"),)  # until the renderers are loaded and say it better


class SiteDoor(Door):
    """The door of a whole site: as soon as it listens, Django is loaded."""

    django_app: DjangoApp

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
        self.django_app.begin()


def conninfo() -> str:
    """Promise: how psycopg reaches the database that Django uses; an embedded one is started."""
    kept = settings.DATABASES["default"]
    options = dict(kept["OPTIONS"])
    if "folder" in options:
        return make_conninfo(**server.conninfo(Path(options["folder"]), kept["NAME"]), dbname=kept["NAME"])
    named = {name: kept[name.upper()] for name in ("user", "password", "host", "port") if kept[name.upper()]}
    return make_conninfo(**named, **options, dbname=kept["NAME"])


def state() -> State:
    """Promise: what the door must know, as it is now. Errors: psycopg.Error with the database away."""
    return read_startup_state(
        conninfo, Site(settings.ADDRESS, ZoneInfo(settings.TIME_ZONE)), datetime.now(UTC)
    )


def site_door() -> SiteDoor:
    """Promise: the door as this installation is configured."""
    secrets = (settings.SECRET_KEY, *settings.OLD_SECRET_KEYS)
    always = of_every_page()
    cache = PageCache(settings.PAGES_BYTES, settings.VAR)
    crawlers = Crawlers(always)
    askers = AskerFinder(
        Keys(keyring("pass", secrets), keyring("meter", secrets), keyring("gift", secrets)),
        settings.SESSION_COOKIE_NAME,
        trusted_networks(settings.TRUSTED_PROXIES),
        settings.METER_NOBODY,
        timedelta(days=settings.METER_DAYS),
    )
    usage = UsageWriter(conninfo, digest_key())
    django_app = DjangoApp(lambda: _loaded(door))
    door = SiteDoor(
        django=django_app,
        askers=askers,
        responder=Responder(askers, cache, usage, always, is_secure=settings.SESSION_COOKIE_SECURE),
        cache=cache,
        store=PageStore(conninfo, build.build_id()),
        changes=ChangeListener(
            conninfo, cache, askers, crawlers, state, timedelta(minutes=settings.WITHOUT_DATABASE)
        ),
        usage=usage,
        rendering=RenderOnMiss(
            _MAY_BE_PAGES,
            lambda address: _rendered(django_app, address),
            ThreadPoolExecutor(2, thread_name_prefix="render"),
        ),
        crawlers=crawlers,
        hosts=_hosts(),
    )
    door.django_app = django_app
    return door


def _loaded(door: Door) -> Application:
    """Django, when it is there; then the door knows which addresses may be rendered, and one thread is made warm."""
    gc.disable()  # while everything is new there is nothing to collect
    django.setup(set_prefix=False)
    site = import_module("backnumber.website.serving")  # which needs Django set up
    wsgi = site.application()
    made = InThreads(wsgi, settings.THREADS, Bodies(_network_by(door.askers), _may_upload))
    patterns = tuple(re.compile(pattern) for pattern in site.rendering.patterns())
    door.rendering = replace(door.rendering, patterns=patterns)
    gc.freeze()  # what a process is made of lives as long as it does: it need not be looked through again and again
    gc.enable()
    site.begin_to_warm(made.executor, wsgi)
    return made


def _network_by(askers: AskerFinder) -> Callable[[Request], str]:
    return lambda request: network(askers.client_address(request))


def _may_upload(request: Request) -> bool:
    """Pictures and the bureau's files come to the admin, from somebody who has signed in; a form has no need of so much."""
    return request.address.startswith("/admin/") and _SESSION in request.headers.get(b"cookie", b"")


def _rendered(django_app: DjangoApp, address: str) -> bytes | None:
    django_app.wait()
    page: bytes | None = import_module("backnumber.website.serving").rendered(address)
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
    made = globals()["application"] = site_door()
    return made
