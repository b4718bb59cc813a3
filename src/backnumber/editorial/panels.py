"""What the admin shows beside an article's fields."""

from typing import Any

from django.utils import timezone
from wagtail.admin.panels import Panel

from backnumber.access import Asker
from backnumber.archive.models import Article
from backnumber.archive.rules import policy_and_source
from backnumber.gate.facts import decision_for


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
                context.update(policy=policy, source=source, decision=decision_for(article, Asker(), timezone.now()))
            return context
