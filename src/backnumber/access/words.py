"""What the rule is asked and what it answers: frozen values, no behaviour."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Policy(StrEnum):
    """Who may read an article when nothing else opens it. `METERED` is kept for the meter and denies until it exists."""

    OPEN = "open"
    SIGN_IN = "sign-in"
    METERED = "metered"
    SUBSCRIBERS = "subscribers"


class ScopeKind(StrEnum):
    """How much of the archive a grant opens."""

    ARCHIVE = "archive"
    TITLE = "title"
    SPAN = "span"
    ISSUE = "issue"
    ARTICLE = "article"


class Evidence(StrEnum):
    """What a grant rests on. No evidence, no grant."""

    PAYMENT = "payment"
    PRINT_SUBSCRIPTION = "print-subscription"
    GIFT = "gift"
    LICENCE = "licence"
    STAFF = "staff"


class Reason(StrEnum):
    """Why the answer is what it is. The first group allows, the second denies."""

    OPEN = "open"
    SIGNED_IN = "signed-in"
    FREE_NOW = "free-now"
    GRANT = "grant"

    NO_ACCOUNT = "no-account"
    NO_GRANT = "no-grant"
    LAPSED = "lapsed"
    NOT_BEGUN = "not-begun"
    REVOKED = "revoked"
    OTHER_ISSUES = "other-issues"
    CLAIM_PENDING = "claim-pending"
    PRINT_UNCLAIMED = "print-unclaimed"
    UNKNOWN_POLICY = "unknown-policy"


class Offer(StrEnum):
    """What the gate may offer, in the order in which a reader is best helped."""

    RENEW = "renew"
    BUY_ONLINE = "buy-online"
    BUY_PRINT = "buy-print"
    SIGN_UP = "sign-up"
    SIGN_IN = "sign-in"
    CLAIM = "claim"
    HELP = "help"


class Fit(StrEnum):
    """Why a grant opened the article, or did not."""

    FITS = "fits"
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
class Asked:
    """The article asked for. `policy` is None when what is stored is no known policy: the rule then denies."""

    article: int
    issue: int
    title: int
    cover_date: date
    policy: Policy | None
    windows: tuple[FreeWindow, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """`first_date` and `last_date` are cover dates, both inclusive; None is without a bound. A span may name a title."""

    kind: ScopeKind
    title: int | None = None
    issue: int | None = None
    article: int | None = None
    first_date: date | None = None
    last_date: date | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """From `starts` until just before `until` (None: without end) the scope is open to its reader, unless revoked."""

    id: int
    scope: Scope
    starts: datetime
    until: datetime | None
    evidence: Evidence | None
    label: str = ""
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks. `reader` is None for nobody in particular."""

    reader: int | None = None
    grants: tuple[Grant, ...] = ()
    claim_pending: bool = False
    print_unclaimed: bool = False


@dataclass(frozen=True, slots=True)
class Considered:
    """One grant the rule looked at, and what it found."""

    grant: Grant
    fit: Fit


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer. `via` is the grant used; `ended` the instant the best lapsed grant ended; `considered` every grant."""

    allowed: bool
    reason: Reason
    via: Grant | None = None
    window: FreeWindow | None = None
    offers: tuple[Offer, ...] = ()
    ended: datetime | None = None
    begins: datetime | None = None
    considered: tuple[Considered, ...] = ()
