"""Search as the site does it: keep up with the archive, then ask."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from backnumber.search import queries, service

Ask = Callable[..., list[str]]


@pytest.fixture(autouse=True)
def own_index(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """Every test has an index of its own."""
    settings.SEARCH_FOLDER = tmp_path / "search"
    yield settings.SEARCH_FOLDER


@pytest.fixture
def ask(db: None) -> Ask:
    """The headlines that answer."""

    def answer(text: str, **only: int) -> list[str]:
        service.keep_up()
        return [a.headline for a in queries.find(queries.question(text, **only)).articles]

    return answer
