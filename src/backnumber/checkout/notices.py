"""Mails about subscriptions and terms: before each renewal and each end, after a failed payment, a change, and an end. Each is queued in
the transaction that makes it true, once (`Notice`), and says what happens, when, and how to stop or to mend it.
"""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from backnumber.checkout import queries, rules
from backnumber.checkout.models import Order
from backnumber.mail.messages import Message
from backnumber.money import Amount
from backnumber.products.models import Product
from backnumber.renewals.models import Notice, Subscription
from backnumber.renewals.queries import living
from backnumber.renewals.rules import (
    GRACE,
    LONG_TERM_MONTHS,
    TOLD_BEFORE_LONG,
    TOLD_BEFORE_SHORT,
    WIN_BACK_AFTER,
    after_failure,
    charge_at,
    price_at,
    tell_at,
)

State, Ended = Subscription.State, Subscription.Ended


def tell_of_renewals(now: datetime) -> int:
    """Promise: each reader whose subscription is charged, or ends, before long has a mail that says so; how many were sent now."""
    rows = Subscription.objects.filter(
        _is_to_be_told("paid_until", now), state__in=[State.ACTIVE, State.ENDING]
    ).exclude(key__in=Notice.objects.filter(kind="before", due__gt=now).values("about"))
    return sum(_tell_of_renewal(pk, now) for pk in rows.values_list("pk", flat=True))


def _is_to_be_told(end: str, now: datetime) -> Q:
    """`tell_at` has come, as a condition on rows that have `months` and an `end`: nobody is looked at day after day in vain."""
    long = Q(months__gte=LONG_TERM_MONTHS, **{f"{end}__lte": now + TOLD_BEFORE_LONG})
    short = Q(months__lt=LONG_TERM_MONTHS, **{f"{end}__lte": now + TOLD_BEFORE_SHORT})
    return Q(**{f"{end}__gt": now}) & (long | short)


@transaction.atomic
def _tell_of_renewal(pk: int, now: datetime) -> int:
    subscription = _whole(pk)
    if subscription.reader is None or not tell_at(subscription.paid_until, subscription.months) <= now:
        return 0
    if subscription.state not in {State.ACTIVE, State.ENDING} or not _is_first(
        subscription.key, "before", subscription.paid_until, now
    ):
        return 0
    minor = price_at(
        subscription.minor, subscription.next_minor, subscription.next_from, subscription.paid_until
    )
    product = subscription.next_product or subscription.product
    shown = {
        "charged_on": charge_at(subscription.paid_until),
        "amount": Amount(minor, subscription.currency),
        "is_new_price": minor != subscription.minor,
        "next_product": product if product.pk != subscription.product_id else None,
        "expires": subscription.mandate_expires
        if subscription.mandate_expires and subscription.mandate_expires < subscription.paid_until.date()
        else None,
    }
    if subscription.state == State.ENDING:
        _send(subscription, "ending", f"Ends soon: {subscription.product.name}", shown)
    else:
        _send(subscription, "renewing", f"Renews soon: {subscription.product.name}", shown)
    return 1


def tell_of_ends(now: datetime) -> int:
    """Promise: each reader whose fixed term of a month or more ends before long, and who has nothing that follows it, has a mail with the
    way to renew; how many were sent now.
    """
    rows = Order.objects.filter(
        _is_to_be_told("until", now),
        state=Order.State.PAID,
        subscription=None,
        months__gt=0,
        reader__isnull=False,
    ).exclude(key__in=Notice.objects.filter(kind="before", due__gt=now).values("about"))
    return sum(_tell_of_end(pk, now) for pk in rows.values_list("pk", flat=True))


@transaction.atomic
def _tell_of_end(pk: int, now: datetime) -> int:
    order = Order.objects.select_related("product", "reader", "article").get(pk=pk)
    if order.reader is None or order.until is None or tell_at(order.until, order.months) > now:
        return 0
    last = rules.last_of_cover(queries.terms_held(order.reader, order.product), now)
    if (last is not None and last.until > order.until) or living(order.reader, order.product):
        return 0
    if not _is_first(order.key, "before", order.until, now):
        return 0
    is_own = order.product.for_sale and order.product.given != Product.Given.ONLY
    renew = reverse("buy", args=[order.product.code]) if is_own else reverse("subscribe")
    shown = {"order": order, "renew": settings.ADDRESS + renew}
    _mail(order.email_now, "term-ending", f"Ends soon: {order.label}", shown, order.key, order.until)
    return 1


def invite_back(now: datetime) -> int:
    """Promise: who stopped paying a month ago, and did not come back, has one mail that invites back; how many were sent now."""
    since = now - WIN_BACK_AFTER
    rows = Subscription.objects.filter(
        state=State.ENDED,
        ended_because__in=[Ended.UNPAID, Ended.CANCELLED],
        reader__isnull=False,
        ended_at__lte=since,
        ended_at__gt=since - WIN_BACK_AFTER,
    ).exclude(key__in=Notice.objects.filter(kind="win-back").values("about"))
    return sum(_invite_back(pk, now) for pk in rows.values_list("pk", flat=True))


