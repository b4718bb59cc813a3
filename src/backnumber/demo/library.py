"""The demo's library: a university whose readers come from addresses that are for documentation only."""

from datetime import datetime, timedelta

from django.utils import timezone

from backnumber.institutions import service
from backnumber.institutions.models import Institution, Licence
from backnumber.institutions.rules import is_over

SLUG = "ashdown"
NETWORKS = "198.51.100.0/24 # reading rooms\n2001:db8:51::/48 # halls of residence"


def load(now: datetime) -> bool:
    """Promise: Ashdown University Library is there, with a licence that runs for a year; whether it is new."""
    if Institution.objects.filter(slug=SLUG).exists():
        return False
    ashdown = service.write(
        Institution(
            name="Ashdown University Library",
            slug=SLUG,
            contact="Miriam Voss, serials librarian. The agreement is renewed by letter every summer.",
        ),
        NETWORKS,
        by=None,
        now=now,
    )
    today, zone = timezone.localdate(now), timezone.get_default_timezone()
    licence = Licence(
        institution=ashdown,
        label="Campus licence, both magazines",
        evidence_key="AUL-2026-04",
        starts=now - timedelta(days=80),
        until=is_over(today + timedelta(days=284), zone),
    )
    service.give_licence(licence, by=None)
    return True
