"""Django as the door uses it: the application, a page rendered when it is asked for, and both made warm.

Loading this module takes most of a start; Django must be set up.
"""

import logging
from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Any
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.urls import reverse
from django.utils import timezone

from backnumber.archive.models import Article
from backnumber.edge.render import service as rendering

log = logging.getLogger(__name__)


STATEMENT_SECONDS = 30  # what one question to the database may take when somebody waits for its answer


def application() -> Any:
    """Promise: Django as a WSGI application, whose questions to the database end in time."""
    connection_created.connect(_bound, dispatch_uid="backnumber.website.serving")
    return get_wsgi_application()


def _bound(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """A command or a worker may ask for longer: this is for the server's processes alone."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = '{STATEMENT_SECONDS}s'")


def rendered(address: str) -> bytes | None:
    """Promise: the page, rendered now and stored; None when there is none at that address."""
    close_old_connections()
    page = rendering.render_page(address, timezone.now())
    return page.content if page is not None else None


def begin_to_warm(threads: Executor, wsgi: Any) -> None:
    """Promise: one of the threads that answer is on its way to be as quick as it will be; what fails is in the log."""
    threads.submit(warm, wsgi)


def warm(wsgi: Any) -> None:
    """Promise: addresses are resolved, templates compiled, and this thread has its connection; nobody has read anything.

    The pages are asked for by HEAD, which is no use. With the database away nothing is warmed.
    """
    try:
        connection.ensure_connection()
        for address in _addresses():
            _ask(wsgi, address)
    except DatabaseError as error:
        log.info("Django is not warmed: %s", error)
    except Exception:
        log.warning("Django is not warmed", exc_info=True)
    finally:
        close_old_connections()


def _addresses() -> Iterator[str]:
    yield reverse("account_login")
    newest = Article.objects.filter(live=True, issue__live=True).select_related("issue__title").defer("body")
    yield from (article.get_absolute_url() for article in newest.order_by("-pk")[:1])


def _ask(wsgi: Any, address: str) -> None:
    site = urlsplit(settings.ADDRESS)
    asked: dict[str, Any] = {
        "REQUEST_METHOD": "HEAD",
        "PATH_INFO": address,
        "HTTP_HOST": site.netloc,
        "wsgi.url_scheme": site.scheme,
        "REMOTE_ADDR": "127.0.0.1",
    }
    setup_testing_defaults(asked)
    answer = wsgi(asked, lambda _status, _headers, *_of_error: None)
    for _ in answer:
        pass
    answer.close()
