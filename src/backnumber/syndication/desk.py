"""The crawlers' page in the admin: who may come, who may not, who pays."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from backnumber.edge.page.crawlers import all_of
from backnumber.readers.models import Reader
from backnumber.syndication import service
from backnumber.syndication.crawlers import stances
from backnumber.syndication.forms import PRESETS, CrawlersForm, Preset, as_initial
from backnumber.syndication.models import CrawlerTerms

CHANGE = "syndication.change_crawlerstance"


@permission_required(CHANGE, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def crawlers(request: HttpRequest) -> HttpResponse:
    """Asked with a preset, the form is filled in with it and nothing is kept; a post keeps what it says."""
    if request.method != "POST":
        return _shown(request, _as_kept(PRESETS.get(request.GET.get("preset", ""))))
    form = CrawlersForm(request.POST)
    if not form.is_valid():
        return _shown(request, form)
    assert isinstance(request.user, Reader)
    service.tell_crawlers(form.said, form.terms, by=request.user)
    messages.success(
        request, "Saved. Pages keep to it within a second; robots.txt is kept by caches for up to an hour."
    )
    return redirect("syndication_crawlers")


def _as_kept(preset: Preset | None) -> CrawlersForm:
    terms = CrawlerTerms.objects.first() or CrawlerTerms()
    said = all_of(preset.by_purpose) if preset else stances().by_token
    return CrawlersForm(initial=as_initial(said, terms))


def _shown(request: HttpRequest, form: CrawlersForm) -> HttpResponse:
    known = {
        "form": form,
        "presets": PRESETS.values(),
        "chosen": PRESETS.get(request.GET.get("preset", "")),
        "page_title": "Crawlers",
    }
    return render(request, "syndication/admin/crawlers.html", known)
