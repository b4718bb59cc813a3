"""Who asks, as the door can know it without a database: by pass, by network, by gift link, by the meter's cookie."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backnumber.access import NOBODY, Asked, Asker, Gift, Meter, Place, Policy
from backnumber.edge.door.request import Request, cookies_of
from backnumber.edge.page import passes, tokens
from backnumber.edge.page.bounded_cache import BoundedCache
from backnumber.edge.page.cookie_names import MESSAGES_COOKIE
from backnumber.edge.page.counting import is_counted
from backnumber.edge.page.passes import Pass
from backnumber.edge.page.places import Network, PlaceTable, nearest_untrusted
from backnumber.edge.page.seals import Keyring

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
class Credentials:
    """What a cookie header says. `reader` is the holder of the pass, as somebody on no institution's network.

    `is_for_django`: a message waits for its reader, or reads wait to go into an account.
    """

    bearer_pass: Pass | None = None
    reader: Asker | None = None
    has_session: bool = False
    is_for_django: bool = False
    meter: str = ""
    gift: str = ""


@dataclass(slots=True)
class Revocations:
    """What has been revoked since passes that are still good were issued: by reader a generation, by session its digest."""

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


class AskerFinder:
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
        self.revoked = Revocations()
        self.places = PlaceTable(())
        self._credentials: BoundedCache[bytes, Credentials] = BoundedCache(REMEMBERED_BYTES)
        self._client_address: BoundedCache[tuple[str, bytes], str] = BoundedCache(REMEMBERED_BYTES // 4)

    def credentials(self, header: bytes) -> Credentials:
        """Promise: what the cookies say; a pass is opened once and remembered by the header it came in."""
        known = self._credentials.get(header)
        if known is None:
            known = self._credentials.remember(header, self._read(header), 3 * len(header) + PASS_BYTES)
        return known

    def _read(self, header: bytes) -> Credentials:
        cookies = cookies_of(header)
        session = cookies.get(self.session_cookie)
        held = passes.opened(cookies.get(passes.COOKIE, ""), self.keys.passes) if session else None
        if held is not None and held.session != passes.session_digest(session or ""):
            held = None  # the pass of another session
        return Credentials(
            bearer_pass=held,
            reader=Asker(held.reader, held.grants) if held is not None else None,
            has_session=session is not None,
            is_for_django=MESSAGES_COOKIE in cookies
            or (session is not None and tokens.METER_COOKIE in cookies),
            meter=cookies.get(tokens.METER_COOKIE, ""),
            gift=cookies.get(tokens.GIFT_COOKIE, ""),
        )

    def client_address(self, request: Request) -> str:
        """Promise: the address of the nearest hop that is no trusted proxy."""
        if not self.trusted:
            return request.peer
        hops = request.peer, request.headers.get(b"x-forwarded-for", NOTHING)
        known = self._client_address.get(hops)
        if known is None:
            forwarded = hops[1].decode("latin-1")
            nearest = nearest_untrusted(request.peer, (forwarded,), self.trusted)
            known = self._client_address.remember(hops, nearest, len(request.peer) + len(forwarded))
        return known

    def place(self, request: Request, now: datetime) -> Place | None:
        """Promise: the institution whose network the request came from; only trusted hops are believed."""
        return None if self.places.is_empty else self.places.at(self.client_address(request), now)

    def asker(self, request: Request, credentials: Credentials, asked: Asked, now: datetime) -> Asker | None:
        """Promise: who asks; None when only Django can tell: a session without a pass that still holds."""
        held = credentials.bearer_pass
        if held is None:
            return None if credentials.has_session else self._nobody(request, credentials, asked, now)
        if not self.revoked.holds(held, now):
            return None
        place = None if self.places.is_empty else self.place(request, now)
        return credentials.reader if place is None else Asker(held.reader, held.grants, place=place)

    def _nobody(self, request: Request, credentials: Credentials, asked: Asked, now: datetime) -> Asker:
        place = None if self.places.is_empty else self.place(request, now)
        if not credentials.gift and asked.policy is not Policy.METERED:
            return Asker(place=place) if place else NOBODY
        gift = self._gift(credentials, asked, now) if credentials.gift else None
        return Asker(place=place, gift=gift, meter=self._meter(request, credentials, asked, now))

    def _gift(self, credentials: Credentials, asked: Asked, now: datetime) -> Gift | None:
        """A gift that was taken back has ended, so that the rule can say so."""
        gift = tokens.gift_from(credentials.gift, self.keys.gift)
        if gift is None or gift.article != asked.article:
            return None
        return Gift(gift.id, gift.article, min(gift.until, now)) if gift.id in self.revoked.gifts else gift

    def _meter(self, request: Request, credentials: Credentials, asked: Asked, now: datetime) -> Meter | None:
        if asked.policy is not Policy.METERED:
            return None
        named = {name.decode("latin-1"): value.decode("latin-1") for name, value in request.headers.items()}
        if not is_counted(request.method, named):
            return None
        reads = tokens.reads_from(credentials.meter, self.keys.meter, now, self.period)
        return Meter(self.allowance, self.period, reads)
