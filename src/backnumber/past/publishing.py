"""What an editor publishes or withdraws is read, or taken out, in the transaction that does it: in the admin, by a workflow, or at its time.

Wagtail says so by its own signals. What cannot be read stops no publication; the worker reads it later.
"""

import logging
from typing import Any

from django.db import transaction
from wagtail.signals import published, unpublished

from backnumber.archive.models import Article, Issue
from backnumber.past import service

log = logging.getLogger(__name__)


def read_published(instance: Article | Issue, **of_signal: Any) -> None:
    """Promise: it is read, or taken out where it is published no longer; or why not is in the log."""
    if isinstance(instance, Article):
        keys = [instance.pk]
    else:
        keys = list(instance.articles.values_list("pk", flat=True))
    try:
        with transaction.atomic():
            service.read_articles(keys)
    except Exception:
        log.exception("%s is not read for the pages of the past", instance)


for signal in (published, unpublished):
    signal.connect(read_published, sender=Article, dispatch_uid=f"past-article-{id(signal)}")
    signal.connect(read_published, sender=Issue, dispatch_uid=f"past-issue-{id(signal)}")
