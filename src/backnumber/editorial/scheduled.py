"""Publishing and withdrawing at the time an editor set. Wagtail's own command (`publish_scheduled`) stops at the first thing that cannot be
published, and all that stands behind it waits for ever; this one goes on.
"""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from wagtail.log_actions import log
from wagtail.models import DraftStateMixin, Revision

logger = logging.getLogger(__name__)

NOT_PUBLISHED = "editorial.not_published"


def publish_due(now: datetime) -> None:
    """Promise: what was to be withdrawn by `now` is, and what was to go live by `now` is live. What cannot be published, for its slug
    was taken meanwhile, stays a draft without a time; its history and the log say so.
    """
    for model in _with_drafts():
        for one in model._default_manager.filter(live=True, expire_at__lt=now).order_by("expire_at"):
            one.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    for revision in Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at"):
        _publish(revision)


def _with_drafts() -> Iterator[type[DraftStateMixin]]:
    return (model for model in apps.get_models() if issubclass(model, DraftStateMixin))


def _publish(revision: Revision) -> None:
    try:
        with transaction.atomic():
            revision.publish(log_action="wagtail.publish.scheduled")
    except (IntegrityError, ValidationError) as why:
        logger.error("%s could not be published at its time: %s", revision.object_str, why)
        _say_in_its_history(revision)


@transaction.atomic
def _say_in_its_history(revision: Revision) -> None:
    """It is not tried every minute from now on: somebody looks at it, and sets another time."""
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
    log(
        instance=revision.content_object,
        action=NOT_PUBLISHED,
        data={"why": "its address, or something else that may stand once only, was taken meanwhile"},
    )
