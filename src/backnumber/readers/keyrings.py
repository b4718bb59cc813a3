"""The keyrings of what a browser brings back, from the site's secret keys."""

from functools import cache

from django.conf import settings

from backnumber.edge.page.seals import Keyring, keyring


def keyring_of(purpose: str) -> Keyring:
    """Promise: the keyring of "pass", "meter", "gift", "gift-form", "present" or "place"; former secret keys still open."""
    return _made(purpose, (settings.SECRET_KEY, *settings.OLD_SECRET_KEYS))


@cache
def _made(purpose: str, secrets: tuple[str, ...]) -> Keyring:
    return keyring(purpose, secrets)
