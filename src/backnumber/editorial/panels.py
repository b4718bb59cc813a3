"""What the admin shows beside an article's fields, and on its first page."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.admin.panels import Panel
from wagtail.admin.ui.components import Component

from backnumber.access import Asker
from backnumber.archive.models import Article
from backnumber.archive.rules import policy_and_source
from backnumber.editorial.standing import standing, with_standing
from backnumber.gate.facts import decision_for

LATELY = 12


class PolicyPanel(Panel):
    """The policy that holds for the article, where it comes from, and what nobody in particular gets now."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "editorial/policy_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            article: Article = self.instance
            if article.pk:
                issue = article.issue
                section = article.section.policy if article.section else ""
                policy, source = policy_and_source(article.policy, issue.policy, section, issue.title.policy)
                context.update(
                    policy=policy, source=source, decision=decision_for(article, Asker(), timezone.now())
                )
            return context


class LatelyEdited(Component):
    """The articles somebody worked on last, with where each stands; one query."""

    order = 100
    template_name = "editorial/lately_edited.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        edited = (
            Article.objects.exclude(latest_revision=None)
            .select_related("issue__title", "latest_revision__user")
            .defer("body")
        )
        articles = with_standing(edited).order_by("-latest_revision__created_at")[:LATELY]
        return {
            "rows": [(article, standing(article), article.latest_revision) for article in articles],
            "all_articles": reverse("wagtailsnippets_archive_article:list"),
            "new_article": reverse("wagtailsnippets_archive_article:add"),
        }
