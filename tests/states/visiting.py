"""Asking the site for a page, and naming the state that the page is in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from backnumber.readers.models import Reader

State = tuple[str, str]  # its name, and the page as HTML


@dataclass(frozen=True)
class Visitor:
    """Somebody at a browser. A page that answers otherwise than said is not the state that was meant."""

    who: str
    client: Client

    def sees(self, path: str, *, status: int = 200, state: str = "", **headers: str) -> State:
        return self.shown(self.client.get(path, headers=headers), path, status, state)

    def sends(
        self, path: str, typed: dict[str, Any] | None = None, *, status: int = 200, state: str = "sent"
    ) -> State:
        """Promise: the page at the end, whatever it leads to on the way."""
        return self.shown(self.client.post(path, typed or {}, follow=True), path, status, state)

    def shown(self, answer: HttpResponse, path: str, status: int, state: str) -> State:
        where = f"{self.who} {path} {state}".strip()
        assert answer.status_code == status, (where, answer.status_code, answer.headers.get("Location"))
        assert answer.headers["Content-Type"].startswith("text/html"), where
        return where, answer.content.decode()


def nobody(**options: Any) -> Visitor:
    return Visitor("nobody", Client(**options))


def signed_in(reader: Reader, **options: Any) -> Visitor:
    client = Client(**options)
    client.force_login(reader)
    return Visitor(reader.first_name.lower(), client)


@contextmanager
def undone() -> Iterator[None]:
    """What is written within is not there after it: each group of states begins on the same ground."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
