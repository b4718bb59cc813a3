"""Menus are what these tests are about: they are read anew for each page."""

import pytest
from django.core.cache import caches

from backnumber.website import context


@pytest.fixture(autouse=True)
def menus_are_read_anew(menus_are_empty: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "MENUS_ARE_KEPT", 0)
    caches["menus"].clear()
