"""What the sign-in tests share: a browser, and the code from the last mail."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from backnumber.readers import service
from backnumber.readers.models import Reader
from tests.making import PASSWORD

CODE = re.compile(r"^ {4}([A-Z]{4}-[A-Z]{4})$", re.MULTILINE)


@pytest.fixture
def eve(db: None) -> Reader:
    """Eve has an account with a confirmed address and a password."""
    return service.open_account("eve@example.org", PASSWORD)


@pytest.fixture
def browser() -> Callable[..., Client]:
    """A new browser, from an address of its own when asked."""

    def make(address: str = "192.0.2.1") -> Client:
        return Client(REMOTE_ADDR=address)

    return make


def last_code() -> str:
    found = CODE.search(str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[1]
