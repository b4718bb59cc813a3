"""What somebody typed before they had signed in, or after their session had ended, kept in the browser's session until they are
back. Signing out empties the session, so the next person at the same browser does not meet it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, get_random_string

from backnumber.readers.models import Reader

KEPT_FOR = timedelta(hours=2)
_KEY = "typed"
_MOST = 3
_SALT = "backnumber.readers.typed"
_LONGEST = 2000


def mark_for(reader: Reader) -> str:
    """Promise: a mark for a form shown to `reader`: what is typed into it is theirs, also when their session has ended."""
    return signing.dumps(reader.pk, salt=_SALT)


def owner_of(mark: str) -> int | None:
    """Promise: the reader the form was shown to; None for a mark that is none of ours."""
    try:
        found = signing.loads(mark, salt=_SALT)
    except signing.BadSignature:
        return None
    return found if isinstance(found, int) else None


def keep(
    request: HttpRequest, form: str, fields: Mapping[str, str], *, owner: int | None, now: datetime
) -> str:
    """Promise: the fields are kept for two hours, for `owner` alone or for who has the key that is returned."""
    key = get_random_string(22)
    kept = _kept(request, now)[-(_MOST - 1) :]
    short = {name: value[:_LONGEST] for name, value in fields.items()}
    request.session[_KEY] = [
        *kept,
        {"form": form, "key": key, "owner": owner, "fields": short, "at": now.timestamp()},
    ]
    if not request.user.is_authenticated:
        request.session.set_expiry(KEPT_FOR)
    return key


def kept_for(request: HttpRequest, form: str, reader: Reader, now: datetime) -> dict[str, str]:
    """Promise: what `reader` typed into this form last; empty when nothing is kept for them."""
    mine = [one for one in _kept(request, now) if one["form"] == form and one["owner"] == reader.pk]
    return dict(mine[-1]["fields"]) if mine else {}


def kept_by(request: HttpRequest, form: str, key: str, now: datetime) -> dict[str, str]:
    """Promise: what was kept under this key for anybody; empty when there is nothing."""
    found = [
        one
        for one in _kept(request, now)
        if one["form"] == form and one["owner"] is None and constant_time_compare(one["key"], key)
    ]
    return dict(found[0]["fields"]) if found else {}


def forget(request: HttpRequest, form: str, now: datetime) -> None:
    """Promise: nothing is kept for this form any more."""
    if _KEY in request.session:
        request.session[_KEY] = [one for one in _kept(request, now) if one["form"] != form]


def _kept(request: HttpRequest, now: datetime) -> list[dict[str, Any]]:
    oldest = (now - KEPT_FOR).timestamp()
    return [one for one in request.session.get(_KEY, []) if one["at"] > oldest]
