"""What the admin shows beside an article's fields, and on its first page."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.panels import Panel
from wagtail.admin.ui.components import Component

from backnumber.archive.models import Article
from backnumber.editorial.answers import rows, settings_of
from backnumber.editorial.status import is_seen, status_of, with_status

LATELY = 12


class PolicyPanel(Panel):
    """What holds for the article, where it comes from, and what nobody in particular gets now."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "editorial/policy_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            article: Article = self.instance
            if article.pk:
                now = timezone.now()
                context.update(
                    article=article,
                    settings=settings_of(article, now),
                    nobody=rows(article, now, None)[0].now,
                )
            return context


class WritingPanel(Panel):
    """How long the text is, counted while it is written; where a text is pasted; how a note is written."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "editorial/writing_panel.html"

        @property
        def media(self) -> forms.Media:
            return forms.Media(js=[static("editorial/word-count.js")])

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            context.update(article=self.instance, words=self.instance.words)
            return context


class LatelyEdited(Component):
    """The articles somebody worked on last, with where each stands; one query."""

    order = 100
    template_name = "editorial/lately_edited.html"

    def get_context_data(self, _parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        edited = (
            Article.objects.exclude(latest_revision=None)
            .select_related("issue__title", "latest_revision__user")
            .defer("body")
        )
        articles = with_status(edited).order_by("-latest_revision__created_at")[:LATELY]
        return {
            "rows": [
                (article, status_of(article), is_seen(article), article.latest_revision)
                for article in articles
            ],
            "all_articles": reverse("wagtailsnippets_archive_article:list"),
            "new_article": reverse("wagtailsnippets_archive_article:add"),
        }
