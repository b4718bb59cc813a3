"""An article as an editor previews it: the same page, from a decision for the reader the editor has chosen to
be.
"""

from datetime import UTC, datetime
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from backnumber.access import Asker, Evidence, Grant, Scope, ScopeKind
from backnumber.archive.models import Article
from backnumber.archive.newest import newest_issue, newest_pieces
from backnumber.gate import facts
from backnumber.website.browse import issue_page
from backnumber.website.reading import article_page, template_context

register = template.Library()
_LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)
_EDITORS_EYE = Grant(0, Scope(ScopeKind.ARCHIVE), _LONG_AGO, None, Evidence.STAFF, "An editor’s preview")


@register.simple_tag(takes_context=True)
def article_preview(context: dict[str, Any]) -> SafeString:
    """Promise: the page of `object`, which need not be saved, as nobody in particular or as a subscriber gets
    it; as `preview_as` gets it at `preview_at` where the page that shows it says so.
    """
    request, article = context["request"], context["object"]
    now = context.get("preview_at") or timezone.now()
    who = context.get("preview_as") or _as(request.preview_mode)
    decision = facts.decision_for(_numbered(article), who, now)
    page = article_page(article, decision, now)
    return render_to_string("website/article.html", template_context(page), request=request)


@register.simple_tag(takes_context=True)
def issue_preview(context: dict[str, Any]) -> SafeString:
    """Promise: the page of `issue` in its newest draft, with every piece in its newest draft, as nobody in particular gets it."""
    issue, now = context["issue"], timezone.now()
    page = issue_page(newest_issue(issue), Asker(), now, newest_pieces(issue))
    return render_to_string(
        "website/issue.html", {"page": page, "issue": page.issue}, request=context["request"]
    )


def _as(mode: str) -> Asker:
    """Whatever is not asked for by its name is shown as nobody gets it."""
    return Asker(reader=0, grants=(_EDITORS_EYE,)) if mode == "subscriber" else Asker()


def _numbered(article: Article) -> Article:
    """An article that was never saved has no number, and the page's reference needs one."""
    if article.pk is None:
        article.pk = 0
    return article
