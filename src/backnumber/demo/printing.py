"""The demo's print subscribers, the house that posts to them, and the runs of its newest printed issue: one frozen, a supplementary one
open.
"""

from datetime import date, datetime, timedelta

from backnumber.archive.models import Issue
from backnumber.circulation.models import PrintSubscription
from backnumber.circulation.names import surname_of
from backnumber.copies import files, remedies, service
from backnumber.copies.models import Copy, Pause, Profile, Remedy, SentFile
from backnumber.copies.remedies import Days

CUT_OFF, LATE_CUT_OFF = date(2026, 10, 9), date(2026, 10, 23)
_LONG_AGO, _LATE = date(2026, 1, 12), date(2026, 10, 14)

# Name, address, postcode, country, what else; everybody is invented.
SUBSCRIBERS: tuple[tuple[str, str, str, str, dict[str, object]], ...] = (
    ("Mrs Winifred Ashby", "The Old Forge\nKettlewell", "BD23 5QX", "GB", {}),
    ("Dr Tobias Renshaw", "Flat 3\n18 Marchmont Crescent\nEdinburgh", "EH9 1HF", "GB", {}),
    ("Ms Leila Farahani", "47 Whiteladies Mews\nBristol", "BS8 2LP", "GB", {"copies": 2}),
    ("The Librarian", "Carrow Road Institute\n2 Mill Lane\nNorwich", "NR1 1TT", "GB", {"copies": 3}),
    ("Mr Owain Prosser", "Ty Isaf\nLlangollen", "LL20 8RS", "GB", {"given_by": "Mrs Mair Prosser"}),
    ("Miss Constance Adeyemi", "9 Larkhall Rise\nLondon", "SW4 6JB", "GB", {}),
    ("Mr Jasper Thwaite", "112 Ecclesall Terrace\nSheffield", "S11 8HW", "GB", {}),
    ("Mrs Orla Devlin", "3 Strand Cottages\nBelfast", "BT9 5AB", "GB", {}),
    ("Sgt Neil Maddox", "Support Company\nBFPO", "BFPO 57", "GB", {}),
    ("Ms Siobhán Keane", "14 Raglan Lane\nDublin", "D04 V2N9", "IE", {"paid_region": "europe"}),
    ("Herr Matthias Vogel", "Lindenstraße 22\nBerlin", "10969", "DE", {"paid_region": "europe"}),
    ("Mme Claire Aubry", "6 rue des Lices\nRennes", "35000", "FR", {"paid_region": "uk"}),
    ("Ms Harriet Bloom", "81 Pinckney Street\nBoston, MA", "02114", "US", {"paid_region": "world"}),
    ("Mr Desmond Achebe", "5 Banksia Grove\nHobart TAS", "7000", "AU", {"paid_region": "world"}),
    ("Mrs Beryl Crowther", "2 Dyehouse Fold\nHalifax", "HX1 2TW", "GB", {"ends_on": date(2026, 10, 31)}),
    ("Mr Felix Marchbanks", "30 Magdalen Yard\nDundee", "DD1 4PX", "GB", {"starts_on": _LATE}),
)


def load(now: datetime) -> int:
    """Promise: the subscribers, the house and the runs are there; how many subscribers were added."""
    issue = Issue.objects.filter(title__slug="the-hourglass", sort_date=date(2026, 11, 1)).first()
    if issue is None or Profile.objects.exists():
        return 0
    added = [_subscriber(n, now, *one) for n, one in enumerate(SUBSCRIBERS, 1)]
    house = Profile.objects.create(house="Ouse Valley Mailing", title=issue.title, code="HGL")
    _away(added[5], now)
    run = service.open_run(
        issue, house, cut_off=CUT_OFF, mailing_on=CUT_OFF + timedelta(days=5), by=None, now=now
    )
    run = service.freeze(run, by=None, now=now)
    files.file_of(run, SentFile.Kind.MAILING, by=None, now=now)
    lost = Copy.objects.filter(subscription=added[6]).first()
    assert lost is not None
    why = "Wrote on 20 October: nothing has come"
    remedies.remedy(lost, Remedy.What.LOST, Remedy.Done.REPLACE, because=why, by=None, now=now)
    service.open_run(
        issue, house, cut_off=LATE_CUT_OFF, mailing_on=LATE_CUT_OFF + timedelta(days=4), by=None, now=now
    )
    return len(added)


def _away(whose: PrintSubscription, now: datetime) -> None:
    days = Days(CUT_OFF - timedelta(days=9), CUT_OFF + timedelta(days=40))
    remedies.pause(whose, days, Pause.Missed.AFTER, because="In Lagos until November", by=None, now=now)


def _subscriber(
    n: int, now: datetime, name: str, address: str, postcode: str, country: str, more: dict[str, object]
) -> PrintSubscription:
    given = {
        "number": f"HG-{30100 + 7 * n}",
        "name": name,
        "surname": surname_of(name),
        "address": address,
        "postcode": postcode,
        "country": country,
        "starts_on": _LONG_AGO,
        "ends_on": now.date() + timedelta(days=40 + 17 * n),
    }
    return PrintSubscription.objects.create(**given | more)
