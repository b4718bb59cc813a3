"""The server killed, the database cut off, a storm of publications, each while readers read: no wrong page, no use lost beyond
what is documented, nothing stale beyond a second.
"""

import http.client
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client

from backnumber.archive.blocks import to_stream
from backnumber.archive.models import Article
from backnumber.edge.page import passes
from backnumber.readers.models import Reader
from backnumber.usage.models import Use
from tests import making
from tests.door.load import Crowd, asking
from tests.serving import Running, serving

pytestmark = pytest.mark.django_db(transaction=True)
FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
GATED = "middlecanary1"
DOCUMENTED_LOSS = 1.0  # seconds


def wait_until(true: Callable[[], bool], seconds: float = 15.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.02)
    return true()


def cookies_of(reader: Reader, running: Running) -> dict[str, str]:
    """The reader's session, and the pass that their first page brings."""
    client = Client()
    client.force_login(reader)
    session = client.cookies["sessionid"].value
    line = http.client.HTTPConnection("127.0.0.1", running.port, timeout=20)
    line.request(
        "GET",
        "/help/",
        headers={"Host": f"localhost:{running.port}", "Cookie": f"sessionid={session}", **FIREFOX},
    )
    answer = line.getresponse()
    answer.read()
    set_cookies = "; ".join(answer.headers.get_all("Set-Cookie") or [])
    line.close()
    held = set_cookies.partition(f"{passes.COOKIE}=")[2].partition(";")[0]
    assert held
    return {"Cookie": f"sessionid={session}; {passes.COOKIE}={held}", **FIREFOX}


def ask(running: Running, path: str, headers: dict[str, str], form: str | None = None) -> tuple[int, str]:
    line = http.client.HTTPConnection("127.0.0.1", running.port, timeout=20)
    line.request(
        "GET" if form is None else "POST", path, form, {"Host": f"localhost:{running.port}", **headers}
    )
    answer = line.getresponse()
    text = answer.read().decode()
    line.close()
    return answer.status, text


def look(nobody: Crowd, subscriber: Crowd) -> None:
    """Nobody never saw a gated word; whoever may read saw the whole in every page that came."""
    assert len(nobody.seen) > 20
    assert len(subscriber.seen) > 20
    assert not [one for one in nobody.seen if GATED in one.text]
    assert {one.status for one in nobody.seen} == {200}
    whole = [one for one in subscriber.seen if one.status == 200]
    assert len(whole) > 20
    assert all(GATED in one.text for one in whole)


def test_killed_under_load_it_loses_a_second_of_uses_at_most_and_stands_again(
    tmp_path: Path, gated: Article, ada: Reader
) -> None:
    path = gated.get_absolute_url()
    with serving(tmp_path) as running:
        nobody = Crowd(running.address + path, FIREFOX)
        subscriber = Crowd(running.address + path, cookies_of(ada, running))
        with asking(nobody, subscriber):
            assert wait_until(lambda: len(nobody.seen) > 150 and len(subscriber.seen) > 150, 40)
            time.sleep(2 * DOCUMENTED_LOSS)
            killed_at = time.time()
            for pid in running.pids[1:]:
                os.kill(pid, signal.SIGKILL)
            assert wait_until(lambda: bool(nobody.breaks and subscriber.breaks))
            written = Use.objects.count()
            due = sum(
                one.came_at < killed_at - DOCUMENTED_LOSS
                for crowd in (nobody, subscriber)
                for one in crowd.seen
            )
            assert wait_until(lambda: len(nobody.since(killed_at + 0.5)) > 20, 40)
            assert wait_until(lambda: len(subscriber.since(killed_at + 0.5)) > 20, 40)
        assert due > 20
        assert written >= due
        look(nobody, subscriber)
    everything = len(nobody.seen) + len(subscriber.seen)
    lost = sum(
        killed_at - DOCUMENTED_LOSS <= one.came_at <= killed_at + 0.5
        for c in (nobody, subscriber)
        for one in c.seen
    )
    assert Use.objects.count() >= everything - lost - 1
    assert set(Use.objects.values_list("kind", "reason").distinct()) == {
        ("denial", "no-account"),
        ("request", "grant"),
    }


