"""The nightly comparison of each provider's book with ours. What differs is mended as a webhook would mend it, by `service.settle`; what
cannot be mended so is written down for staff.

The provider is asked while nothing is locked, and each payment is a step of its own: interrupted anywhere, the next run goes on from there.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction

from backnumber.checkout import service
from backnumber.payments import ledger, providers
from backnumber.payments import queries as payment_queries
from backnumber.payments.comparing import Found, differences
from backnumber.payments.models import Comparison, Difference, Payment
from backnumber.payments.provider import PaymentTruth, Provider, ProviderUnavailable
from backnumber.payments.rules import Balance

logger = logging.getLogger(__name__)

LOOKED_BACK = timedelta(days=29)  # at first; Stripe keeps its events for thirty days
OVERLAP = timedelta(days=1)
NOT_AGAIN_WITHIN = timedelta(hours=20)
AT_ONCE = 25  # payments after which is written down how far it is
AWAY = 5  # questions without any answer, by which a provider is taken to be away


@dataclass(frozen=True, slots=True)
class Line:
    """What was found of one payment: `mended` is no longer so."""

    provider: str
    payment_key: str
    found: Found
    mended: bool


def compare_all(now: datetime, *, at_once: bool = False) -> list[Comparison]:
    """Promise: each provider that took money of ours was compared with our book today; the comparisons that ran. What was interrupted goes on; what is
    done is not done again within hours, unless `at_once`. A provider that does not answer is tried again by the next run.
    """
    ran = []
    for name in payment_queries.providers_used():
        try:
            made = _begin(providers.provider(name), now, at_once=at_once)
            if made is not None:
                ran.append(_go_on(providers.provider(name), made, now))
        except (ProviderUnavailable, LookupError, ImproperlyConfigured) as why:
            logger.warning("%s could not be compared: %s", name, why)
        except Exception:
            logger.exception("%s could not be compared", name)
    return ran


def rehearse(name: str, now: datetime) -> Iterator[Line]:
    """Promise: what a comparison with this provider would find, and changes nothing. Errors: ProviderUnavailable, LookupError,
    ImproperlyConfigured.
    """
    taker = providers.provider(name)
    for key in _keys(taker, payment_queries.compared_since(name, now - LOOKED_BACK) - OVERLAP, now):
        try:
            truth = taker.fetch(key, now)
        except ProviderUnavailable:
            yield Line(name, key, _SILENT, mended=False)
            continue
        for found in _found(truth, _ours(name, key) or _interrupted(name, truth)):
            yield Line(name, key, found, mended=found.kind is Difference.Kind.STATE)


def _begin(taker: Provider, now: datetime, *, at_once: bool) -> Comparison | None:
    open_one = Comparison.objects.filter(provider=taker.name, finished_at=None).first()
    if open_one is not None:
        return open_one
    last = Comparison.objects.filter(provider=taker.name).first()
    if last is not None and last.began_at > now - NOT_AGAIN_WITHIN and not at_once:
        return None
    since = payment_queries.compared_since(taker.name, now - LOOKED_BACK) - OVERLAP
    waiting = _keys(taker, since, now)
    try:
        with transaction.atomic():
            return Comparison.objects.create(provider=taker.name, since=since, began_at=now, waiting=waiting)
    except IntegrityError:
        return None  # another worker was quicker


def _keys(taker: Provider, since: datetime, now: datetime) -> list[str]:
    """What changed at the provider, what changed here, and what was found to differ and is open."""
    ours = payment_queries.changed_here(taker.name, since)
    open_ones = payment_queries.keys_that_differ(taker.name)
    return list(dict.fromkeys([*taker.changed_since(since, now), *ours, *open_ones]))


def _go_on(taker: Provider, run: Comparison, now: datetime) -> Comparison:
    while run.waiting:
        batch, run.waiting = run.waiting[:AT_ONCE], run.waiting[AT_ONCE:]
        silent = []
        for key in batch:
            try:
                mended, is_ours = compare(taker, key, now)
            except ProviderUnavailable:
                silent.append(key)
                continue
            run.mended += mended
            run.others += not is_ours
        if len(silent) == len(batch) >= AWAY:
            raise ProviderUnavailable(f"it answered to none of {len(batch)} questions")
        for key in silent:
            _write_down(taker.name, key, "", before=(), after=(_SILENT,), now=now)
        run.looked_at += len(batch)
        run.save(update_fields=["waiting", "looked_at", "mended", "others"])
    run.finished_at = now
    run.save(update_fields=["finished_at"])
    return run


_SILENT = Found(
    Difference.Kind.SILENT, "The provider was asked about it and does not answer, or does not know it."
)


def compare(taker: Provider, key: str, now: datetime) -> tuple[int, bool]:
    """Promise: what the provider says of this payment is true here too, or is written down for staff; how many differences were mended, and
    whether it is a payment of ours at all. Done again, nothing changes. Errors: ProviderUnavailable.
    """
    truth = taker.fetch(key, now)
    ours = _ours(taker.name, key)
    if ours is None and not truth.order_key:
        return 0, False
    before = _found(truth, ours or _interrupted(taker.name, truth))
    if ours is None:
        ours = _take_up(taker.name, truth)
    if ours is not None and (before or truth.state != ours.state):
        _settle(ours.order_key, now)
    after = _found(truth, _ours(taker.name, key))
    return _write_down(taker.name, key, truth.order_key, before=before, after=after, now=now), True


def _found(truth: PaymentTruth, ours: Payment | None) -> tuple[Found, ...]:
    if ours is None and not truth.order_key:
        return ()
    noted = ledger.noted(ours) if ours else Balance()
    return differences(truth, ours, noted, live=settings.PRODUCTION)


def _ours(name: str, key: str) -> Payment | None:
    return Payment.objects.filter(provider=name, key=key).first()


def _interrupted(name: str, truth: PaymentTruth) -> Payment | None:
    """The attempt of ours that was interrupted before its answer came, by the key it was given."""
    open_ones = Payment.objects.filter(provider=name, order_key=truth.order_key, key=None)
    return next(
        (one for one in open_ones if truth.request_key and one.request_key == truth.request_key), None
    )


def _take_up(name: str, truth: PaymentTruth) -> Payment | None:
    """An interrupted attempt has its key now, and is settled like any other."""
    lost = _interrupted(name, truth)
    if lost is not None:
        Payment.objects.filter(pk=lost.pk, key=None).update(key=truth.payment_key)
    return lost


def _settle(order_key: str, now: datetime) -> None:
    try:
        service.settle(order_key, now)
    except ProviderUnavailable:
        raise
    except Exception:  # it keeps no other payment waiting, and stands among the differences
        logger.exception("order %s could not be settled", order_key)


@transaction.atomic
def _write_down(
    name: str, key: str, order_key: str, *, before: Sequence[Found], after: Sequence[Found], now: datetime
) -> int:
    """What is still so stays open, or is opened; what is no longer so is mended. How many were mended."""
    still = {found.kind: found.what for found in after}
    mended = 0
    for found in before:
        if found.kind not in still:
            Difference.objects.update_or_create(
                provider=name, payment_key=key, kind=found.kind, mended_at=None,
                defaults={"order_key": order_key, "what": found.what, "found_at": now},
            )  # fmt: skip
            mended += 1
    for kind, what in still.items():
        _open(name, key, order_key, Found(kind, what), now)
    gone = Difference.objects.filter(provider=name, payment_key=key, mended_at=None).exclude(kind__in=still)
    gone.update(mended_at=now)
    return mended


def _open(name: str, key: str, order_key: str, found: Found, now: datetime) -> None:
    """One that staff saw to is opened again only when something else is so."""
    made, is_new = Difference.objects.get_or_create(
        provider=name, payment_key=key, kind=found.kind, mended_at=None,
        defaults={"order_key": order_key, "what": found.what[:300], "found_at": now},
    )  # fmt: skip
    if not is_new and made.what != found.what[:300]:
        made.what, made.found_at, made.seen_at = found.what[:300], now, None
        made.seen_by = made.note = ""
        made.save()
