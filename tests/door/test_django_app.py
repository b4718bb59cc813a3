"""The door answers before the site behind it is there; whoever needs the site waits for it, and nobody for ever."""

import asyncio
import subprocess
import sys
import threading
from typing import Any

from backnumber.edge.door.django_app import DjangoApp
from tests import loops

OF_DJANGO = ("django.apps", "django.db", "django.http", "django.urls", "wagtail")
SENT = {"type": "http.response.start", "status": 200, "headers": []}


async def site(scope: Any, receive: Any, send: Any) -> None:
    await send(SENT)


async def nothing() -> None:
    return None


async def ask(behind: DjangoApp) -> list[Any]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await behind({"type": "http"}, nothing, send)
    return sent


def test_the_front_door_is_made_without_anything_of_django_that_takes_long() -> None:
    code = f"import sys, backnumber.asgi; print([m for m in {OF_DJANGO!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_who_asks_before_the_site_is_loaded_waits_and_is_answered() -> None:
    may_load, times = threading.Event(), []

    def load() -> Any:
        may_load.wait(10)
        times.append(1)
        return site

    async def story() -> None:
        behind = DjangoApp(load)
        behind.begin()
        asked = [asyncio.create_task(ask(behind)) for _ in range(3)]
        await asyncio.sleep(0.05)
        assert not any(one.done() for one in asked), "the control: it is not loaded yet"
        asked[0].cancel()  # a reader who goes away takes the site from nobody else
        await asyncio.sleep(0)
        may_load.set()
        assert await asyncio.gather(*asked[1:]) == [[SENT], [SENT]]
        assert await ask(behind) == [SENT]

    loops.run(story())
    assert times == [1], "it is loaded once"


def test_a_server_that_never_says_that_it_begins_has_the_site_loaded_by_who_asks_first() -> None:
    assert loops.run(ask(DjangoApp(lambda: site))) == [SENT]


def test_a_site_that_cannot_be_loaded_ends_the_process_and_says_why() -> None:
    code = (
        "from backnumber.edge.door.django_app import DjangoApp\n"
        "def load(): raise ImportError('no such room')\n"
        "behind = DjangoApp(load); behind.begin(); import time; time.sleep(20)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 1
    assert "no such room" in done.stderr
