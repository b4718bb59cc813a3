"""The audit log in the admin: to read, to filter, to take away as CSV. Nobody edits it."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backnumber.audit.queries import Line, Wanted, entries, kinds_of_things, line, lines
from backnumber.characters import OneLine
from backnumber.circulation.exporting import as_csv

READS = "audit.view_entry"
A_PAGE = 50
MOST_AT_ONCE = 50_000
HEADER = ("when (UTC)", "who", "kind", "of what", "number", "name", "act", "from", "to", "reason", "one act")


class AuditForm(forms.Form):
    """Which entries."""

    who = OneLine(label="Who", required=False, max_length=120, help_text="Part of the e-mail address.")
    what = forms.ChoiceField(label="Of what", required=False)
    key = OneLine(label="Its number", required=False, max_length=64)
    words = OneLine(label="Words", required=False, max_length=120, help_text="In the reason or the name.")
    first_day = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        what = self.fields["what"]
        assert isinstance(what, forms.ChoiceField)
        what.choices = [("", "Anything"), *kinds_of_things()]

    def wanted(self) -> Wanted:
        """Promise: what was asked; all of it when something of it cannot be."""
        return Wanted(**self.cleaned_data) if self.is_valid() else Wanted()


@never_cache
@permission_required(READS, raise_exception=True)
@require_safe
def audit_log(request: HttpRequest) -> HttpResponse:
    form = AuditForm(request.GET)
    page = Paginator(entries(form.wanted()), A_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    shown = {
        "form": form,
        "page": page,
        "lines": [line(one) for one in page],
        "asked": asked.urlencode(),
        "page_title": "Audit log",
    }
    return render(request, "staff/admin/audit.html", shown, status=422 if form.errors else 200)


@never_cache
@permission_required(READS, raise_exception=True)
@require_safe
def audit_csv(request: HttpRequest) -> HttpResponse:
    """The latest first, fifty thousand at most: whoever wants more asks by days."""
    found = entries(AuditForm(request.GET).wanted())[:MOST_AT_ONCE]
    response = HttpResponse(
        as_csv(HEADER, (_cells(one) for one in lines(found))), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="audit-{timezone.now():%Y%m%d}.csv"'
    return response


def _cells(one: Line) -> tuple[str, ...]:
    entry = one.entry
    return (
        f"{entry.at:%Y-%m-%d %H:%M:%S}",
        entry.actor_email,
        entry.get_kind_display(),
        one.what,
        entry.key,
        entry.label,
        entry.action,
        "; ".join(f"{change.column}: {change.was}" for change in one.changes if change.was),
        "; ".join(f"{change.column}: {change.becomes}" for change in one.changes if change.becomes),
        entry.reason,
        entry.act,
    )
