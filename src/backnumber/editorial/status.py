"""Whether a piece or an issue is published, as lists of the admin show it: one word a row, no query a row."""

from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.admin.ui.tables import StatusTagColumn
from wagtail.models import Revision

from backnumber.archive.models import Article, Issue
from backnumber.information.models import InformationPage

Publishable = Article | Issue | InformationPage


def with_status(things: "QuerySet[Any]") -> "QuerySet[Any]":
    """Promise: each thing knows whether a revision of it waits for its time."""
    waiting = Revision.objects.filter(
        content_type__app_label=things.model._meta.app_label,
        content_type__model=things.model._meta.model_name,
        object_id=Cast(OuterRef("pk"), CharField()),
        approved_go_live_at__isnull=False,
    )
    return things.annotate(is_scheduled=Exists(waiting))


def status_of(thing: Publishable, now: datetime | None = None) -> str:
    """Promise: the word for a thing that comes from `with_status`; now, when no moment is given."""
    scheduled: bool = thing.is_scheduled  # annotated
    if waits_for_its_issue(thing):
        return "waits for its issue"
    if thing.live:
        word = "published, embargo" if _is_under_embargo(thing, now or timezone.now()) else "published"
        return (
            f"{word} + scheduled"
            if scheduled
            else f"{word} + draft"
            if thing.has_unpublished_changes
            else word
        )
    if scheduled:
        return "scheduled"
    return "withdrawn" if thing.first_published_at or thing.expired else "draft"


def waits_for_its_issue(thing: Any) -> bool:
    """Promise: never so of an article that has no issue yet, which is one that is being added."""
    return isinstance(thing, Article) and thing.issue_id is not None and thing.live and not thing.issue.live


def _is_under_embargo(thing: Publishable, now: datetime) -> bool:
    if isinstance(thing, InformationPage):
        return False
    on_sale = (thing.issue if isinstance(thing, Article) else thing).on_sale
    return on_sale is not None and now < on_sale


def is_seen(thing: Publishable) -> bool:
    """Promise: whether a reader is shown it: an article of an issue that is not published is 404, whatever it is itself."""
    return thing.live and not waits_for_its_issue(thing)


def status_column(sort_key: str | None = "live") -> StatusTagColumn:
    return StatusTagColumn("status", label="Status", accessor=status_of, primary=is_seen, sort_key=sort_key)
