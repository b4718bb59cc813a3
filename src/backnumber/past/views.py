"""The pages of the past. Each parses its address, asks once, and shows."""

import calendar
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from backnumber.archive.models import Article
from backnumber.gate import facts
from backnumber.gate.asking import asker_in_lists
from backnumber.gate.marks import mark
from backnumber.past import map as maps
from backnumber.past import queries
from backnumber.past import timeline as timelines
from backnumber.past.forms import YearsForm
from backnumber.past.models import PLURALS, Entry
from backnumber.past.timeline import Window

KINDS = {plural: kind for kind, plural in PLURALS.items()}
_EMPTY = (0, 2000)


@require_safe
def past(request: HttpRequest) -> HttpResponse:
    """The way into each of the others, each with a first taste of it."""
    whole = queries.whole_span()
    seen = timelines.window(*(whole or _EMPTY))
    context = {
        "whole": whole,
        "seen": seen,
        "chart": timelines.chart(seen, queries.tallies(seen.unit, seen.lo, seen.hi)),
        "indexes": [
            (plural, list(queries.entries(kind).order_by("-articles", "label")[:12]))
            for kind, plural in PLURALS.items()
        ],
        "today": _today(),
    }
    return render(request, "past/past.html", context)


@require_safe
def timeline(request: HttpRequest) -> HttpResponse:
    """Every state of it is in the address."""
    whole = queries.whole_span() or _EMPTY
    form, seen = _years(request, whole)
    counts = queries.tallies(seen.unit, seen.lo, seen.hi)
    lists = seen.unit == 1 or sum(counts.values()) <= queries.MOST_SPANS_LISTED
    number = _page(request)
    pieces, has_more = queries.pieces_in(seen.lo, seen.hi, seen.unit, number) if lists else ([], False)
    context = {
        "form": form,
        "seen": seen,
        "is_whole": (seen.lo, seen.hi) == whole,
        "scales": timelines.scales(seen),
        "chart": timelines.chart(seen, counts),
        "lists": lists,
        "marks": _marks(request, (piece.article for piece in pieces)),
        "lanes": [(piece, timelines.strips(seen, piece.times)) for piece in pieces],
        "number": number,
        "before": f"{seen.address}&page={number - 1}" if number > 1 else "",
        "after": f"{seen.address}&page={number + 1}" if has_more else "",
        "canonical": "",
    }
    return render(request, "past/timeline.html", context, status=200 if form.is_valid() else 400)


def _years(request: HttpRequest, whole: tuple[int, int]) -> tuple[YearsForm, Window]:
    """The window that is asked for, the whole when none or no years are."""
    form = YearsForm({name: request.GET.get(name, "") for name in ("from", "to")})
    if not form.is_valid():
        return form, timelines.window(*whole)
    lo, hi = form.cleaned_data["from"], form.cleaned_data["to"]
    lo = whole[0] if lo is None else lo
    hi = max(whole[1] - 1, lo) if hi is None else hi
    return form, timelines.window(lo, hi + 1)


@require_safe
def map_of_the_past(request: HttpRequest) -> HttpResponse:
    form = YearsForm({name: request.GET.get(name, "") for name in ("from", "to")})
    is_dated = form.is_valid() and any(year is not None for year in form.cleaned_data.values())
    whole = queries.whole_span() or _EMPTY
    seen = _years(request, whole)[1] if is_dated else None
    view = maps.view_called(request.GET.get("view", ""))
    found = queries.places((seen.lo, seen.hi) if seen else None)
    here = [place for place in found if maps.inside(view, place)]
    years = seen.address.replace("?", "&") if seen else ""
    context = {
        "form": form,
        "seen": seen,
        "view": view,
        "views": [(one, f"?view={one.slug}{years}") for one in maps.VIEWS],
        "drawing": maps.drawn(view, here),
        "places": here,
        "elsewhere": len(found) - len(here),
        "placeless": queries.placeless(),
        "canonical": "",
    }
    return render(request, "past/map.html", context, status=200 if form.is_valid() else 400)


