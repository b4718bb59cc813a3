"""What the server loads: the front door, with Django behind it in the same process. Here alone the two meet."""

import gc
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlsplit

import django
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection
from django.utils import timezone
from psycopg.conninfo import make_conninfo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backnumber.settings")
django.setup(set_prefix=False)

from backnumber.allowances import queries as allowances  # noqa: E402  # models need Django set up
from backnumber.front.answering import Answering  # noqa: E402
from backnumber.front.app import Application, Front, Printing  # noqa: E402
from backnumber.front.asking import Asking, Keys, Voided  # noqa: E402
from backnumber.front.news import News  # noqa: E402
from backnumber.front.robots import Crawlers  # noqa: E402
from backnumber.front.shelf import Shelf  # noqa: E402
from backnumber.front.state import State  # noqa: E402
from backnumber.front.store import Store  # noqa: E402
from backnumber.front.uses import Writer  # noqa: E402
from backnumber.institutions import queries as institutions  # noqa: E402
from backnumber.pages.places import PlaceTable, trusted_networks  # noqa: E402
from backnumber.pages.printed import packed  # noqa: E402
from backnumber.pages.seals import keyring  # noqa: E402
from backnumber.passes import queries as passes  # noqa: E402
from backnumber.press import editions  # noqa: E402
from backnumber.press import service as press  # noqa: E402
from backnumber.syndication import crawlers as stances  # noqa: E402
from backnumber.uses.service import digest_key  # noqa: E402
from backnumber.website.headers import of_every_page  # noqa: E402

GARBAGE_AFTER = 20_000  # new objects; a page makes a dozen that go by themselves
SWITCH_SECONDS = (
    0.0005  # a thread of Django's lets the front door in after this long, not after five milliseconds
)


def conninfo() -> str:
    """Promise: how psycopg reaches the database that Django uses; an embedded one is started."""
    params = connection.get_connection_params()
    wanted = ("host", "port", "user", "password", "dbname")
    return make_conninfo(**{name: str(params[name]) for name in wanted if params.get(name)})


def state() -> State:
    """Promise: what the front door must know, as it is now. Errors: ConnectionError with the database away."""
    now = timezone.now()
    try:
        close_old_connections()
        voided = Voided(
            passes.generations(now), passes.ended_sessions(now), set(allowances.revoked_gifts(now))
        )
        return State(voided, PlaceTable(institutions.place_rows()), stances.stances())
    except DatabaseError as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()


def printed(address: str) -> bytes | None:
    """Promise: the page, printed now and stored; None when there is none to print at that address."""
    close_old_connections()
    page = press.print_page(address, timezone.now())
    return packed(page) if page is not None else None


def front() -> Front:
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
    return Front(
        django=_django(),
        asking=asking,
        answering=Answering(asking, shelf, uses, always, is_secure=settings.SESSION_COOKIE_SECURE),
        shelf=shelf,
        store=Store(conninfo, editions.edition()),
        news=News(conninfo, shelf, asking, crawlers, state, timedelta(minutes=settings.WITHOUT_DATABASE)),
        uses=uses,
        printing=Printing(
            tuple(re.compile(pattern) for pattern in press.patterns()),
            printed,
            ThreadPoolExecutor(2, thread_name_prefix="press"),
        ),
        crawlers=crawlers,
        hosts=_hosts(),
    )


def _django() -> Application:
    made: Any = WSGIMiddleware(cast(Any, get_wsgi_application()), workers=settings.THREADS)
    application: Application = made
    return application


def _hosts() -> frozenset[bytes]:
    """The names Django allows, which go with any port, and first of all our address with its own: it is asked for most."""
    return frozenset(name.encode() for name in (*settings.ALLOWED_HOSTS, urlsplit(settings.ADDRESS).netloc))


def __getattr__(name: str) -> Any:
    """The application is made when the server asks for it: whoever imports this module for a test makes their own."""
    if name != "application":
        raise AttributeError(name)
    sys.setswitchinterval(SWITCH_SECONDS)
    made = globals()["application"] = front()
    gc.freeze()  # what a process is made of lives as long as it does: it need not be looked through again and again
    gc.set_threshold(GARBAGE_AFTER)
    return made
