"""The cast of every test: Ada subscribes, Ben has lapsed, Dan has an account and nothing else; nobody is nobody."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings as project
from django.contrib.auth.signals import user_logged_in
from django.core.cache import cache, caches
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Collection, Locale, Page

from backnumber.archive.models import Article
from backnumber.information.queries import LivePages
from backnumber.readers import second_factor
from backnumber.readers.models import Reader
from backnumber.website import context
from tests import making, sockets
from tests.sink import Sink, listening

hypothesis.settings.register_profile(
    "house", deadline=None
)  # speed is measured by benchmarks, never by a test
hypothesis.settings.load_profile("house")


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Hashing is slow on purpose; tests hash many passwords."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def signed_in_at_once_is_signed_in_whole() -> Iterator[None]:
    """`force_login` has typed no password, and no second factor either: it counts as having given both. A request that came
    from somewhere is asked for everything.
    """

    def given(request: HttpRequest, user: Reader, **kwargs: object) -> None:
        if "REMOTE_ADDR" not in request.META:
            second_factor.vouch(request.session, user)

    user_logged_in.connect(given)
    yield
    user_logged_in.disconnect(given)


@pytest.fixture(autouse=True)
def menus_are_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test puts into a menu is not in another's. Tests of menus read them anew."""
    monkeypatch.setattr(context, "MENUS_ARE_KEPT", 600)
    caches["menus"].set("pages", LivePages(), 600)


@pytest.fixture(scope="module")
def no_sockets() -> Iterator[None]:
    """For a module of tests of what is pure: nothing may be connected to."""
    with sockets.off():
        yield


@pytest.fixture
def gated(db: None) -> Article:
    """An article of September 1999 that needs a right to the archive."""
    return making.article("The Fortress")


@pytest.fixture
def ada(db: None) -> Reader:
    """Ada subscribes."""
    reader = making.reader("ada")
    making.grant(
        reader, starts=timezone.now() - timedelta(days=30), until=timezone.now() + timedelta(days=335)
    )
    return reader


@pytest.fixture
def ben(db: None) -> Reader:
    """Ben's subscription ended ten days ago."""
    reader = making.reader("ben")
    making.grant(
        reader, starts=timezone.now() - timedelta(days=375), until=timezone.now() - timedelta(days=10)
    )
    return reader


@pytest.fixture
def dan(db: None) -> Reader:
    """Dan has an account and nothing else."""
    return making.reader("dan")


@pytest.fixture
def staff(db: None) -> Reader:
    """May do everything in the admin."""
    return making.reader("sue", is_staff=True, is_superuser=True)


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """A real SMTP server that mail of this test goes to."""
    with listening() as (kept, address):
        monkeypatch.setenv("SMTP_URL", address)
        yield kept


@pytest.fixture(autouse=True)
def _ground(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test with a database begins with no limit used up, for they are counted in a cache that lives there, and with
    what migrations put into the tables: a test that commits empties them all for the tests after it.

    Only a test that commits clears the cache: any other would hold its rows until it ends, and a server that counts a
    sign-in would wait for it.
    """
    marker = request.node.get_closest_marker("django_db")
    named = next((name for name in ("transactional_db", "db") if name in request.fixturenames), None)
    if marker is None and named is None:
        yield
        return
    request.getfixturevalue("_django_db_helper" if marker else str(named))
    commits = named == "transactional_db" or (marker is not None and marker.kwargs.get("transaction", False))
    if commits:
        cache.clear()
    _lay_ground()
    yield
    if commits:
        cache.clear()


def _lay_ground() -> None:
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
        Locale.objects.get_or_create(
            language_code=get_supported_content_language_variant(project.LANGUAGE_CODE)
        )
    if not Page.objects.exists():
        Page.add_root(title="Root", slug="root")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The audit log lets nobody empty it but tests that commit, in a database of tests."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"ALTER DATABASE {name} SET backnumber.tests_empty_tables = 'on'")
        cursor.execute("SET backnumber.tests_empty_tables = 'on'")


@pytest.fixture(autouse=True)
def search_folder(settings: Settings, tmp_path: Path) -> Path:
    """Every test has a search index of its own: what one test rolls back, another must not find."""
    settings.SEARCH_FOLDER = tmp_path / "search"
    return tmp_path / "search"
