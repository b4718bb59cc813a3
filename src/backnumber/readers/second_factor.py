"""The second factor of the staff: whether it was given in this session, and where to go when it was not.

Readers need none. Who may open the admin needs one at each sign-in: an app's code, a passkey, or a recovery code.
"""

import base64
import hashlib
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from backnumber.readers.models import Reader

OPENS_THE_ADMIN = "wagtailadmin.access_admin"
_GIVEN = "second_factor_given"
_VOUCHED = "second_factor_vouched"
_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_needed(reader: Reader) -> bool:
    return bool(reader.has_perm(OPENS_THE_ADMIN))


def has_one(reader: Reader) -> bool:
    return bool(Authenticator.objects.filter(user=reader, type__in=_FACTORS).exists())


def note_given(session: MutableMapping[str, Any], reader: Reader) -> None:
    """Promise: a factor that was set up just now counts as given in this session."""
    session[_GIVEN] = reader.pk


def vouch(session: MutableMapping[str, Any], reader: Reader) -> None:
    """Promise: this session needs no second factor. For the demo's one-click sign-in, and for throw-away accounts that
    nobody can sign in to.
    """
    session[_VOUCHED] = reader.pk


def is_missing(request: HttpRequest) -> bool:
    """Promise: whether somebody of the staff must still give it, or set one up. Never for a reader."""
    reader = request.user
    if not isinstance(reader, Reader) or not is_needed(reader):
        return False
    if request.session.get(_VOUCHED) == reader.pk:
        return False
    given = request.session.get(_GIVEN) == reader.pk or any(
        one.get("method") == "mfa" for one in get_authentication_records(request, reader)
    )
    return not (given and has_one(reader))


def where_to_give(request: HttpRequest, reader: Reader) -> str:
    """Promise: the address at which the missing factor is given or set up, and which leads back to where one wanted to go."""
    types = set(Authenticator.objects.filter(user=reader).values_list("type", flat=True))
    if not types & {one.value for one in _FACTORS}:
        return reverse("mfa_index")
    name = "mfa_reauthenticate" if Authenticator.Type.TOTP in types else "mfa_reauthenticate_webauthn"
    wanted = request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("wagtailadmin_home")
    return f"{reverse(name)}?{urlencode({'next': wanted})}"


def forget(reader: Reader) -> int:
    """Promise: the reader has no factor any more, and sets one up at the next sign-in as staff; how many there were."""
    return int(Authenticator.objects.filter(user=reader).delete()[0])


class Adapter(DefaultMFAAdapter):
    """allauth's hooks: the site's own name in the app, and secrets that a copy of the database alone does not give away."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That is not the code. An app’s code is good for half a minute: type the one it shows now.",
        "unverified_email": "Confirm your e-mail address first.",
    }

    def _get_site_name(self) -> str:
        return str(settings.SITE_NAME)

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> MultiFernet:
    """The present secret key seals; old ones still open."""
    secrets = (settings.SECRET_KEY, *settings.OLD_SECRET_KEYS)
    digests = (hashlib.sha256(f"backnumber.readers.second_factor:{one}".encode()).digest() for one in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(one)) for one in digests])
