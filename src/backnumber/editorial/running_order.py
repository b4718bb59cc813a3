"""The running order of an issue and its printed pages, written as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from backnumber.archive.models import Article, Issue
from backnumber.editorial import drafts
from backnumber.readers.models import Reader


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a piece is to stand, and the pages it is printed on. Places need not be dense; of two alike the one before stays first."""

    article: int
    place: int
    first_page: str
    last_page: str


class ChangedMeanwhile(Exception):
    """Somebody else arranged this issue, added a piece or took one out, after this page was opened."""


def pieces(issue: int) -> "list[Article]":
    """Promise: the pieces in running order, without their texts."""
    return list(
        Article.objects.filter(issue=issue)
        .select_related("section", "locked_by", "latest_revision__user", "issue")
        .defer("body", "latest_revision__content")
        .order_by("position", "id")
    )


def stamp(found: Sequence[Article]) -> str:
    """Promise: another text when another order, or other pages, are stored."""
    return ";".join(f"{one.pk},{one.position},{one.first_page},{one.last_page}" for one in found)


@transaction.atomic
def arrange(issue: Issue, wanted: Sequence[Placed], *, by: Reader, seen: str) -> int:
    """Promise: the pieces stand in the wanted order, numbered from 1, in rows and drafts; how many were changed.

    Errors: ChangedMeanwhile, and nothing is written, when what is stored is not what `seen` says.
    """
    Issue.objects.select_for_update().get(pk=issue.pk)
    found = pieces(issue.pk)
    if stamp(found) != seen or {one.article for one in wanted} != {one.pk for one in found}:
        raise ChangedMeanwhile
    stood = {one.pk: at for at, one in enumerate(found)}
    order = sorted(wanted, key=lambda one: (one.place, stood[one.article]))
    changes = _changes(found, order)
    drafts.write(changes)
    if changes:
        log(
            instance=issue,
            action="wagtail.edit",
            user=by,
            data={"what": "running order", "pieces": len(changes)},
        )
    return len(changes)


def _changes(found: Sequence[Article], order: Sequence[Placed]) -> dict[int, dict[str, Any]]:
    by_key = {one.pk: one for one in found}
    changes = {}
    for position, wanted in enumerate(order, 1):
        new = {"position": position, "first_page": wanted.first_page, "last_page": wanted.last_page}
        piece = by_key[wanted.article]
        changed = {name: value for name, value in new.items() if getattr(piece, name) != value}
        if changed:
            changes[piece.pk] = changed
    return changes
