"""What the rule is asked and what it answers: frozen values, no behaviour."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


class _Word(StrEnum):
    """A word of the rule. It has a string's own hash: Enum's is worked out in Python, and the door looks words up for each page."""

    __hash__ = str.__hash__


@dataclass_transform(frozen_default=True)
def _made_often(cls: type[T]) -> type[T]:
    """A frozen value to the type checker alone: one that is frozen at run time too takes four times as long to make, and of
    these several are made for each page that is sent.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)


class Policy(_Word):
    """Who may read an article when nothing else opens it."""

    OPEN = "open"
    SIGN_IN = "sign-in"
    METERED = "metered"
    SUBSCRIBERS = "subscribers"


class ScopeKind(_Word):
    """How much of the archive a grant opens."""

    ARCHIVE = "archive"
    TITLE = "title"
    SPAN = "span"
    RECENT = "recent"
    ISSUE = "issue"
    ARTICLE = "article"


class Evidence(_Word):
    """What a grant rests on. No evidence, no grant."""

    PAYMENT = "payment"
    PRINT_SUBSCRIPTION = "print-subscription"
    GIFT = "gift"
    LICENCE = "licence"
    STAFF = "staff"


class Reason(_Word):
    """Why the answer is what it is. The first group allows, the second denies."""

    OPEN = "open"
    SIGNED_IN = "signed-in"
    FREE_NOW = "free-now"
    FREE_BY_AGE = "free-by-age"
    FREE_WHILE_NEW = "free-while-new"
    GRANT = "grant"
    LICENCE = "licence"
    GIFT = "gift"
    METERED = "metered"

    NO_ACCOUNT = "no-account"
    NO_GRANT = "no-grant"
    LAPSED = "lapsed"
    NOT_BEGUN = "not-begun"
    REVOKED = "revoked"
    OTHER_ISSUES = "other-issues"
    CLAIM_PENDING = "claim-pending"
    PRINT_UNCLAIMED = "print-unclaimed"
    UNKNOWN_POLICY = "unknown-policy"
    EMBARGOED = "embargoed"
    METER_SPENT = "meter-spent"
    NOT_COUNTED = "not-counted"
    GIFT_ENDED = "gift-ended"


class Offer(_Word):
    """What the gate may offer, in the order in which a reader is best helped."""

    RENEW = "renew"
    BUY_ONLINE = "buy-online"
    BUY_PRINT = "buy-print"
    SIGN_UP = "sign-up"
    SIGN_IN = "sign-in"
    CLAIM = "claim"
    LIBRARY = "library"
    HELP = "help"


class Fit(_Word):
    """Why a grant opened the article, or did not."""

    FITS = "fits"
    KEPT = "kept"
    EMBARGOED = "embargoed"
    NO_EVIDENCE = "no-evidence"
    REVOKED = "revoked"
    NOT_BEGUN = "not-begun"
    ENDED = "ended"
    OTHER_TITLE = "other-title"
    OTHER_DATES = "other-dates"
    OTHER_ISSUE = "other-issue"
    OTHER_ARTICLE = "other-article"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class FreeWindow:
    """From `starts` until just before `until`, anyone may read. `why` is shown to readers: "this week's long read"."""

    starts: datetime
    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Anniversary:
    """On this day of every year anyone may read. 29 February is kept on 1 March in a year without one."""

    month: int
    day: int
    why: str


@dataclass(frozen=True, slots=True)
class Wall:
    """A moving wall, counted from the cover date in the publisher's zone; None: none that way.

    `paid_after_weeks`: anyone may read for that many weeks. `free_after_years`: anyone may read from then on.
    """

    paid_after_weeks: int | None = None
    free_after_years: int | None = None


NO_WALL = Wall()


@dataclass(frozen=True, slots=True)
class Asked:
    """The article asked for. `policy` is None when what is stored is no known policy: the rule then denies.

    Before `on_sale` it is under embargo. `zone` is the publisher's: days begin by it.
    """

    article: int
    issue: int
    title: int
    cover_date: date
    policy: Policy | None
    windows: tuple[FreeWindow, ...] = ()
    anniversaries: tuple[Anniversary, ...] = ()
    wall: Wall = NO_WALL
    on_sale: datetime | None = None
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True)
class Scope:
    """`first_date` and `last_date` are cover dates, both inclusive; None is without a bound. A span may name a title.

    `RECENT` is the issues of the last `years` calendar years, this one included ("current year only" is 1).
    """

    kind: ScopeKind
    title: int | None = None
    issue: int | None = None
    article: int | None = None
    first_date: date | None = None
    last_date: date | None = None
    years: int | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """From `starts` until just before `until` (None: without end) the scope is open to its reader, unless revoked.

    `kept` is what stays open after `until`: the issues of a paid term, when the product says so.
    """

    id: int
    scope: Scope
    starts: datetime
    until: datetime | None
    evidence: Evidence | None
    label: str = ""
    revoked_at: datetime | None = None
    kept: Scope | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The institution on whose network the asker is, with what it is licensed to read."""

    institution: int
    name: str
    grants: tuple[Grant, ...] = ()


@_made_often
class Gift:
    """A subscriber's gift link that the asker came by: one article, until just before `until`."""

    id: int
    article: int
    until: datetime


@_made_often
class Read:
    """A metered article that was read, and when it was first read within the period."""

    article: int
    at: datetime


@_made_often
class Meter:
    """`allowance` different articles in any `period`; `reads` are those already spent, older ones do no harm."""

    allowance: int
    period: timedelta
    reads: tuple[Read, ...] = ()


@_made_often
class Asker:
    """Who asks. `reader` is None for nobody in particular; `meter` is None for what is not counted: a crawler, a prefetch, a feed."""

    reader: int | None = None
    grants: tuple[Grant, ...] = ()
    claim_pending: bool = False
    print_unclaimed: bool = False
    place: Place | None = None
    gift: Gift | None = None
    meter: Meter | None = None


@_made_often
class Considered:
    """One grant the rule looked at, and what it found."""

    grant: Grant
    fit: Fit


@_made_often
class Metered:
    """What the meter says: how many more articles may be read, whether this one spends a read, when one is free again."""

    allowance: int
    left: int
    spends: bool
    frees_at: datetime | None


@_made_often
class Decision:
    """The answer. `window` is the time for which anyone may read, where there is one; `via` is the grant used; `ended` the instant the best lapsed grant ended; `considered` every grant."""

    allowed: bool
    reason: Reason
    via: Grant | None = None
    window: FreeWindow | None = None
    offers: tuple[Offer, ...] = ()
    ended: datetime | None = None
    begins: datetime | None = None
    considered: tuple[Considered, ...] = ()
    place: Place | None = None
    gift: Gift | None = None
    meter: Metered | None = None
