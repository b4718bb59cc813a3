"""The one rule. Nothing else anywhere decides who may read an article.

It is a function of what it is given, `now` included: it asks no clock and no database. What it does not understand, it denies.
"""

from datetime import UTC, date, datetime

from backnumber.access.meter import measure
from backnumber.access.openings import on_sale, wall_at, while_new, window_at
from backnumber.access.scopes import fit
from backnumber.access.types import (
    Asked,
    Asker,
    Considered,
    Decision,
    Fit,
    Grant,
    Metered,
    Offer,
    Policy,
    Reason,
)

OPENS = (Fit.FITS, Fit.KEPT)
NOBODY = Asker()  # in particular: no account, no grant, no place, no gift, not counted


def decide(asked: Asked, asker: Asker, now: datetime) -> Decision:
    """Promise: whether `asker` may read `asked` at `now`, why, and what would help if not.

    What is named is the first that opens: the reader's own grant, the institution's licence, what is open to anyone,
    the account, the gift link, and last the meter, which alone is spent.
    Errors: ValueError when `now` has no time zone; every interval is half-open, in UTC instants.
    """
    if now.tzinfo is None:
        raise ValueError("now must have a time zone")
    place = asker.place
    own = _considered(asker.grants, asked, now) if asker.grants else ()
    at_place = _considered(place.grants, asked, now) if place else ()
    considered = own + at_place if at_place else own
    if own and (used := _opening(own)) is not None:
        return Decision(True, Reason.GRANT, used, considered=considered, place=place)
    if at_place and (used := _opening(at_place)) is not None:
        return Decision(True, Reason.LICENCE, used, considered=considered, place=place)
    return _by_opening(asked, asker, considered, now)


def supposed(allowed: bool, reason: Reason) -> Decision:
    """Promise: a decision of that kind which nobody has asked for, to see what a page says then. It opens nothing."""
    return Decision(allowed, reason)


def _considered(grants: tuple[Grant, ...], asked: Asked, now: datetime) -> tuple[Considered, ...]:
    return tuple([Considered(grant, fit(grant, asked, now)) for grant in grants])


def _opening(considered: tuple[Considered, ...]) -> Grant | None:
    """Of the grants that open, the one that is named."""
    if len(considered) == 1:
        return considered[0].grant if considered[0].fit in OPENS else None
    return _longest([one.grant for one in considered if one.fit in OPENS])


def _by_opening(asked: Asked, asker: Asker, considered: tuple[Considered, ...], now: datetime) -> Decision:
    place, policy = asker.place, asked.policy
    if policy is None or not on_sale(asked, now):
        return _deny(asked, asker, considered, now, None)
    if policy is Policy.OPEN:
        return Decision(True, Reason.OPEN, considered=considered, place=place)
    if (window := window_at(asked, now)) is not None:
        return Decision(True, Reason.FREE_NOW, window=window, considered=considered, place=place)
    if (wall := wall_at(asked, now)) is not None:
        window = while_new(asked) if wall is Reason.FREE_WHILE_NEW else None
        return Decision(True, wall, window=window, considered=considered, place=place)
    if asker is NOBODY:
        return _SHUT_TO_NOBODY[policy]
    if policy is Policy.SIGN_IN and asker.reader is not None:
        return Decision(True, Reason.SIGNED_IN, considered=considered, place=place)
    if (gift := asker.gift) is not None and gift.article == asked.article and now < gift.until:
        return Decision(True, Reason.GIFT, considered=considered, place=place, gift=gift)
    metered = None
    if policy is Policy.METERED and asker.meter is not None:
        may, metered = measure(asker.meter, asked.article, now)
        if may:
            return Decision(True, Reason.METERED, considered=considered, place=place, meter=metered)
    return _deny(asked, asker, considered, now, metered)


def _deny(
    asked: Asked, asker: Asker, considered: tuple[Considered, ...], now: datetime, metered: Metered | None
) -> Decision:
    reason = _reason(asked, asker, considered, now, metered)
    ended, begins = _ends_and_begins(considered) if considered else (None, None)
    return Decision(
        False,
        reason,
        offers=_offers(asked, asker, reason),
        ended=ended,
        begins=asked.on_sale if reason is Reason.EMBARGOED else begins,
        considered=considered,
        place=asker.place,
        gift=asker.gift,
        meter=metered,
    )


def _ends_and_begins(considered: tuple[Considered, ...]) -> tuple[datetime | None, datetime | None]:
    """When the best lapsed grant ended, and when the next one begins."""
    ends = [c.grant.until for c in considered if c.fit is Fit.ENDED and c.grant.until]
    starts = [c.grant.starts for c in considered if c.fit is Fit.NOT_BEGUN]
    return max(ends, default=None), min(starts, default=None)


