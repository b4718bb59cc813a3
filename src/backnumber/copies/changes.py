"""What a fulfilment house is told of its subscribers: who is new, changed, moved or ended since it was told last. Each file is kept and can be
sent again byte for byte.
"""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from wagtail.log_actions import log

from backnumber.circulation.countries import name_of_country
from backnumber.copies import layout as layouts
from backnumber.copies import rules
from backnumber.copies.files import keep
from backnumber.copies.layout import CHANGE, FIELDS, Breach, Column, Layout
from backnumber.copies.models import Profile, SentFile, ToldLine
from backnumber.copies.owing import Owed, subscribers_on
from backnumber.copies.service import NotNow, layout_of
from backnumber.products.rules import region_of
from backnumber.readers.models import Reader

FILE_ACKNOWLEDGED = "copies.file_acknowledged"
_ADDRESS = ("lines", "town", "postcode", "country")
_LABELS = {"new": "new", "changed": "changed", "moved": "moved", "ended": "ended"}
Said = dict[str, str]


def changes_since(profile: Profile, day: date) -> list[tuple[int, str, Said]]:
    """Promise: what the house has not been told: (chain, kind of change, what it says), by kind and number; an ended one says what it said
    last. Nothing is written.
    """
    now = {owed.chain: _said(owed) for owed in subscribers_on(profile.title, day)}
    told = {line.chain: line.said for line in ToldLine.objects.filter(profile=profile)}
    found = [(chain, "ended", said) for chain, said in told.items() if chain not in now]
    for chain, said in now.items():
        if chain not in told:
            found.append((chain, "new", said))
        elif any(said[name] != told[chain].get(name) for name in _ADDRESS):
            found.append((chain, "moved", said))
        elif said != told[chain]:
            found.append((chain, "changed", said))
    order = list(_LABELS)
    return sorted(found, key=lambda one: (order.index(one[1]), one[2]["number"], one[0]))


def _said(owed: Owed) -> Said:
    """While copies are paused it is told with no copies."""
    address = rules.address_of(owed.address, owed.postcode, owed.country)
    return {
        "number": owed.number,
        "name": owed.name,
        "given_by": owed.given_by,
        "lines": "\n".join(address.lines),
        "town": address.town,
        "postcode": address.postcode,
        "country": address.country,
        "copies": "0" if owed.missed else str(owed.copies),
    }


def layout_of_changes(profile: Profile) -> Layout:
    """Promise: the profile's columns, with one for the kind of change before them where they have none."""
    layout = layout_of(profile)
    if "change" in layout.fields:
        return layout
    return replace(layout, columns=(Column(CHANGE, "change"), *layout.columns))


def breaches_of(profile: Profile, found: list[tuple[int, str, Said]]) -> list[Breach]:
    """Promise: the lines that do not fit the house's file; one that ended is told as it was."""
    layout = layout_of_changes(profile)
    lines = ((_row(kind, said), said) for _, kind, said in found)
    return [
        one for row, said in lines for one in layouts.breaches(layout, row, len(said["lines"].splitlines()))
    ]


def _row(kind: str, said: Said) -> dict[str, str]:
    row = dict.fromkeys(FIELDS, "")
    row |= {f"line{n}": line for n, line in enumerate(said["lines"].splitlines()[:6], 1)}
    return row | {
        "change": kind,
        "number": said["number"],
        "name": said["name"],
        "given_by": said["given_by"],
        "town": said["town"],
        "postcode": said["postcode"],
        "country": name_of_country(said["country"]),
        "country_code": said["country"],
        "copies": said["copies"],
        "region": region_of(said["country"]).label,
    }


@transaction.atomic
def tell_changes(profile: Profile, *, by: Reader | None, now: datetime) -> SentFile:
    """Promise: a file of everything the house has not been told, kept; it is not told again. Errors: NotNow when there is nothing, or a line
    breaks the profile.
    """
    held = Profile.objects.select_for_update(of=("self",)).select_related("title").get(pk=profile.pk)
    found = changes_since(held, now.astimezone(ZoneInfo(settings.TIME_ZONE)).date())
    if not found:
        raise NotNow(f"There is nothing that {held.house} has not been told.")
    if broken := breaches_of(held, found):
        raise NotNow(f"{len(broken)} lines break the profile of {held.house}. Put them right first.")
    content = layouts.written(layout_of_changes(held), (_row(kind, said) for _, kind, said in found))
    file = keep(content, held, SentFile.Kind.CHANGES, None, lines=len(found), by=by, now=now)
    ended = [chain for chain, kind, _ in found if kind == "ended"]
    ToldLine.objects.filter(profile=held, chain__in=ended).delete()
    ToldLine.objects.bulk_create(
        [ToldLine(profile=held, chain=chain, said=said) for chain, kind, said in found if kind != "ended"],
        update_conflicts=True,
        unique_fields=["profile", "chain"],
        update_fields=["said"],
        batch_size=2000,
    )
    return file


@transaction.atomic
def acknowledge(file: SentFile, answer: str, *, by: Reader | None, now: datetime) -> None:
    """Promise: it is kept that the house has the file, and what it answered. The content stays as it is."""
    SentFile.objects.filter(pk=file.pk).update(acknowledged_at=now, acknowledged=answer)
    log(file, FILE_ACKNOWLEDGED, user=by, data={"what": f"{file.name}: {answer}"}, timestamp=now)
