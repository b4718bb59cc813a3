"""Commands of runs: open one, see what it would come to, freeze it, make its files."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from wagtail.log_actions import log

from backnumber.archive.models import Issue
from backnumber.copies import layout as layouts
from backnumber.copies import rules
from backnumber.copies.layout import Breach, Layout
from backnumber.copies.models import Copy, Label, Pause, Profile, Run, Skipped
from backnumber.copies.owing import Owed, owed_again, owed_copies, renewing_readers
from backnumber.copies.rows import row_of
from backnumber.copies.rules import Line
from backnumber.products.rules import region_of
from backnumber.readers.models import Reader

# In the admin's log.
RUN_OPENED, RUN_FROZEN, RUN_CLOSED = "copies.run_opened", "copies.run_frozen", "copies.run_closed"
_BATCH = 2000


class NotNow(ValueError):
    """It cannot be done as things stand; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody whose label says another address than in the run before."""

    number: str
    name: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What a run would come to at this moment. `gone` and `new` are compared with the run of the issue before, as are `moved`."""

    lines: tuple[Line, ...]
    paused: tuple[Owed, ...]
    breaches: tuple[Breach, ...]
    by_region: dict[str, int] = field(default_factory=dict)
    by_bundle: dict[str, int] = field(default_factory=dict)
    new: tuple[Line, ...] = ()
    gone: tuple[str, ...] = ()
    moved: tuple[Moved, ...] = ()
    paid_elsewhere: tuple[Line, ...] = ()
    before: Run | None = None

    @property
    def copies(self) -> int:
        return sum(len(line.copies) for line in self.lines)


@transaction.atomic
def open_run(
    issue: Issue, profile: Profile, *, cut_off: date, mailing_on: date, by: Reader | None, now: datetime
) -> Run:
    """Promise: a run of the issue that is open; the second and later ones are supplementary. Errors: NotNow."""
    Issue.objects.select_for_update(no_key=True, of=("self",)).get(pk=issue.pk)
    earlier = list(Run.objects.filter(issue=issue).order_by("number"))
    if profile.title_id != issue.title_id:
        raise NotNow("This profile is of another title.")
    if any(not run.is_frozen for run in earlier):
        raise NotNow("A run of this issue is open. Freeze it first, or close it.")
    if earlier and cut_off < earlier[-1].cut_off:
        raise NotNow("A supplementary run has its cut-off on or after that of the run before.")
    if (mailing_on - cut_off).days < profile.lead_days:
        raise NotNow(f"{profile.house} wants the file {profile.lead_days} days before the mailing day.")
    run = Run.objects.create(
        issue=issue, number=len(earlier) + 1, profile=profile, cut_off=cut_off, mailing_on=mailing_on
    )
    log(run, RUN_OPENED, user=by, data={"what": str(run)}, timestamp=now)
    return run


@transaction.atomic
def close_run(run: Run, *, by: Reader | None, now: datetime) -> None:
    """Promise: a run that is open is gone. Errors: NotNow for a frozen one."""
    held = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if held.is_frozen:
        raise NotNow("The run is frozen, and stays.")
    log(held, RUN_CLOSED, user=by, data={"what": str(held)}, deleted=True, timestamp=now)
    held.delete()


def draft(run: Run, profile: Profile | None = None) -> Draft:
    """Promise: what the run would come to now, with what differs from the one before; nothing is written. With a profile: in that one's
    columns.
    """
    wanted = profile or run.profile
    lines, paused = _lines(run, wanted)
    before = Run.objects.filter(
        issue__title=run.issue.title_id, number=1, state=Run.State.FROZEN, cut_off__lt=run.cut_off
    ).first()
    compared = _compared(lines, before) if run.number == 1 and before else ((), (), ())
    bundles, regions = Counter[str](), Counter[str]()
    for line in lines:
        bundles[line.bundle] += len(line.copies)
        regions[line.region] += len(line.copies)
    return Draft(
        lines=tuple(lines),
        paused=tuple(paused),
        breaches=_breaches(lines, run, layout_of(wanted)),
        by_region=dict(regions),
        by_bundle=dict(bundles),
        new=compared[0],
        gone=compared[1],
        moved=compared[2],
        paid_elsewhere=tuple(one for one in lines if _is_dearer(one)),
        before=before,
    )


def layout_of(profile: Profile) -> Layout:
    return layouts.from_json(kept_layout(profile))


def kept_layout(profile: Profile) -> dict[str, object]:
    kept = layouts.as_json(
        profile.columns, profile.separator, profile.quoting, profile.encoding, profile.has_header
    )
    return kept | {"home_country": profile.home_country}


