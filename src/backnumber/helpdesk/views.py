"""Help for readers: how to reach us, and why an article will not open."""

from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backnumber.archive.models import Article
from backnumber.gate import reference
from backnumber.gate.facts import asker, decision_for
from backnumber.helpdesk.queries import article_named
from backnumber.helpdesk.words import for_reader
from backnumber.readers.models import Reader


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to reach a person, and what is asked most."""
    return render(request, "helpdesk/help.html")


@never_cache
@require_safe
def why(request: HttpRequest) -> HttpResponse:
    """The rule's answer for whoever asks, in plain words, with the one thing to do."""
    given = request.GET.get("article", "").strip()
    if not given:
        return render(request, "helpdesk/why.html", {"asked": ""})
    article = article_named(given)
    if article is None or not (article.live and article.issue.live):
        if given.isdecimal():
            raise Http404
        return render(request, "helpdesk/why.html", {"asked": given, "unknown": True}, status=404)
    return _explained(request, article)


def _explained(request: HttpRequest, article: Article) -> HttpResponse:
    reader = request.user if isinstance(request.user, Reader) else None
    now = timezone.now()
    decision = decision_for(article, asker(reader), now)
    advice = for_reader(decision, article)
    code = reference.make(article.pk, decision.reason, reader.pk if reader else None, now)
    subject = quote(f"I cannot read “{article.headline}” ({code})", safe="")
    return render(
        request,
        "helpdesk/why.html",
        {
            "article": article,
            "decision": decision,
            "advice": advice,
            "do_address": _address_of(advice.page, article),
            "reference": code,
            "mail_address": f"mailto:{quote(settings.HELP_EMAIL, safe='@')}?subject={subject}",
        },
    )


def _address_of(page: str, article: Article) -> str:
    """Where the one thing is done, and back to the article after it."""
    if page in {"", "article"}:
        return article.get_absolute_url() if page else ""
    kept = {"article": article.pk} if page == "subscribe" else {"next": article.get_absolute_url()}
    try:
        return f"{reverse(page)}?{urlencode(kept)}"
    except NoReverseMatch:
        return ""
