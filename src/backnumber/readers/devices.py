"""The devices a reader is signed in on: as many as the publisher allows; one more, and the one used least recently is
signed out.

A device is a session with a name. The session's row is its only right: when that is deleted, the device is signed out
from its next request on, and its pass is void at once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from backnumber.readers.models import Device, EndedDevice, Reader

NOTED_EVERY = timedelta(minutes=5)


def remember(reader: Reader, session_key: str, name: str, now: datetime) -> bool:
    """Promise: the session is one of the reader's devices, and no more are left than the publisher allows.

    Sign-ins of one reader go one after the other, so that it holds for those at the same instant too. False when the
    session ended meanwhile.
    """
    try:
        with transaction.atomic():
            return _remember(reader, session_key, name, now)
    except IntegrityError:  # it ended between the look and the note
        return False


def _remember(reader: Reader, session_key: str, name: str, now: datetime) -> bool:
    Reader.objects.select_for_update(no_key=True).filter(pk=reader.pk).first()
    if not Session.objects.filter(pk=session_key).exists():
        return False
    facts = {"reader": reader, "name": name, "used_at": now}
    Device.objects.update_or_create(
        session_id=session_key, defaults=facts, create_defaults={**facts, "signed_in_at": now}
    )
    caches["devices"].set(_mark(session_key), True)
    if settings.DEVICES:
        others = [d for d in devices_of(reader, now) if d.session_id != session_key]
        _end(others[settings.DEVICES - 1 :], EndedDevice.Because.LIMIT, now)
    return True


def notice(reader: Reader, session_key: str, name: str, now: datetime) -> None:
    """Promise: when the device was last used is known to about `NOTED_EVERY`. Each process asks the database no more
    often than that.
    """
    if not caches["devices"].add(_mark(session_key), True):
        return
    used_at = Device.objects.filter(session=session_key).values_list("used_at", flat=True).first()
    if used_at is None:
        remember(reader, session_key, name, now)
    elif used_at <= now - NOTED_EVERY:
        Device.objects.filter(session=session_key).update(used_at=now)


def devices_of(reader: Reader, now: datetime) -> list[Device]:
    """Promise: where the reader is signed in, the one used last first; one query. What an expiry or a changed password
    has shut is left out.
    """
    found = Device.objects.filter(reader=reader, session__expire_date__gt=now).select_related("session")
    return [device for device in found if _is_open(device, reader)]


@transaction.atomic
def end(reader: Reader, device: int, *, but: str, now: datetime) -> bool:
    """Promise: that device of this reader is signed out; whether there was one. `but` is the session that asks."""
    found = Device.objects.filter(reader=reader, pk=device).exclude(session=but)
    return bool(_end(list(found), EndedDevice.Because.READER, now))


@transaction.atomic
def end_others(reader: Reader, *, but: str, now: datetime) -> int:
    """Promise: the reader is signed in nowhere but in the session that asks; how many devices were signed out."""
    found = Device.objects.filter(reader=reader).exclude(session=but)
    return _end(list(found), EndedDevice.Because.READER, now)


def why_ended(session_key: str) -> EndedDevice.Because | None:
    """Promise: why a session that is no more was ended, when it was ended here; one query."""
    found = EndedDevice.objects.filter(mark=_mark(session_key)).first()
    return EndedDevice.Because(found.because) if found else None


def forget_ended(now: datetime) -> int:
    """Promise: no reason is kept longer than a browser keeps the session it is for; how many were forgotten."""
    oldest = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return EndedDevice.objects.filter(ended_at__lt=oldest).delete()[0]


def _end(devices: Sequence[Device], because: EndedDevice.Because, now: datetime) -> int:
    """The session's row is deleted, and the device goes with it."""
    keys = [device.session_id for device in devices]
    if not keys:
        return 0
    EndedDevice.objects.bulk_create(
        [EndedDevice(mark=_mark(key), because=because, ended_at=now) for key in keys], ignore_conflicts=True
    )
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)


def _is_open(device: Device, reader: Reader) -> bool:
    """A session made an instant ago may not say yet whose it is: it is open. After a change of password it says the old one."""
    said = device.session.get_decoded().get(HASH_SESSION_KEY)
    good = (reader.get_session_auth_hash(), *reader.get_session_auth_fallback_hash())
    return said is None or any(constant_time_compare(said, one) for one in good)


def _mark(session_key: str) -> str:
    """A keyed digest: what is kept of a session opens none."""
    return salted_hmac("backnumber.readers.devices", session_key, algorithm="sha256").hexdigest()
