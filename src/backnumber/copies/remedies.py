"""What becomes of copies and addresses between runs: copies that came back or never arrived, pauses, other addresses. Each with its reason,
and in the log."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from wagtail.log_actions import log

from backnumber.circulation.models import PrintSubscription
from backnumber.copies.models import Copy, OtherAddress, Pause, Remedy
from backnumber.copies.service import NotNow
from backnumber.readers.models import Reader

# In the admin's log.
REMEDIED, PAUSED, RESUMED, ELSEWHERE = (
    "copies.remedied",
    "copies.paused",
    "copies.resumed",
    "copies.elsewhere",
)


@transaction.atomic
def remedy(
    copy: Copy, what: Remedy.What, done: Remedy.Done, *, because: str, by: Reader | None, now: datetime
) -> Remedy:
    """Promise: it is kept that the copy came back or did not arrive, once, and what is done about it: sent again with the next
    supplementary run of its issue, or one issue more after the term. Errors: NotNow.
    """
    held = (
        Copy.objects.select_for_update(of=("self",))
        .select_related("issue__title", "subscription")
        .get(pk=copy.pk)
    )
    if Remedy.objects.filter(copy=held).exists():
        raise NotNow("This copy has been seen to already.")
    if not because.strip():
        raise NotNow("Write down the reason.")
    made = Remedy.objects.create(
        copy=held, what=what, done=done, because=because.strip(), made_at=now, made_by=by
    )
    said = f"{held}: {made.get_what_display().lower()}; {made.get_done_display().lower()}: {made.because}"
    log(held.subscription, REMEDIED, user=by, data={"what": said}, timestamp=now)
    return made


@dataclass(frozen=True, slots=True)
class Days:
    """Both inclusive; no last day: until further notice."""

    from_on: date
    to_on: date | None

    def __str__(self) -> str:
        return f"{self.from_on} to {self.to_on or 'further notice'}"


@transaction.atomic
def pause(
    subscription: PrintSubscription,
    days: Days,
    missed: Pause.Missed,
    *,
    because: str,
    by: Reader | None,
    now: datetime,
) -> Pause:
    """Promise: no copy is mailed on these days, to the subscriber or in a term that continues this one."""
    made = Pause.objects.create(
        subscription=subscription,
        from_on=days.from_on,
        to_on=days.to_on,
        missed=missed,
        because=because,
        made_at=now,
        made_by=by,
    )
    log(subscription, PAUSED, user=by, data={"what": f"{days}: {because}"}, timestamp=now)
    return made


@transaction.atomic
def send_elsewhere(
    subscription: PrintSubscription,
    days: Days,
    *,
    name: str,
    address: str,
    postcode: str,
    country: str,
    because: str,
    by: Reader | None,
    now: datetime,
) -> OtherAddress:
    """Promise: copies mailed on these days go there; without a last day they are forwarded for good. A temporary address goes before one
    for good, a later one before an earlier.
    """
    made = OtherAddress.objects.create(
        subscription=subscription,
        from_on=days.from_on,
        to_on=days.to_on,
        name=name,
        address=address,
        postcode=postcode,
        country=country,
        because=because,
        made_at=now,
        made_by=by,
    )
    log(subscription, ELSEWHERE, user=by, data={"what": f"{days}, {postcode}: {because}"}, timestamp=now)
    return made


@transaction.atomic
def end_span(span: Pause | OtherAddress, on: date, *, by: Reader | None, now: datetime) -> None:
    """Promise: `on` is the last of its days; one that begins later is gone."""
    what = f"{span} ends on {on}"
    if span.from_on > on:
        span.delete()
    else:
        span.to_on = on
        span.save(update_fields=["to_on"])
    log(span.subscription, RESUMED, user=by, data={"what": what}, timestamp=now)
