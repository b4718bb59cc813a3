"""The search page: the index answers, the rule decides what of each text may be shown.

Gated words are found but not shown. That a phrase is found at all tells that it stands there, so searches are counted: whoever has a
right to read by account, everybody else by network (`search.service.ALLOWED`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from backnumber.access import Asker, Decision, counts
from backnumber.archive import queries as archive
from backnumber.archive.models import Article, Authorship, Contributor, Issue, Section
from backnumber.archive.rendering import to_text
from backnumber.gate import facts
from backnumber.gate.asking import asker_in_lists
from backnumber.readers.client_address import network_digest
from backnumber.search import queries, rules, service
from backnumber.search.analysis import words
from backnumber.search.index import Broken
from backnumber.syndication import citations
from backnumber.syndication.citing import citation_file
from backnumber.website.browse import Listed, listed
from backnumber.website.issues_by_year import DECADE

ALWAYS = ("title", "decade", "section")
FILTERS = (*ALWAYS, "year", "contributor")
"""The last two stand on the page when the address names one: whoever searches within a year or a contributor's pieces."""

Runs = tuple[tuple[str, ...], ...]
_OWN = "private, no-store"  # what one reader looked for, and may read, is nobody else's
_NOT_READY = "The search index is being built. Please try again in a minute; nothing you typed is lost."
_BEHIND = "Much in the archive has changed in the last minutes and is still being read: something may be missing here. Please press Search again in a minute."
_TOO_MANY = "There have been very many searches from your connection. Please wait a minute and press Search again; nothing you typed is lost."


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: as the address has it, as a reader sees it, and what the index knows it by."""

    slug: str
    name: str
    key: int


Choices = list[Choice]


class SearchForm(forms.Form):
    """What to look for, and within what. A choice that is none is said to be none."""

    q = forms.CharField(
        label="Words, names or a “phrase”",
        required=False,
        strip=True,
        widget=forms.TextInput(
            attrs={"type": "search", "autocomplete": "off", "maxlength": rules.LONGEST_QUESTION}
        ),
    )
    title = forms.TypedChoiceField(label="Title", required=False, empty_value=None)
    decade = forms.TypedChoiceField(label="Decade", required=False, empty_value=None)
    section = forms.TypedChoiceField(label="Section", required=False, empty_value=None)
    year = forms.TypedChoiceField(label="Year", required=False, empty_value=None)
    contributor = forms.TypedChoiceField(label="Contributor", required=False, empty_value=None)

    def __init__(self, asked: Any, choices: dict[str, Choices]) -> None:
        super().__init__(asked, label_suffix="")
        for name, found in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices = [("", "Any"), *((choice.slug, choice.name) for choice in found)]
            field.coerce = {choice.slug: choice.key for choice in found}.__getitem__
            field.error_messages["invalid_choice"] = (
                f"There is no such {name} here. Choose one from the list."
            )


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: as in any list, its headline with what was found, a snippet of what this reader may read."""

    listed: Listed
    headline: tuple[rules.Part, ...]
    snippet: tuple[rules.Part, ...]
    behind_the_gate: bool


@dataclass(frozen=True, slots=True)
class Results:
    total: int
    page: int
    pages: int
    hits: tuple[Hit, ...]
    before: str = ""
    after: str = ""
    behind: str = ""


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    choices = {**_choices(), "year": _years(request), "contributor": _contributors(request)}
    form = SearchForm(request.GET if "q" in request.GET else None, choices)
    question = _question(form)
    context: dict[str, Any] = {
        "form": form,
        "asked": form.data.get("q", "").strip(),
        "filters": [form[name] for name in FILTERS if name in ALWAYS or request.GET.get(name)],
        "is_within": question is not None and any(form.cleaned_data[name] for name in FILTERS),
    }
    status = 200
    if question is not None:
        now = timezone.now()
        who = asker_in_lists(request, now)
        if not _may_search(request, who, now):
            context["trouble"], status = _TOO_MANY, 429
        else:
            try:
                context["results"] = _results(request, question, who, now)
            except Broken:
                context["trouble"], status = _NOT_READY, 503
    return _as_own_page(render(request, "website/search.html", context, status=status))


@require_safe
def cite(request: HttpRequest, form: str) -> HttpResponse:
    """All that a search finds, for a reference manager: counted as a search, and what finds nothing leads back to its page."""
    asked = SearchForm(request.GET if "q" in request.GET else None, _choices())
    question = _question(asked)
    if question is None:
        return _back_to_the_page(request)
    now = timezone.now()
    if not _may_search(request, asker_in_lists(request, now), now):
        return _as_own_page(_said(request, asked, _TOO_MANY, 429))
    try:
        found = _kept_up(lambda: queries.find_many(question, citations.MOST_LISTED + 1))[1]
    except Broken:
        return _as_own_page(_said(request, asked, _NOT_READY, 503))
    if not found.articles:
        return _back_to_the_page(request)
    return citation_file(found.articles, form, "search", _OWN)


def _back_to_the_page(request: HttpRequest) -> HttpResponse:
    asked = request.GET.urlencode()
    response = HttpResponseRedirect(reverse("search") + (f"?{asked}" if asked else ""))
    response.headers["Cache-Control"] = _OWN
    return response


