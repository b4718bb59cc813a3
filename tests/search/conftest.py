"""Search as the site does it: keep up with the archive, then ask."""

from collections.abc import Callable

import pytest

from backnumber.search import queries, service

Ask = Callable[..., list[str]]


@pytest.fixture
def ask(db: None) -> Ask:
    """The headlines that answer."""

    def answer(text: str, **only: int) -> list[str]:
        service.keep_up()
        return [a.headline for a in queries.find(queries.question(text, **only)).articles]

    return answer
