"""Commands of an edition: freeze it, start, pause, resume and stop it, and say how it stands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from backnumber.longread import claims, queries, rules, sending
from backnumber.longread.composing import NothingToSend, letter_for
from backnumber.longread.models import Edition, LongRead, Recipient, Send
from backnumber.longread.queries import this_week
from backnumber.mail.carrier import carrier

STOPPED = "the send was stopped"


@dataclass(frozen=True, slots=True)
class SendReport:
    """`in_doubt`: how many may have arrived twice, because a worker or a connection ended between hand-over and record."""

    subject: str
    owed: int
    handed_over: int
    excluded: int
    refused: int
    waiting: int
    in_doubt: int
    is_dry_run: bool

    @property
    def reached_everybody(self) -> bool:
        return not self.refused and not self.waiting


def _of_this_week(now: datetime) -> LongRead:
    chosen = this_week(now)
    if chosen is None:
        raise NothingToSend("no long read is picked for this week: pick one in the admin, under Long read")
    return chosen


@transaction.atomic
def freeze(chosen: LongRead, now: datetime) -> Edition:
    """Promise: the content and the audience of this long read's mail, as they are now; frozen once. Errors: NothingToSend."""
    LongRead.objects.select_for_update(of=("self",)).get(pk=chosen.pk)
    already = Edition.objects.filter(long_read=chosen).first()
    if already:
        return already
    letter = letter_for(chosen, now)
    edition = Edition.objects.create(
        long_read=chosen, subject=letter.subject, text=letter.text, html=letter.html, frozen_at=now
    )
    claims.freeze_audience(edition.pk, now)
    return edition


@transaction.atomic
def move(key: int, what: str, now: datetime) -> Edition | None:
    """Promise: the edition is started, paused, resumed or stopped, and its row as it is now; None where it was in no state for that.

    What is stopped goes to nobody any more; what is paused goes on where it was.
    """
    edition = Edition.objects.select_for_update().get(pk=key)
    after = rules.MOVES[what].get(edition.state)
    if after is None:
        return None
    edition.state = after
    if what == "stop":
        edition.finished_at = now
        Send.objects.filter(edition=edition, state=Send.State.PREPARED, claimed_by=None).update(
            state=Send.State.EXCLUDED, reason=STOPPED, settled_at=now
        )
    edition.save(update_fields=["state", "finished_at"])
    return edition


def begin_scheduled(now: datetime) -> list[Edition]:
    """Promise: each week whose moment has come is frozen and started, once; those. One that cannot go says why and is tried again while
    its week lasts.
    """
    begun = []
    for chosen in queries.to_be_sent(now):
        try:
            edition = freeze(chosen, now)
        except NothingToSend as nothing:
            LongRead.objects.filter(pk=chosen.pk).update(trouble=str(nothing))
            continue
        LongRead.objects.filter(pk=chosen.pk).update(trouble="")
        if moved := move(edition.pk, "start", now):
            begun.append(moved)
    return begun


def send_this_week(
    clock: sending.Clock,
    *,
    dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> SendReport:
    """Promise: everyone confirmed has been handed this week's mail, or is refused with the reason, or is owed it still, where the mail
    server asked for patience; run again, it goes on with those. Several at once share the work.

    A dry run ends as the real one would, and sends and writes nothing. Errors: NothingToSend; MailServerAway, after which a second
    run goes on.
    """
    now = clock()
    chosen = _of_this_week(now)
    if dry_run:
        return _rehearse(chosen, now)
    edition = freeze(chosen, now)
    move(edition.pk, "start", now)
    owed = Send.objects.filter(edition=edition, state=Send.State.PREPARED).count()
    went = 0

    def count(more: int) -> None:
        nonlocal went
        went += more
        progress(went, owed)

    sending.work(edition, clock, done=count)
    return report(edition)


def _rehearse(chosen: LongRead, now: datetime) -> SendReport:
    """What has begun to go out goes on as it was frozen."""
    edition = Edition.objects.filter(long_read=chosen).first()
    letter = sending.letter_of(edition) if edition else letter_for(chosen, now)
    audience = Recipient.objects.filter(left_at=None).exclude(confirmed_at=None).order_by("pk")
    if edition:
        owed = Send.objects.filter(edition=edition, state=Send.State.PREPARED)
        audience = audience.filter(pk__in=owed.values("recipient"))
    with carrier() as way:
        good, bad = sending.rehearse(audience.iterator(), letter, way)
    return SendReport(letter.subject, good + bad, 0, 0, bad, 0, 0, is_dry_run=True)


def report(edition: Edition) -> SendReport:
    """Promise: how the edition stands; one query."""
    state = Send.State
    of = dict(
        Send.objects.filter(edition=edition).values_list("state").annotate(count=Count("pk")).order_by()
    )
    doubt = Send.objects.filter(edition=edition).aggregate(n=Count("pk", filter=Q(in_doubt=True)))["n"]
    return SendReport(
        edition.subject,
        owed=sum(of.values()),
        handed_over=sum(of.get(one, 0) for one in (state.HANDED_OVER, state.BOUNCED, state.COMPLAINED)),
        excluded=of.get(state.EXCLUDED, 0),
        refused=of.get(state.REFUSED, 0),
        waiting=of.get(state.PREPARED, 0),
        in_doubt=doubt,
        is_dry_run=False,
    )
