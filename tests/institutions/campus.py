"""Makes institutions and licences for tests, and browsers at an address."""

from datetime import datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from backnumber.institutions import service
from backnumber.institutions.models import Institution, Licence

ASHDOWN = "198.51.100.0/24\n2001:db8:51::/48 # dormitories"
CLEOS_ADDRESS = "198.51.100.23"


def institution(name: str, networks: str = "", *, is_active: bool = True) -> Institution:
    return service.write(Institution(name=name, is_active=is_active), networks, by=None, now=timezone.now())


def licence(of: Institution, *, starts: datetime, until: datetime | None, **fields: Any) -> Licence:
    wanted = {"label": "Campus licence", "evidence_key": "AUL-2026", "scope": "archive", **fields}
    return service.give_licence(Licence(institution=of, starts=starts, until=until, **wanted), by=None)


def at(address: str) -> Client:
    """A browser whose request comes straight from the address."""
    return Client(REMOTE_ADDR=address)