def _said(request: HttpRequest, form: SearchForm, trouble: str, status: int) -> HttpResponse:
    context = {"form": form, "asked": form.data.get("q", "").strip(), "trouble": trouble}
    return render(request, "website/search.html", context, status=status)


def _as_own_page(response: HttpResponse) -> HttpResponse:
    """What one reader looked for and may read is nobody else's, and no page for a search engine."""
    if response.status_code != 200:
        response.headers["Retry-After"] = "60"
    response.headers["Cache-Control"] = _OWN
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _choices() -> dict[str, Choices]:
    """Promise: what there is to choose from; two queries."""
    of = Issue.objects.filter(live=True).annotate(
        decade=DECADE, slug_of=F("title__slug"), name=F("title__name"), at=F("title__position")
    )
    rows = list(
        of.values_list("at", "name", "slug_of", "title_id", "decade").order_by("at", "name").distinct()
    )
    published = Article.objects.filter(section=OuterRef("pk"), live=True, issue__live=True)
    sections = Section.objects.filter(Exists(published)).values_list("slug", "name", "pk").order_by("name")
    return {
        "title": list(dict.fromkeys(Choice(slug, name, key) for _, name, slug, key, _ in rows)),
        "decade": [
            Choice(f"{first}s", f"{first}s", first) for first in sorted({first for *_, first in rows})
        ],
        "section": [Choice(*row) for row in sections],
    }


def _years(request: HttpRequest) -> Choices:
    """The one that is asked for: there may be hundreds."""
    asked = request.GET.get("year", "")
    is_year = len(asked) <= 4 and asked.isascii() and asked.isdigit()
    return [Choice(asked, asked, int(asked))] if is_year else []


def _contributors(request: HttpRequest) -> Choices:
    """The one that is asked for, if anything of theirs is published; one query at the most."""
    asked = request.GET.get("contributor", "")
    if not asked:
        return []
    published = Authorship.objects.filter(
        contributor=OuterRef("pk"), article__live=True, article__issue__live=True
    )
    found = Contributor.objects.filter(Exists(published), slug=asked).values_list("slug", "name", "pk")
    return [Choice(*row) for row in found]


def _question(form: SearchForm) -> queries.Question | None:
    """Promise: what is asked; None, with an error beside its field, when it cannot be."""
    if not form.is_valid():
        return None
    asked = form.cleaned_data
    try:
        return queries.question(asked["q"], **{name: asked[name] for name in FILTERS})
    except rules.Unclear as unclear:
        form.add_error("q", str(unclear))
        return None


def _may_search(request: HttpRequest, who: Asker, now: datetime) -> bool:
    """A school has one address and two hundred readers; a stranger has as many accounts as they like and one address."""
    if any(counts(grant, now) for grant in who.grants):
        return service.may_search(f"reader {who.reader}", now)
    network = f"network {network_digest(request)}"
    is_licensed = who.place is not None and any(counts(grant, now) for grant in who.place.grants)
    return service.may_search(network, now, service.OF_A_CAMPUS if is_licensed else 1)


def _results(request: HttpRequest, question: queries.Question, who: Asker, now: datetime) -> Results:
    page = _page_of(request)
    is_current, found = _kept_up(lambda: queries.find(question, page))
    decisions = facts.decisions_for(found.articles, who, now) if found.articles else {}
    hits = tuple(
        _hit(one, decisions[one.article.pk], question.wanted()) for one in listed(found.articles, decisions)
    )
    return Results(
        found.total,
        page,
        found.pages,
        hits,
        _address(request, page - 1) if page > 1 else "",
        _address(request, page + 1) if page < found.pages else "",
        "" if is_current else _BEHIND,
    )


def _kept_up(find: Callable[[], queries.Found]) -> tuple[bool, queries.Found]:
    """Promise: whether everything published was asked, and what answers. Errors: Broken when there is no index to ask yet."""
    is_current = service.keep_up()
    try:
        return is_current, find()
    except Broken:
        service.repair()
        return False, find()


def _page_of(request: HttpRequest) -> int:
    """What is no number is the first page."""
    asked = request.GET.get("page", "")
    return (
        min(max(int(asked), 1), queries.MOST_PAGES)
        if asked.isascii() and asked.isdigit() and len(asked) < 6
        else 1
    )


def _address(request: HttpRequest, page: int) -> str:
    asked = request.GET.copy()
    asked["page"] = str(page)
    return f"?{asked.urlencode()}"


def _hit(one: Listed, decision: Decision, wanted: Runs) -> Hit:
    """The standfirst if it answers, else a snippet of what this decision opens, else the standfirst as it is."""
    article = one.article
    readable = archive.readable(article, decision)
    text = " ".join(to_text(readable, heading=str).split())
    in_standfirst = rules.marked(article.standfirst, words(article.standfirst), wanted)
    in_text = rules.snippet(text, words(text), wanted)
    shown = in_standfirst if any(part.found for part in in_standfirst) or not in_text else in_text
    names = " · ".join([article.byline, *(a.contributor.name for a in article.authorships.all())])
    open_words = [words(part) for part in (article.headline, article.standfirst, names, text)]
    seen = {number for part in open_words for number, _, _ in rules.places(part, wanted)}
    return Hit(
        one,
        rules.marked(article.headline, words(article.headline), wanted),
        shown,
        not readable.is_whole and len(seen) < len(wanted),
    )
