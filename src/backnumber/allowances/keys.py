"""The seals of this room's cookies and forms, from the site's secret keys."""

from functools import cache

from django.conf import settings

from backnumber.pages.seals import Keyring, keyring


def keys(purpose: str) -> Keyring:
    """Promise: the keyring of "meter", "gift" or "gift-form"; former secret keys still open."""
    return _kept(purpose, (settings.SECRET_KEY, *settings.OLD_SECRET_KEYS))


@cache
def _kept(purpose: str, secrets: tuple[str, ...]) -> Keyring:
    return keyring(purpose, secrets)
