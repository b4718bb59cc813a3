"""An issue and all its pieces published, scheduled or put under embargo as one: all of it, or nothing and a list of what is in the way.

A piece of an issue that is not published is seen by nobody. So a schedule publishes the pieces at once and the issue at its time, and
the whole issue appears in one moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import WorkflowState

from backnumber.archive.models import Article, Issue
from backnumber.archive.newest import stream_of
from backnumber.editorial.status import with_status
from backnumber.gate.words import moment
from backnumber.readers.models import Reader


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What stands in the way, in a sentence. `article` is the key of the piece; None: the issue itself."""

    article: int | None
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen: pieces that are published, pieces that stay as they are, pieces that stay withdrawn."""

    to_publish: tuple[Article, ...]
    as_they_are: tuple[Article, ...]
    stay_withdrawn: tuple[Article, ...]
    hindrances: tuple[Hindrance, ...]


class InTheWay(Exception):
    def __init__(self, hindrances: Sequence[Hindrance]) -> None:
        super().__init__(f"{len(hindrances)} in the way")
        self.hindrances = tuple(hindrances)


def plan(issue: Issue, by: Reader, at: datetime) -> Plan:
    """Promise: what publishing the issue at `at` would do, and everything that stands in the way. Nothing is written."""
    every = list(
        with_status(Article.objects.filter(issue=issue))
        .select_related("locked_by")
        .order_by("position", "id")
    )
    withdrawn = tuple(one for one in every if _is_withdrawn(one))
    as_they_are = tuple(
        one for one in every if one.live and not one.has_unpublished_changes and not one.is_scheduled
    )
    to_publish = tuple(one for one in every if one not in withdrawn and one not in as_they_are)
    found = [*_of_issue(issue, by, every, withdrawn)]
    at_work = _in_a_workflow(to_publish)
    for piece in to_publish:
        found += [
            Hindrance(piece.pk, piece.headline or "A piece without a headline", why)
            for why in _why_not(piece, by, at, at_work)
        ]
    return Plan(to_publish, as_they_are, withdrawn, tuple(found))


def publish(issue: Issue, *, by: Reader, now: datetime, on_sale: datetime | None = None) -> Plan:
    """Promise: the issue and its pieces are published; with `on_sale`, under embargo until then. What was done.

    Errors: InTheWay; nothing is written.
    """
    return _do(issue, by=by, now=now, on_sale=on_sale, at=None)


def schedule(issue: Issue, at: datetime, *, by: Reader, now: datetime) -> Plan:
    """Promise: the whole issue appears at `at`. Errors: InTheWay, also for an issue that is published; nothing is written."""
    return _do(issue, by=by, now=now, on_sale=None, at=at)


@transaction.atomic
def _do(issue: Issue, *, by: Reader, now: datetime, on_sale: datetime | None, at: datetime | None) -> Plan:
    locked = Issue.objects.select_for_update().get(pk=issue.pk)
    list(Article.objects.select_for_update().filter(issue=issue).values_list("pk"))
    done = plan(locked, by, at or now)
    found = list(done.hindrances)
    if at is not None and locked.live:
        found.append(
            Hindrance(
                None,
                str(locked),
                "It is published already: what is seen cannot be scheduled. Withdraw it first.",
            )
        )
    if found:
        raise InTheWay(found)
    for piece in done.to_publish:
        _publish(piece, by, None)
    if at is not None or on_sale is not None or not locked.live or locked.has_unpublished_changes:
        _publish(locked, by, at, on_sale)
    return done


def _publish(
    thing: Article | Issue, by: Reader, at: datetime | None, on_sale: datetime | None = None
) -> None:
    draft = thing.get_latest_revision_as_object()
    draft.go_live_at = at
    if on_sale is not None:
        draft.on_sale = on_sale
    revision = draft.save_revision(user=by, clean=True)
    thing.publish(revision, user=by)


def _of_issue(
    issue: Issue, by: Reader, every: Sequence[Article], withdrawn: Sequence[Article]
) -> list[Hindrance]:
    whys = [*_held(issue, by), *_faults(issue)]
    if len(every) == len(withdrawn):
        whys.append("It has no piece to publish.")
    return [Hindrance(None, str(issue), why) for why in whys]


def _why_not(piece: Article, by: Reader, at: datetime, at_work: set[str]) -> list[str]:
    whys = _held(piece, by)
    if str(piece.pk) in at_work:
        whys.append("It is in a workflow: let it be approved, or take it out.")
    if piece.is_scheduled:  # annotated
        whys.append("It is scheduled by itself: take that back first, in its history.")
    draft = piece.get_latest_revision_as_object()
    if draft.expire_at is not None and draft.expire_at <= at:
        whys.append(f"It is to be withdrawn on {moment(draft.expire_at)}, before the issue is there.")
    if not stream_of(draft):
        whys.append("It has no text.")
    return [*whys, *_faults(piece)]


def _held(thing: Article | Issue, by: Reader) -> list[str]:
    if not thing.locked or thing.locked_by_id == by.pk:
        return []
    return [f"It is locked by {thing.locked_by or 'somebody'}: ask for it to be unlocked."]


def _faults(thing: Article | Issue) -> list[str]:
    """What a form would say of the newest draft."""
    draft = thing.get_latest_revision_as_object()
    try:
        draft.full_clean()
    except ValidationError as error:
        return [f"{_label(thing, name)}{' '.join(said)}" for name, said in error.message_dict.items()]
    return []


def _label(thing: Article | Issue, name: str) -> str:
    if name == "__all__":
        return ""
    words = str(getattr(thing._meta.get_field(name), "verbose_name", name))
    return f"{words[:1].upper()}{words[1:]}: "


def _is_withdrawn(piece: Article) -> bool:
    return not piece.live and (piece.first_published_at is not None or piece.expired)


def _in_a_workflow(found: Sequence[Article]) -> set[str]:
    of_articles = ContentType.objects.get_for_model(Article)
    keys = [str(one.pk) for one in found]
    return set(
        WorkflowState.objects.active()
        .filter(base_content_type=of_articles, object_id__in=keys)
        .values_list("object_id", flat=True)
    )