@require_safe
def index(request: HttpRequest, kinds: str) -> HttpResponse:
    found = queries.entries(KINDS[kinds])
    page = Paginator(found.order_by("label", "pk"), queries.NAMES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "kinds": kinds,
        "page": page,
        "most": list(found.order_by("-articles", "label")[:8]) if page.number == 1 else [],
        "before": f"?page={page.number - 1}" if page.has_previous() else "",
        "after": f"?page={page.number + 1}" if page.has_next() else "",
    }
    return render(request, "past/index.html", context)


@require_safe
def entry(request: HttpRequest, kinds: str, slug: str) -> HttpResponse:
    """What was never named and what no open text names get one answer."""
    found = queries.entry_at(KINDS[kinds], slug)
    if found is None:
        raise Http404
    number = _page(request)
    pieces, has_more = queries.pieces_under(found, number)
    if not pieces:
        raise Http404
    context = {
        "entry": found,
        "kinds": kinds,
        "pieces": pieces,
        "marks": _marks(request, (piece.article for piece in pieces)),
        "number": number,
        "before": f"?page={number - 1}" if number > 1 else "",
        "after": f"?page={number + 1}" if has_more else "",
        "together": _together(found),
        **_when(found),
        "locator": _locator(found),
    }
    return render(request, "past/entry.html", context)


def _together(found: Entry) -> list[tuple[str, list[queries.Together]]]:
    others = queries.listed_with(found)
    by_kind = [
        (plural, [one for one in others if one.entry.kind == kind]) for kind, plural in PLURALS.items()
    ]
    return [(plural, some) for plural, some in by_kind if some]


def _when(found: Entry) -> dict[str, Any]:
    decades = dict(queries.decades_of(found))
    if not decades:
        return {"chart": None}
    lo, hi = min(decades) // 10 * 10 - 20, max(decades) + 30
    seen = timelines.window(lo, max(hi, lo + 120))
    counts: dict[int, int] = {}
    for decade, articles in decades.items():
        start = decade // seen.unit * seen.unit
        counts[start] = counts.get(start, 0) + articles
    return {"seen": seen, "chart": timelines.chart(seen, counts)}


def _locator(found: Entry) -> maps.Drawing | None:
    """A small map of the world with the place on it."""
    if found.latitude is None:
        return None
    return maps.drawn(maps.VIEWS[0], [queries.Place(found, found.articles)])


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    day = _today()
    return _day(request, day.month, day.day, address=reverse("past_today"))


@require_safe
def on_this_day(request: HttpRequest, month: int, day: int) -> HttpResponse:
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(2000, month)[1]:
        raise Http404
    address = reverse("past_day", args=[month, day])
    if request.path != address:
        raise Http404
    return _day(request, month, day, address=address)


def _day(request: HttpRequest, month: int, day: int, address: str) -> HttpResponse:
    here = date(2000, month, day)
    known = queries.days_of(month)
    found = queries.on_this_day(f"{month:02d}-{day:02d}")
    context = {
        "day": here,
        "found": found,
        "marks": _marks(request, (one.article for one in found)),
        "weeks": [(n, known.get(n, 0)) for n in range(1, calendar.monthrange(2000, month)[1] + 1)],
        "months": [date(2000, n, 1) for n in range(1, 13)],
        "canonical": settings.ADDRESS + address,
    }
    return render(request, "past/day.html", context)


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    number = _page(request)
    subjects, has_more = queries.questions(number)
    context = {
        "subjects": subjects,
        "marks": _marks(request, (asked.article for subject in subjects for asked in subject.asked)),
        "number": number,
        "before": f"?page={number - 1}" if number > 1 else "",
        "after": f"?page={number + 1}" if has_more else "",
    }
    return render(request, "past/questions.html", context)


def _marks(request: HttpRequest, articles: Iterable[Article]) -> dict[int, str]:
    """Promise: what of these articles is free to whoever asks, as other lists mark it; at most four queries."""
    of, now = list(articles), timezone.now()
    decisions = facts.decisions_for(of, asker_in_lists(request, now), now)
    return {pk: mark(decision) for pk, decision in decisions.items()}


def _page(request: HttpRequest) -> int:
    """A page that is none is the first."""
    given = request.GET.get("page", "")
    return min(max(int(given), 1), 1_000) if given.isascii() and given.isdecimal() and len(given) < 6 else 1


def _today() -> date:
    return datetime.astimezone(timezone.now(), ZoneInfo(settings.TIME_ZONE)).date()
