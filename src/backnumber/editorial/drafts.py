"""What is no part of a text (its place, section, policy, contributors) is written into an article's row and into the drafts that wait
to replace it, so that publishing a draft takes nothing back.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import Revision

from backnumber.archive.models import Article


def waiting(articles: Iterable[int]) -> dict[int, list[Revision]]:
    """Promise: of each article its newest revision and those that wait for their time; one query."""
    of_articles = ContentType.objects.get_for_model(Article)
    keys = [str(key) for key in articles]
    newest = Article.objects.filter(pk__in=keys).exclude(latest_revision=None).values("latest_revision")
    found: dict[int, list[Revision]] = {}
    for revision in Revision.objects.filter(
        Q(pk__in=newest) | Q(approved_go_live_at__isnull=False),
        base_content_type=of_articles,
        object_id__in=keys,
    ):
        found.setdefault(int(revision.object_id), []).append(revision)
    return found


def write(changes: Mapping[int, Mapping[str, Any]]) -> None:
    """Promise: each article and its waiting drafts have these values; a reference is given by its key. In the caller's transaction."""
    drafts = waiting(changes)
    for key, fields in changes.items():
        Article.objects.filter(pk=key).update(**fields)
        for revision in drafts.get(key, ()):
            Revision.objects.filter(pk=revision.pk).update(content={**revision.content, **fields})
