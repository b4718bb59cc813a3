"""A magazine with a house that posts it, and subscribers to print."""

from collections.abc import Callable
from datetime import date

import pytest

from backnumber.archive.models import Issue
from backnumber.circulation.models import PrintSubscription
from backnumber.copies.models import Profile
from tests import making
from tests.copies.making import profile, subscriber

Subscriber = Callable[..., PrintSubscription]


@pytest.fixture
def september(db: None) -> Issue:
    return making.issue(date(2026, 9, 1), number="9")


@pytest.fixture
def october(september: Issue) -> Issue:
    return making.issue(date(2026, 10, 1), of=september.title, number="10")


@pytest.fixture
def house(september: Issue) -> Profile:
    return profile(september.title)


@pytest.fixture
def ann(db: None) -> PrintSubscription:
    return subscriber("HG-1", name="Ann Archer")


@pytest.fixture
def bob(db: None) -> PrintSubscription:
    return subscriber("HG-2", name="Bob Baker")