def _longest(grants: list[Grant]) -> Grant | None:
    """The grant that lasts longest is the one named: what expires sooner is not what the reader reads by. Ties: the oldest."""
    if len(grants) == 1:
        return grants[0]
    return min(
        grants,
        key=lambda g: (g.until is not None, -(g.until.timestamp() if g.until else 0), g.id),
        default=None,
    )


_ELSEWHERE = {Fit.OTHER_TITLE, Fit.OTHER_DATES, Fit.OTHER_ISSUE, Fit.OTHER_ARTICLE}


def _reason(
    asked: Asked, asker: Asker, considered: tuple[Considered, ...], now: datetime, metered: Metered | None
) -> Reason:
    if not on_sale(asked, now):
        return Reason.EMBARGOED
    if asked.policy is None:
        return Reason.UNKNOWN_POLICY
    if asker.gift is not None and asker.gift.article == asked.article:
        return Reason.GIFT_ENDED
    theirs = _of_their_own(asker, considered)
    if theirs is not None:
        return theirs
    if asked.policy is Policy.METERED:
        return Reason.METER_SPENT if metered is not None else Reason.NOT_COUNTED
    if asker.reader is None:
        return Reason.NO_ACCOUNT
    return Reason.OTHER_ISSUES if {c.fit for c in considered} & _ELSEWHERE else Reason.NO_GRANT


def _of_their_own(asker: Asker, considered: tuple[Considered, ...]) -> Reason | None:
    """What stands in the way of a right that the reader has, had or is about to have."""
    if asker.reader is None:
        return None
    if asker.claim_pending:
        return Reason.CLAIM_PENDING
    fits = {c.fit for c in considered if c.grant in asker.grants}
    for found, reason in (
        (Fit.NOT_BEGUN, Reason.NOT_BEGUN),
        (Fit.ENDED, Reason.LAPSED),
        (Fit.REVOKED, Reason.REVOKED),
    ):
        if found in fits:
            return reason
    return Reason.PRINT_UNCLAIMED if asker.print_unclaimed else None


_BUY = (Offer.BUY_ONLINE, Offer.BUY_PRINT)
_OTHERWISE = (Offer.CLAIM, Offer.LIBRARY, Offer.HELP)
_OFFERS: dict[Reason, tuple[Offer, ...]] = {
    Reason.NO_ACCOUNT: (*_BUY, *_OTHERWISE),
    Reason.NO_GRANT: (*_BUY, *_OTHERWISE),
    Reason.OTHER_ISSUES: (*_BUY, *_OTHERWISE),
    Reason.METER_SPENT: (*_BUY, *_OTHERWISE),
    Reason.NOT_COUNTED: (*_BUY, *_OTHERWISE),
    Reason.GIFT_ENDED: (*_BUY, *_OTHERWISE),
    Reason.LAPSED: (Offer.RENEW, Offer.BUY_PRINT, *_OTHERWISE),
    Reason.REVOKED: (*_BUY, Offer.HELP),
    Reason.NOT_BEGUN: (Offer.HELP,),
    Reason.CLAIM_PENDING: (Offer.HELP,),
    Reason.PRINT_UNCLAIMED: (Offer.CLAIM, *_BUY, Offer.HELP),
    Reason.UNKNOWN_POLICY: (Offer.HELP,),
    Reason.EMBARGOED: (Offer.HELP,),
}


_OFFERS_TO_NOBODY = {
    reason: (*_BUY, Offer.SIGN_IN, *offers[len(_BUY) :]) for reason, offers in _OFFERS.items()
}
_OFFERS_TO_JOIN = (Offer.SIGN_UP, Offer.SIGN_IN, Offer.LIBRARY, Offer.HELP)


def _offers(asked: Asked, asker: Asker, reason: Reason) -> tuple[Offer, ...]:
    """Who has an account is never told to sign in; a piece under embargo is opened by nothing that is for sale."""
    if asker.reader is not None or reason is Reason.EMBARGOED or reason is Reason.UNKNOWN_POLICY:
        return _not_to_pay(_OFFERS[reason]) if asker.claim_pending else _OFFERS[reason]
    return _OFFERS_TO_JOIN if asked.policy is Policy.SIGN_IN else _OFFERS_TO_NOBODY[reason]


def _not_to_pay(offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
    """Whoever waits for a claim may have paid already."""
    return tuple(offer for offer in offers if offer not in {*_BUY, Offer.RENEW})


# Most of those who ask are nobody in particular, and a piece that is on sale is shut to them in one way for each policy.
_SHUT_TO_NOBODY = {
    policy: _deny(Asked(0, 0, 0, date.max, policy), NOBODY, (), datetime.max.replace(tzinfo=UTC), None)
    for policy in Policy
}
