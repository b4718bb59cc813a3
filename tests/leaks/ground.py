"""What the matrix stands on in the tests: committed rows that a server in another process can see, cleared away after."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings as project
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.core.management import call_command
from django.test import override_settings
from pytest_django import DjangoDbBlocker
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Collection, Locale

from backnumber.editorial.roles import make_roles


class Quick(PBKDF2PasswordHasher):
    """The server is another process and knows no hasher of ours: it reads this one's passwords as any other's."""

    iterations = 1


HASHERS = [f"{Quick.__module__}.{Quick.__qualname__}"]


@contextmanager
def committed(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Promise: what is written while the block lasts is committed, and gone after it."""
    with blocker.unblock():
        cache.clear()
        if not Collection.objects.exists():
            Collection.add_root(name="Root")
            language = get_supported_content_language_variant(project.LANGUAGE_CODE)
            Locale.objects.get_or_create(language_code=language)
        make_roles()
        try:
            with override_settings(PASSWORD_HASHERS=HASHERS):
                yield
        finally:
            call_command("flush", interactive=False, verbosity=0)
            cache.clear()  # flushing leaves the table of the cache alone