def _lines(run: Run, profile: Profile) -> tuple[list[Line], list[Owed]]:
    by_area = profile.bundles == Profile.Bundles.AREA
    following = rules.next_cut_off(run.cut_off, *_cut_offs_around(run))
    renewing = renewing_readers()
    owed = owed_copies(run)
    lines = [
        rules.line_of(one, by_area=by_area, next_cut_off=following, renewing=renewing)
        for one in owed
        if not one.missed
    ]
    again: dict[int, tuple[Owed, list[tuple[int, int]]]] = {}
    for one in owed_again(run):
        again.setdefault(one.owed.chain, (one.owed, []))[1].append((one.number, one.again))
    lines += [rules.line_again(whose, tuple(copies), by_area=by_area) for whose, copies in again.values()]
    return rules.in_order(lines), [one for one in owed if one.missed]


def _cut_offs_around(run: Run) -> tuple[date | None, date | None]:
    mains = Run.objects.filter(issue__title=run.issue.title_id, number=1).exclude(issue=run.issue)
    dates = sorted(mains.values_list("cut_off", flat=True))
    return (
        next((day for day in dates if day > run.cut_off), None),
        next((day for day in reversed(dates) if day < run.cut_off), None),
    )


def _breaches(lines: list[Line], run: Run, layout: Layout) -> tuple[Breach, ...]:
    found: list[Breach] = []
    for place, line in enumerate(lines, 1):
        found += layouts.breaches(
            layout, row_of(_label(run, place, line), run.issue), len(line.address.lines)
        )
    return tuple(found)


def _is_dearer(line: Line) -> bool:
    """Whether it goes to a region that another price is asked for than was paid."""
    paid = line.owed.paid_region
    return paid not in ("", "anywhere", region_of(line.address.country).value)


def _compared(lines: list[Line], before: Run) -> tuple[tuple[Line, ...], tuple[str, ...], tuple[Moved, ...]]:
    """Who is new, who is gone, who moved since the run before."""
    then = {label.chain: label for label in before.labels.all()}
    now = {line.owed.chain: line for line in lines}
    moved = [
        Moved(line.owed.number, line.owed.name, there, here)
        for chain, line in now.items()
        if chain in then and (there := _place(then[chain])) != (here := _place(_label(before, 0, line)))
    ]
    return (
        tuple(line for chain, line in now.items() if chain not in then),
        tuple(str(label) for chain, label in then.items() if chain not in now),
        tuple(moved),
    )


def _place(label: Label) -> str:
    return ", ".join([*label.lines.splitlines(), label.town, label.postcode, label.country])


@transaction.atomic
def freeze(run: Run, *, by: Reader | None, now: datetime) -> Run:
    """Promise: everybody who is owed a copy of the issue at this moment, and has not had it, is on exactly one label of the run, at the
    address of this moment; from here on the database keeps run, labels and copies as they are. Asked again, nothing changes.

    Errors: NotNow when a line breaks the house's profile, or there is no line.
    """
    held = (
        Run.objects.select_for_update(of=("self",)).select_related("issue__title", "profile").get(pk=run.pk)
    )
    if held.is_frozen:
        return held
    lines, paused = _lines(held, held.profile)
    if not lines:
        raise NotNow("Nobody is owed a copy: there is nothing to freeze.")
    broken = _breaches(lines, held, layout_of(held.profile))
    if broken:
        raise NotNow(
            f"{len(broken)} lines break the profile of {held.profile.house}. Put them right, or pause them."
        )
    labels = Label.objects.bulk_create(
        [_label(held, place, line) for place, line in enumerate(lines, 1)], batch_size=_BATCH
    )
    Copy.objects.bulk_create(
        [
            Copy(
                label=label,
                subscription_id=line.owed.subscription,
                issue_id=held.issue_id,
                number=number,
                again=again,
            )
            for label, line in zip(labels, lines, strict=True)
            for number, again in line.copies
        ],
        batch_size=_BATCH * 2,
    )
    Skipped.objects.bulk_create(
        [
            Skipped(
                subscription_id=one.subscription,
                issue_id=held.issue_id,
                is_kept=one.in_dates and one.missed == Pause.Missed.AFTER,
            )
            for one in paused
            if one.missed != Pause.Missed.LATE
        ],
        batch_size=_BATCH,
    )
    held.state, held.frozen_at, held.frozen_by = Run.State.FROZEN, now, by.email if by else ""
    held.layout = kept_layout(held.profile)
    held.copies = sum(len(line.copies) for line in lines)
    held.save()
    log(held, RUN_FROZEN, user=by, data={"what": f"{held}: {held.copies} copies"}, timestamp=now)
    return held


def _label(run: Run, place: int, line: Line) -> Label:
    owed, address = line.owed, line.address
    return Label(
        run=run,
        place=place,
        chain=owed.chain,
        kind=line.kind,
        number=owed.number,
        name=owed.name,
        given_by=owed.given_by,
        lines="\n".join(address.lines),
        town=address.town,
        postcode=address.postcode,
        country=address.country,
        region=line.region,
        bundle=line.bundle,
        copies=len(line.copies),
        is_last=line.is_last,
    )