@transaction.atomic
def _invite_back(pk: int, now: datetime) -> int:
    subscription = _whole(pk)
    reader, ended = subscription.reader, subscription.ended_at
    if reader is None or ended is None or not subscription.product.for_sale:
        return 0
    if queries.already_reading(reader, now) or living(reader, subscription.product):
        return 0
    if not _is_first(subscription.key, "win-back", ended, now):
        return 0
    buy = settings.ADDRESS + reverse("buy", args=[subscription.product.code])
    _send(subscription, "win-back", f"The archive is still here: {subscription.product.name}", {"buy": buy})
    return 1


def charge_failed(subscription: Subscription, now: datetime) -> None:
    """The first failure of a term, and each that asks the reader for something else."""
    if not _is_first(subscription.key, f"failed {subscription.decline}"[:20], subscription.paid_until, now):
        return
    follows = after_failure(subscription.paid_until, None, now)
    shown = {
        "decline": subscription.decline,
        "next_try": subscription.acts_at if subscription.acts_at != follows.over_at else None,
        "over_at": subscription.paid_until + GRACE,
        "pay": settings.ADDRESS + reverse("subscription_pay", args=[subscription.key]),
    }
    _send(subscription, "failed", f"Payment failed: {subscription.product.name}", shown)


def recovered(subscription: Subscription, now: datetime) -> None:
    """After a failed payment, when the money has come; the receipt says the rest."""
    if _is_first(subscription.key, "recovered", subscription.paid_until, now):
        _send(subscription, "recovered", f"Paid, and it goes on: {subscription.product.name}", {})


def ended(subscription: Subscription, now: datetime) -> None:
    """At the end, however it came."""
    if subscription.reader is not None and _is_first(subscription.key, "ended", subscription.paid_until, now):
        buy = settings.ADDRESS + reverse("buy", args=[subscription.product.code])
        _send(subscription, "ended", f"Ended: {subscription.product.name}", {"buy": buy})


def changed(subscription: Subscription, what: str, now: datetime) -> None:
    """What the reader has just changed, confirmed: `what` is "cancelled", "resumed", "paused", "switched", "seats" or "card"."""
    subjects = {
        "cancelled": "It will not renew",
        "resumed": "It renews again",
        "paused": "Paused",
        "switched": "Changed",
        "seats": "Another number of seats",
        "card": "Charged to another card",
    }
    shown = {"what": what, "charged_on": charge_at(subscription.paid_until)}
    _send(
        subscription,
        "changed",
        f"{subjects[what]}: {subscription.product.name}",
        shown,
        f"{what}{now:%Y%m%d%H%M%S}",
    )


def price_will_change(subscription: Subscription, now: datetime) -> None:
    """A new price, told before the first renewal that costs it."""
    if subscription.next_from is None or not _is_first(
        subscription.key, "price", subscription.next_from, now
    ):
        return
    shown = {"amount": Amount(subscription.next_minor or 0, subscription.currency)}
    _send(subscription, "price", f"A new price: {subscription.product.name}", shown)


def _is_first(about: str, kind: str, due: datetime, now: datetime) -> bool:
    _, is_new = Notice.objects.get_or_create(about=about, kind=kind, due=due, defaults={"sent_at": now})
    return is_new


def _whole(pk: int) -> Subscription:
    return Subscription.objects.select_related("product", "next_product", "reader").get(pk=pk)


def _send(subscription: Subscription, kind: str, subject: str, shown: dict[str, Any], once: str = "") -> None:
    if subscription.reader is None:
        return
    about = {"subscription": subscription, "manage": settings.ADDRESS + subscription.get_absolute_url()}
    key = f"{subscription.key}{once}"
    _mail(subscription.reader.email, kind, subject, {**about, **shown}, key, subscription.paid_until)


def _mail(to: str, kind: str, subject: str, shown: dict[str, Any], key: str, due: datetime) -> None:
    """The Message-ID is made from what it is about: a mail server that sees it twice knows it again."""
    more = {"publisher": settings.SITE_NAME, "help_email": settings.HELP_EMAIL}
    text = render_to_string(f"checkout/mail/{kind}.txt", {**more, **shown})
    Message(
        kind,
        subject,
        text,
        [to],
        html=render_to_string("checkout/mail/plain.html", {"subject": subject, "paragraphs": text.strip()}),
        reference=key[:40],
        headers={
            "Message-ID": f"<{kind}{due:%Y%m%d%H%M%S}.{key}@{urlsplit(settings.ADDRESS).hostname}>",
        },
    ).send()
