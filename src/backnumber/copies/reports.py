"""Figures of runs: the order to the printer, by region and bundle, gross and net, terms that end."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from backnumber.circulation.models import PrintSubscription
from backnumber.copies.models import Copy, Label, Remedy, Run
from backnumber.copies.owing import renewing_readers
from backnumber.products.models import Region


@dataclass(frozen=True, slots=True)
class Figures:
    """Of an issue, over all its frozen runs. `gross` is every copy that was sent, replacements included; `net` are those less what
    came back and less replacements: copies that are with subscribers. `ordered` is what the printer is to print for labels.
    """

    gross: int
    replaced: int
    returned: int
    by_region: tuple[tuple[str, int], ...]
    gifts: int
    last_issues: int

    @property
    def net(self) -> int:
        return self.gross - self.replaced - self.returned


def figures(issue: int) -> Figures:
    """Promise: the figures of an issue; four queries."""
    labels = Label.objects.filter(run__issue=issue, run__state=Run.State.FROZEN)
    summed = dict(labels.order_by().values_list("region").annotate(Sum("copies")))
    counted = labels.aggregate(
        gross=Sum("copies", default=0),
        replaced=Sum("copies", filter=Q(kind=Label.Kind.REPLACED), default=0),
        gifts=Sum("copies", filter=~Q(given_by=""), default=0),
        last=Count("pk", filter=Q(is_last=True)),
    )
    returned = Remedy.objects.filter(copy__issue=issue, what=Remedy.What.RETURNED, copy__again=0).count()
    return Figures(
        gross=counted["gross"],
        replaced=counted["replaced"],
        returned=returned,
        by_region=tuple((region.label, summed[region.value]) for region in Region if region.value in summed),
        gifts=counted["gifts"],
        last_issues=counted["last"],
    )


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle and its copies."""

    name: str
    copies: int


def bundles(run: Run) -> list[Bundle]:
    """Promise: the copies of a frozen run by bundle, in the order of the file; one query."""
    rows = run.labels.order_by().values_list("bundle").annotate(Sum("copies"))
    return [Bundle(name, copies) for name, copies in sorted(rows)]


def missing_to_bulk(copies: int, bulk_from: int) -> int:
    """Promise: how many copies are missing to the bulk rate; 0 when it holds."""
    return max(0, bulk_from - copies)


@dataclass(frozen=True, slots=True)
class Ending:
    """Print subscriptions whose term ends within the days asked for: those that renew by themselves, and the others by month."""

    renew: int
    end: tuple[tuple[str, int], ...]


def ending(today: date, days: int = 90) -> Ending:
    """Promise: what ends from today on; two queries. One that another term continues does not end."""
    renewing = renewing_readers()
    rows = PrintSubscription.objects.filter(
        status=PrintSubscription.Status.ACTIVE, ends_on__range=(today, today + timedelta(days=days))
    ).exclude(_continued(today))
    renews, ends = 0, Counter[str]()
    for ends_on, reader in rows.values_list("ends_on", "reader"):
        if reader in renewing:
            renews += 1
        else:
            ends[f"{ends_on:%Y-%m}"] += 1
    return Ending(renews, tuple(sorted(ends.items())))


def _continued(today: date) -> Q:
    later = PrintSubscription.objects.filter(
        status=PrintSubscription.Status.ACTIVE, starts_on__gt=today, first__isnull=False
    )
    firsts = list(later.values_list("first", flat=True))
    return Q(pk__in=firsts) | Q(first__in=firsts, starts_on__lte=today)


def sent_to(subscription: PrintSubscription) -> "QuerySet[Copy]":
    """Promise: the copies sent to a subscriber in this term and those it follows or is followed by, the latest first; one query."""
    first = subscription.first_id or subscription.pk
    return (
        Copy.objects.filter(Q(subscription=first) | Q(subscription__first=first))
        .select_related("label__run", "issue__title")
        .prefetch_related("remedies")
        .order_by("-label__run__cut_off", "-label__run", "number", "again")
    )
