"""The search page: the index answers, the rule decides what of each text may be shown.

Gated words are found but not shown. That a phrase is found at all tells that it stands there, so searches are counted: whoever has a
right to read by account, everybody else by network (`search.service.ALLOWED`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from backnumber.access import Asker, counts
from backnumber.archive import queries as archive
from backnumber.archive.lead_ins import readables
from backnumber.archive.readable import Readable
from backnumber.archive.rendering import to_text
from backnumber.gate import facts
from backnumber.gate.asking import asker_in_lists
from backnumber.readers.client_address import network_digest
from backnumber.search import queries, rules, service
from backnumber.search.analysis import Word, words_wanted
from backnumber.search.index import Broken
from backnumber.syndication import citations
from backnumber.syndication.citing import citation_file
from backnumber.website import search_choices as choices
from backnumber.website.browse import Listed, listed

ALWAYS = ("title", "decade", "section")
FILTERS = (*ALWAYS, "year", "contributor")
"""The last two stand on the page when the address names one: whoever searches within a year or a contributor's pieces."""

Runs = tuple[tuple[str, ...], ...]
_OWN = "private, no-store"  # what one reader looked for, and may read, is nobody else's
_NOT_READY = "The search index is being built. Please try again in a minute; nothing you typed is lost."
_BEHIND = "Much in the archive has changed in the last minutes and is still being read: something may be missing here. Please press Search again in a minute."
_TOO_MANY = "There have been very many searches from your connection. Please wait a minute and press Search again; nothing you typed is lost."


class PlainSelect(forms.Select):
    """As Django's own, to the byte but for spaces, without a template for each choice: there are thirty in all."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # noqa: ARG002  # what Django calls it with
        chosen = {str(one) for one in self.format_value(value)}
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (key, mark_safe(" selected") if str(key) in chosen else "", label)
                for key, label in self.choices
            ),
        )
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)), options
        )


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
    title = forms.TypedChoiceField(label="Title", required=False, empty_value=None, widget=PlainSelect)
    decade = forms.TypedChoiceField(label="Decade", required=False, empty_value=None, widget=PlainSelect)
    section = forms.TypedChoiceField(label="Section", required=False, empty_value=None, widget=PlainSelect)
    year = forms.TypedChoiceField(label="Year", required=False, empty_value=None, widget=PlainSelect)
    contributor = forms.TypedChoiceField(
        label="Contributor", required=False, empty_value=None, widget=PlainSelect
    )

    def __init__(self, asked: Any, of_now: choices.Filters) -> None:
        super().__init__(asked, label_suffix="")
        for name, found in of_now.items():
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices = [("", "Any"), *((choice.slug, choice.name) for choice in found)]
            field.coerce = {choice.slug: choice.key for choice in found}.__getitem__
            field.error_messages["invalid_choice"] = (
                f"There is no such {name} here. Choose one from the list."
            )


def _filter(form: SearchForm, name: str) -> SafeString:
    """The filter as the page shows it: the same for the same choices, but where an error stands beside it."""
    if form.errors.get(name):
        return form[name].as_field_group()
    there_are: Any = form[name].field.choices  # type: ignore[attr-defined]
    choices = tuple((str(key), str(label)) for key, label in there_are)
    return _faultless_filter(name, choices, form[name].value())


@lru_cache(256)
def _faultless_filter(name: str, choices: tuple[tuple[str, str], ...], chosen: str | None) -> SafeString:
    form = SearchForm({name: chosen} if chosen is not None else None, {})
    field = form.fields[name]
    assert isinstance(field, forms.TypedChoiceField)
    field.choices, field.coerce = choices, str
    return form[name].as_field_group()


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
    is_current = "q" not in request.GET or service.keep_up()
    form = _form(request)
    question = _question(form)
    context: dict[str, Any] = {
        "form": form,
        "asked": form.data.get("q", "").strip(),
        "filters": [_filter(form, name) for name in FILTERS if name in ALWAYS or request.GET.get(name)],
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
                context["results"] = _results(request, question, who, now, is_current=is_current)
            except Broken:
                context["trouble"], status = _NOT_READY, 503
    return _as_own_page(render(request, "website/search.html", context, status=status))


@require_safe
def cite(request: HttpRequest, form: str) -> HttpResponse:
    """All that a search finds, for a reference manager: counted as a search, and what finds nothing leads back to its page."""
    is_current = "q" not in request.GET or service.keep_up()
    asked = _form(request)
    question = _question(asked)
    if question is None:
        return _back_to_the_page(request)
    now = timezone.now()
    if not _may_search(request, asker_in_lists(request, now), now):
        return _as_own_page(_said(request, asked, _TOO_MANY, 429))
    try:
        found = _kept_up(
            lambda: queries.find_many(question, citations.MOST_LISTED + 1), is_current=is_current
        )[1]
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


def _form(request: HttpRequest) -> SearchForm:
    """The index has heard of what was published or withdrawn before it is said what there is to choose from. A choice that is not among
    those remembered may be new: all are asked for again before it is said that there is none.
    """
    given = request.GET if "q" in request.GET else None
    for of_now in (choices.remembered, choices.asked_for) if given is not None else (choices.asked_for,):
        form = SearchForm(given, of_now(request.GET.get("year", ""), request.GET.get("contributor", "")))
        if not any(form.errors.get(name) for name in FILTERS):
            break
    return form


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


def _results(
    request: HttpRequest, question: queries.Question, who: Asker, now: datetime, *, is_current: bool
) -> Results:
    page = _page_of(request)
    is_current, found = _kept_up(lambda: queries.find(question, page), is_current=is_current)
    decisions = facts.decisions_for(found.articles, who, now) if found.articles else {}
    texts = readables(found.articles, decisions)
    names = archive.names_of([key for key, text in texts.items() if not text.is_whole])
    wanted = question.wanted()
    hits = tuple(
        _hit(one, texts[one.article.pk], names.get(one.article.pk, []), wanted)
        for one in listed([article for article in found.articles if article.pk in texts], decisions)
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


def _kept_up(find: Callable[[], queries.Found], *, is_current: bool) -> tuple[bool, queries.Found]:
    """Promise: whether everything published was asked, and what answers. Errors: Broken when there is no index to ask yet."""
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


def _hit(one: Listed, readable: Readable, names: Sequence[str], wanted: Runs) -> Hit:
    """The standfirst if it answers, else a snippet of what may be read, else the standfirst as it is."""
    article = one.article
    text = " ".join(to_text(readable, heading=str).split())
    standfirst, in_body, headline = (
        words_wanted(part, wanted) for part in (article.standfirst, text, article.headline)
    )
    in_standfirst = rules.marked(article.standfirst, standfirst, wanted)
    in_text = rules.snippet(text, in_body, wanted)
    shown = in_standfirst if any(part.found for part in in_standfirst) or not in_text else in_text
    return Hit(
        one,
        rules.marked(article.headline, headline, wanted),
        shown,
        not readable.is_whole
        and _says_less((article.byline, *names), (headline, standfirst, in_body), wanted),
    )


def _says_less(names: Sequence[str], seen: Sequence[Sequence[Word]], wanted: Runs) -> bool:
    """Whether something that is wanted stands neither in what was seen nor in the names: behind the gate, then."""
    parts = [*seen, words_wanted(" · ".join(names), wanted)]
    return len({number for part in parts for number, _, _ in rules.places(part, wanted)}) < len(wanted)
