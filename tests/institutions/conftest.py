"""Cleo reads through her library: Ashdown University Library, on 198.51.100.0/24 and 2001:db8:51::/48."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from backnumber.institutions import service
from backnumber.institutions.models import Institution
from backnumber.readers.models import Reader
from tests.institutions.campus import ASHDOWN, CLEOS_ADDRESS, at, licence


@pytest.fixture
def ashdown(db: None) -> Institution:
    """A university library with a licence for the whole archive, for a year that is running."""
    now = timezone.now()
    made = service.write(Institution(name="Ashdown University Library"), ASHDOWN, by=None, now=now)
    licence(made, starts=now - timedelta(days=100), until=now + timedelta(days=265))
    return made


@pytest.fixture
def cleo(ashdown: Institution) -> Client:
    """Cleo's browser, on a computer of her library. She has no account."""
    return at(CLEOS_ADDRESS)


@pytest.fixture
def sue(staff: Reader) -> Client:
    """Signed in as one who may do everything."""
    client = Client()
    client.force_login(staff)
    return client
