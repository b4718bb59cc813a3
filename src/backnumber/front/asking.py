"""Who asks, as the front door can know it: by pass, by network, by gift link, by the meter's cookie. No database."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backnumber.access import NOBODY, Asked, Asker, Gift, Meter, Place, Policy
from backnumber.front.inquiry import Inquiry, cookies_of
from backnumber.pages import passes, tokens
from backnumber.pages.cookie_names import MESSAGES_COOKIE
from backnumber.pages.counting import is_counted
from backnumber.pages.passes import Pass
from backnumber.pages.places import Network, PlaceTable, nearest_untrusted
from backnumber.pages.remembered import Remembered
from backnumber.pages.seals import Keyring

REMEMBERED_BYTES = 16 << 20
PASS_BYTES = 4_096  # what an opened pass takes at most, beside its header
NOTHING = b""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keyrings of what a browser brings back."""

    passes: Keyring
    meter: Keyring
    gift: Keyring


@dataclass(frozen=True, slots=True)
class Brought:
    """What a cookie header says; `reader` is who holds the pass, at no institution's. It is Django's when a message waits for its reader, or reads wait to go into an account."""

    held: Pass | None = None
    reader: Asker | None = None
    has_session: bool = False
    is_djangos: bool = False
    meter: str = ""
    gift: str = ""


@dataclass(slots=True)
class Voided:
    """What has been taken back since passes that are still good were issued: by reader a number, by session its mark."""

    generations: dict[int, int] = field(default_factory=dict)
    sessions: set[bytes] = field(default_factory=set)
    gifts: set[int] = field(default_factory=set)

    def holds(self, held: Pass, now: datetime) -> bool:
        """Promise: whether the pass is still good at `now`, as far as has been heard."""
        return (
            now < held.until
            and held.generation >= self.generations.get(held.reader, 0)
            and held.session not in self.sessions
        )


class Asking:
    """Reads cookies and addresses into askers; what it has read before it remembers, within bounds."""

    def __init__(
        self,
        keys: Keys,
        session_cookie: str,
        trusted: tuple[Network, ...],
        allowance: int,
        period: timedelta,
    ) -> None:
        self.keys = keys
        self.session_cookie = session_cookie
        self.trusted = trusted
        self.allowance = allowance
        self.period = period
        self.voided = Voided()
        self.places = PlaceTable(())
        self._brought: Remembered[bytes, Brought] = Remembered(REMEMBERED_BYTES)
        self._came_from: Remembered[tuple[str, bytes], str] = Remembered(REMEMBERED_BYTES // 4)

    def brought(self, header: bytes) -> Brought:
        """Promise: what the cookies say; a pass is opened once and remembered by the header it came in."""
        known = self._brought.get(header)
        if known is None:
            known = self._brought.remember(header, self._read(header), 3 * len(header) + PASS_BYTES)
        return known

    def _read(self, header: bytes) -> Brought:
        cookies = cookies_of(header)
        session = cookies.get(self.session_cookie)
        held = passes.opened(cookies.get(passes.COOKIE, ""), self.keys.passes) if session else None
        if held is not None and held.session != passes.session_mark(session or ""):
            held = None  # the pass of another session
        return Brought(
            held=held,
            reader=Asker(held.reader, held.grants) if held is not None else None,
            has_session=session is not None,
            is_djangos=MESSAGES_COOKIE in cookies or (session is not None and tokens.METER_COOKIE in cookies),
            meter=cookies.get(tokens.METER_COOKIE, ""),
            gift=cookies.get(tokens.GIFT_COOKIE, ""),
        )

    def came_from(self, inquiry: Inquiry) -> str:
        """Promise: the address of the nearest hop that is no trusted proxy."""
        if not self.trusted:
            return inquiry.peer
        hops = inquiry.peer, inquiry.headers.get(b"x-forwarded-for", NOTHING)
        known = self._came_from.get(hops)
        if known is None:
            forwarded = hops[1].decode("latin-1")
            nearest = nearest_untrusted(inquiry.peer, (forwarded,), self.trusted)
            known = self._came_from.remember(hops, nearest, len(inquiry.peer) + len(forwarded))
        return known

    def place(self, inquiry: Inquiry, now: datetime) -> Place | None:
        """Promise: the institution whose network the request came from; only trusted hops are believed."""
        return None if self.places.is_empty else self.places.at(self.came_from(inquiry), now)

    def asker(self, inquiry: Inquiry, brought: Brought, asked: Asked, now: datetime) -> Asker | None:
        """Promise: who asks; None when only Django can tell: a session without a pass that still holds."""
        held = brought.held
        if held is None:
            return None if brought.has_session else self._nobody(inquiry, brought, asked, now)
        if not self.voided.holds(held, now):
            return None
        place = None if self.places.is_empty else self.place(inquiry, now)
        return brought.reader if place is None else Asker(held.reader, held.grants, place=place)

    def _nobody(self, inquiry: Inquiry, brought: Brought, asked: Asked, now: datetime) -> Asker:
        place = None if self.places.is_empty else self.place(inquiry, now)
        if not brought.gift and asked.policy is not Policy.METERED:
            return Asker(place=place) if place else NOBODY
        gift = self._gift(brought, asked, now) if brought.gift else None
        return Asker(place=place, gift=gift, meter=self._meter(inquiry, brought, asked, now))

    def _gift(self, brought: Brought, asked: Asked, now: datetime) -> Gift | None:
        """A gift that was taken back has ended, so that the rule can say so."""
        gift = tokens.gift_from(brought.gift, self.keys.gift)
        if gift is None or gift.article != asked.article:
            return None
        return Gift(gift.id, gift.article, min(gift.until, now)) if gift.id in self.voided.gifts else gift

    def _meter(self, inquiry: Inquiry, brought: Brought, asked: Asked, now: datetime) -> Meter | None:
        if asked.policy is not Policy.METERED:
            return None
        named = {name.decode("latin-1"): value.decode("latin-1") for name, value in inquiry.headers.items()}
        if not is_counted(inquiry.method, named):
            return None
        reads = tokens.reads_from(brought.meter, self.keys.meter, now, self.period)
        return Meter(self.allowance, self.period, reads)
