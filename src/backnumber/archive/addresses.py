"""Addresses of what is shown again and again: worked out once a process, not at each mention."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

MOST = 10_000


def address_of(name: str, *args: object) -> str:
    """Promise: what Django's `reverse` answers. Errors: NoReverseMatch."""
    return _worked_out(get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), name, args)


@lru_cache(MOST)
def _worked_out(urlconf: str, _prefix: str, name: str, args: tuple[object, ...]) -> str:
    """The addresses there are depend on the first two, which belong to a request."""
    return reverse(name, urlconf, args)
