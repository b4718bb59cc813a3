"""Whether a piece or an issue is published, as lists of the admin show it: one word a row, no query a row."""

from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from wagtail.admin.ui.tables import StatusTagColumn
from wagtail.models import Revision

from backnumber.archive.models import Article, Issue


def with_standing(things: "QuerySet[Any]") -> "QuerySet[Any]":
    """Promise: each thing knows whether a revision of it waits for its time."""
    waiting = Revision.objects.filter(
        content_type__app_label=things.model._meta.app_label,
        content_type__model=things.model._meta.model_name,
        object_id=Cast(OuterRef("pk"), CharField()),
        approved_go_live_at__isnull=False,
    )
    return things.annotate(is_scheduled=Exists(waiting))


def standing(thing: Article | Issue) -> str:
    """Promise: the word for a thing that comes from `with_standing`."""
    scheduled: bool = thing.is_scheduled  # annotated
    if thing.live and not is_seen(thing):
        return "waits for its issue"
    if thing.live:
        return (
            "published + scheduled"
            if scheduled
            else "published + draft"
            if thing.has_unpublished_changes
            else "published"
        )
    if scheduled:
        return "scheduled"
    return "withdrawn" if thing.first_published_at or thing.expired else "draft"


def is_seen(thing: Article | Issue) -> bool:
    """Promise: whether a reader is shown it: an article of an issue that is not published is 404, whatever it is itself."""
    return thing.live and (not isinstance(thing, Article) or thing.issue.live)


def standing_column(sort_key: str | None = "live") -> StatusTagColumn:
    return StatusTagColumn("standing", label="Status", accessor=standing, primary=is_seen, sort_key=sort_key)
