"""The process that answers: Django as the site's server loads it, asked in turn for each page by one thread. Prints one JSON object."""

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from statistics import quantiles
from typing import Any

import django
from django.conf import settings

settings.ROOT_URLCONF = "door.django_bare"
django.setup()

from backnumber.archive.models import Article, Section  # noqa: E402  # models need Django set up
from backnumber.archive.queries import decade  # noqa: E402
from backnumber.search import service  # noqa: E402
from backnumber.website.serving import application  # noqa: E402
from door.laying import grant, new_reader, session_of  # noqa: E402
from door.site import HOST  # noqa: E402
from door.words import of_rank  # noqa: E402

Answer = Callable[[str, str], float]
WARM = 5


def pages() -> dict[str, tuple[str, str]]:
    """Promise: by what it is, each page's address and who asks for it: `nobody`, a `subscriber`, or somebody with no right."""
    article = Article.objects.select_related("issue__title").order_by("id")[10]
    section = Section.objects.order_by("id")[0]
    two, three = "+".join(of_rank(150, 220)), "+".join(of_rank(160, 210, 260))
    return {
        "bare view, template and session": ("/bare/", "subscriber"),
        "search, two words": (f"/search/?q={two}", "nobody"),
        "search, three words": (f"/search/?q={three}", "nobody"),
        "search, three words, a subscriber": (f"/search/?q={three}", "subscriber"),
        "feed of everything, Atom": ("/feeds/articles.atom", "nobody"),
        "feed of a section, JSON": (f"/feeds/sections/{section.slug}.json", "nobody"),
        "gate, signed in without a right": (article.get_absolute_url(), "without"),
        "contributors": ("/contributors/", "nobody"),
        "account": ("/account/", "subscriber"),
        "a decade": (f"/archive/decades/{decade(article.issue.sort_date)}s/", "nobody"),
        "a section": (section.get_absolute_url(), "nobody"),
    }


def asked_by(wsgi: Any, sessions: dict[str, str]) -> Answer:
    """Promise: a function that has a page answered and says the processor time it took, in milliseconds. Errors: RuntimeError."""

    def answer(address: str, who: str) -> float:
        path, _, question = address.partition("?")
        said: list[str] = []
        environ = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": question,
            "SERVER_NAME": HOST,
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "192.0.2.1",
            "HTTP_HOST": HOST,
            "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "https",
            "wsgi.input": BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        if who in sessions:
            environ["HTTP_COOKIE"] = f"{settings.SESSION_COOKIE_NAME}={sessions[who]}"
        began = time.process_time()
        response = wsgi(environ, lambda status, _headers, _error=None: said.append(status))
        b"".join(response)
        response.close()
        took = time.process_time() - began
        if not said[0].startswith("200"):
            raise RuntimeError(f"{address} answered {said[0]}")
        return took * 1000

    return answer


def measure(rounds: int, asked: Iterable[str] = ()) -> dict[str, list[float]]:
    """Promise: quartiles of the milliseconds of each page, all of them asked for once a round."""
    service.ALLOWED = {service.DAY: 10_000_000}  # nobody may search so often
    service.follow()
    subscriber, without = new_reader("ada"), new_reader("dan")
    grant(subscriber)
    answer = asked_by(application(), {"subscriber": session_of(subscriber), "without": session_of(without)})
    of = {what: page for what, page in pages().items() if not asked or what in asked}
    for page in of.values():
        for _ in range(WARM):
            answer(*page)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)
    took: dict[str, list[float]] = {what: [] for what in of}
    for _ in range(rounds):
        for what, page in of.items():
            took[what].append(answer(*page))
    return {what: quantiles(times, n=4) for what, times in took.items()}


if __name__ == "__main__":
    print(json.dumps(measure(int(os.environ["BENCH_ROUNDS"]))))
