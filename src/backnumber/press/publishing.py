"""What an editor publishes is printed in the transaction that publishes it: in the admin, by a workflow, or at its time.

Wagtail says so by its own signal. A page that cannot be printed stops no publication: the old page is void all the same,
and Django answers until it is printed.
"""

import logging
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.signals import published

from backnumber.archive.models import Article, Issue
from backnumber.press import service

log = logging.getLogger(__name__)


def print_published(instance: Article | Issue, **of_signal: Any) -> None:
    """Promise: the page is printed, or why not is in the log."""
    prints = service.print_article if isinstance(instance, Article) else service.print_issue
    try:
        with transaction.atomic():
            prints(instance.pk, timezone.now())
    except Exception:
        log.exception("%s is published but not printed; Django answers its page", instance)


published.connect(print_published, sender=Article, dispatch_uid="press-article")
published.connect(print_published, sender=Issue, dispatch_uid="press-issue")
