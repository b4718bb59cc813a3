"""The pages of figures in the admin, and each table as CSV."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from backnumber.circulation.exporting import as_csv
from backnumber.figures import tables
from backnumber.figures.models import SEES, SEES_MONEY

kept_by_nobody = cache_control(private=True, no_cache=True, no_store=True, max_age=0)
_Made = Callable[[], list[tables.Table]]


def _shown(request: HttpRequest, name: str, made: _Made, here: str) -> HttpResponse:
    """The page, or the one table that `csv` names."""
    found = made()
    wanted = request.GET.get("csv")
    if wanted is None:
        known = {"tables": found, "page_title": name, "header_title": name, "here": here}
        return render(request, "figures/figures.html", known)
    table = next((one for one in found if one.key == wanted), None)
    if table is None:
        raise Http404
    answer = HttpResponse(as_csv(table.header, table.rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{table.key}.csv"'
    return answer


@kept_by_nobody
@permission_required(SEES, raise_exception=True)
@require_safe
def subscribers(request: HttpRequest) -> HttpResponse:
    return _shown(request, "Subscribers", lambda: tables.subscribers(timezone.now(), _zone()), "subscribers")


@kept_by_nobody
@permission_required(SEES, raise_exception=True)
@require_safe
def gate(request: HttpRequest) -> HttpResponse:
    return _shown(request, "The gate", lambda: tables.gate(timezone.now()), "gate")


@kept_by_nobody
@permission_required(SEES_MONEY, raise_exception=True)
@require_safe
def money(request: HttpRequest) -> HttpResponse:
    return _shown(request, "Revenue", lambda: tables.money(timezone.now(), _zone()), "money")


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
