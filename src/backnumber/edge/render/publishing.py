"""What an editor publishes is rendered in the transaction that publishes it: in the admin, by a workflow, or at its time.

Wagtail says so by its own signal. A page that cannot be rendered stops no publication: the old page is void all the same,
and Django answers until it is rendered.
"""

import logging
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.signals import published

from backnumber.archive.models import Article, Issue
from backnumber.edge.render import service

log = logging.getLogger(__name__)


def render_published(instance: Article | Issue, **of_signal: Any) -> None:
    """Promise: the page is rendered, or why not is in the log."""
    render = service.render_article if isinstance(instance, Article) else service.render_issue
    try:
        with transaction.atomic():
            render(instance.pk, timezone.now())
    except Exception:
        log.exception("%s is published but not rendered; Django answers its page", instance)


published.connect(render_published, sender=Article, dispatch_uid="render-article")
published.connect(render_published, sender=Issue, dispatch_uid="render-issue")
