"""A code by mail that proves once more that it is the account's reader: for what cannot be undone."""

import time
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code, generate_user_code
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac

from backnumber.readers.models import Reader

SECONDS = 20 * 60
TRIES = 3
_KEY = "backnumber_proof"


def send_code(session: SessionBase, reader: Reader, purpose: str) -> None:
    """Promise: a code goes to the reader's address and only this session can use it, once, for `purpose`. An
    earlier one is void.
    """
    code = generate_user_code()
    session[_KEY] = {"code": _digest(code, reader), "purpose": purpose, "at": time.time(), "tries": 0}
    known = {
        "code": code,
        "purpose": purpose,
        "site_name": settings.SITE_NAME,
        "site_address": settings.ADDRESS,
        "help_email": settings.HELP_EMAIL,
    }
    send_mail(
        f"Your code: {code}", render_to_string("account/email/proof_message.txt", known), None, [reader.email]
    )


def is_waiting(session: SessionBase, purpose: str) -> bool:
    state: dict[str, Any] = session.get(_KEY) or {}
    return state.get("purpose") == purpose and time.time() - state["at"] <= SECONDS


def accepts(session: SessionBase, reader: Reader, purpose: str, typed: str) -> bool:
    """Promise: whether `typed` is the code sent; right or wrong three times, it is void after."""
    state: dict[str, Any] = session.get(_KEY) or {}
    if not is_waiting(session, purpose):
        session.pop(_KEY, None)
        return False
    right = compare_user_code(actual=_digest(typed, reader), expected=state["code"])
    state["tries"] += 1
    if right or state["tries"] >= TRIES:
        session.pop(_KEY)
    else:
        session[_KEY] = state
    return right


def _digest(code: str, reader: Reader) -> str:
    plain = "".join(c for c in code.upper() if c.isalnum())
    return salted_hmac(f"backnumber.readers.mailed_code.{reader.pk}", plain, algorithm="sha256").hexdigest()
