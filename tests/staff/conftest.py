"""The roles at the desk: each has its own rights and no more."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django.fixtures import Settings

from backnumber.editorial.roles import make_roles
from tests import making


def client_of(role: str) -> Client:
    """Somebody with this role, signed in."""
    make_roles()
    name = role.lower().replace(" ", "-")
    reader = making.reader(name)
    reader.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(reader)
    return client


@pytest.fixture(autouse=True)
def mail_is_queued(settings: Settings) -> None:
    """As in production: what is sent stands in the outbox."""
    settings.EMAIL_BACKEND = "backnumber.mail.backend.QueuedBackend"


@pytest.fixture
def support(db: None) -> Client:
    return client_of("Help desk")


@pytest.fixture
def circulation(db: None) -> Client:
    return client_of("Circulation")


@pytest.fixture
def finance(db: None) -> Client:
    return client_of("Finance")


@pytest.fixture
def editor(db: None) -> Client:
    return client_of("Editors")


@pytest.fixture
def owner(db: None) -> Client:
    return client_of("Owners")