class Wire:
    """A wire to the database that can be cut: what goes through it is PostgreSQL's own, and cut, both sides see it break."""

    def __init__(self) -> None:
        params = connection.get_connection_params()
        self.to = f"{params['host']}/.s.PGSQL.{params.get('port') or 5432}"
        self.port = 0
        self._pairs: list[socket.socket] = []
        self._listening: socket.socket | None = None

    def lay(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def cut(self) -> None:
        assert self._listening is not None
        for one in (self._listening, *self._pairs):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._pairs = []

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listening.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self.to)
                self._pairs += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=_carry, args=(one, other), daemon=True).start()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while some := one.recv(65_536):
            other.sendall(some)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def wire() -> Iterator[Wire]:
    laid = Wire()
    laid.lay()
    yield laid
    laid.cut()


def test_with_the_database_away_readers_read_on_forms_say_so_and_nothing_stale_is_shown_after(
    tmp_path: Path, wire: Wire, gated: Article, ada: Reader
) -> None:
    path = gated.get_absolute_url()
    params = connection.get_connection_params()
    through = {"host": "127.0.0.1", "port": str(wire.port), "user": str(params.get("user") or "")}
    url = f"postgresql:///{params['dbname']}?{urlencode(through)}"
    with serving(tmp_path, url) as running:
        nobody = Crowd(running.address + path, FIREFOX)
        subscriber = Crowd(running.address + path, cookies_of(ada, running))
        with asking(nobody, subscriber):
            assert wait_until(lambda: len(nobody.seen) > 30 and len(subscriber.seen) > 30, 40)
            wire.cut()
            cut_at = time.time()
            assert wait_until(lambda: len(nobody.since(cut_at)) > 50 and len(subscriber.since(cut_at)) > 50)
            posted = {
                "Sec-Fetch-Site": "same-origin",
                "Content-Type": "application/x-www-form-urlencoded",
                **FIREFOX,
            }
            status, page = ask(running, "/weekly/sign-up/", posted, "email=reader%40example.org")
            assert (status, "what you typed is still there" in page) == (503, True)
            stranger = {
                "Cookie": subscriber.headers["Cookie"].partition(";")[0],
                **FIREFOX,
            }  # a session, no pass
            status, page = ask(running, path, stranger)
            assert (status, GATED in page) == (503, False)
            publish(gated, "build-two")
            Reader.objects.filter(pk=ada.pk).update(is_active=False)
            wire.lay()
            assert wait_until(lambda: "build-two" in nobody.seen[-1].text)
            back_at = time.time()
            assert wait_until(lambda: GATED not in subscriber.seen[-1].text)
            assert wait_until(
                lambda: len(nobody.since(back_at)) > 30 and len(subscriber.since(back_at + 1.0)) > 3
            )
        assert all("build-two" in one.text for one in nobody.since(back_at))
        assert not [one for one in nobody.seen if GATED in one.text or one.status != 200]
        assert not [one for one in subscriber.since(back_at + 1.0) if GATED in one.text]
        assert wait_until(lambda: Use.objects.count() >= len(nobody.seen))


def publish(article: Article, word: str) -> None:
    """As the editors' desk does: a revision, published; `word` opens the lead-in."""
    article.refresh_from_db()
    body = [*making.paragraphs(word, length=20), *making.body_with_canaries()]
    article.body = to_stream(body, f"{article.pk}/{word}")
    article.save_revision().publish()


def test_in_a_storm_of_publications_every_page_is_whole_and_none_is_older_than_a_second(
    tmp_path: Path, gated: Article, ada: Reader
) -> None:
    path = gated.get_absolute_url()
    published: list[tuple[float, int]] = []
    with serving(tmp_path, workers=2) as running:
        nobody = Crowd(running.address + path, FIREFOX)
        subscriber = Crowd(running.address + path, cookies_of(ada, running))
        with asking(nobody, subscriber, threads=4):
            assert wait_until(lambda: len(nobody.seen) > 20, 40)
            for number in range(1, 26):
                publish(gated, f"build-{number}-")
                published.append((time.time(), number))
            assert wait_until(lambda: len(nobody.since(published[-1][0] + 1.0)) > 20, 20)
    for crowd in (nobody, subscriber):
        for one in crowd.seen:
            shown = max((n for n in range(1, 26) if f"build-{n}-" in one.text), default=0)
            due = max((n for at, n in published if at + 1.0 < one.asked_at), default=0)
            assert shown >= due, (one.asked_at - published[due - 1][0], shown, due)
    look(nobody, subscriber)
