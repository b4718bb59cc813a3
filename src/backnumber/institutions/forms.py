"""The desk's forms: an institution with its networks, a licence, an address to look up."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from backnumber.access import ScopeKind
from backnumber.archive.models import Issue
from backnumber.characters import OneLine
from backnumber.edge.page.places import parsed
from backnumber.grants.ends import last_day
from backnumber.institutions.models import Institution, Licence
from backnumber.institutions.ranges import Misread, read_ranges
from backnumber.institutions.rules import begins, is_over

_HOW = (
    "One a line, IPv4 or IPv6: 198.51.100.0/24, 198.51.100.10 - 198.51.100.99, 198.51.100.* or 2001:db8:51::/48. "
    "If need be, days and a note follow: 198.51.100.0/24 from 2026-10-01 to 2027-09-30 # main library"
)


def _day() -> forms.DateInput:
    """The browser's own field takes a day in this form only, whatever the language of the page."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class InstitutionForm(forms.ModelForm[Institution]):
    """`networks` is the whole list, as text; what is not in it is taken away."""

    networks = forms.CharField(
        required=False,
        strip=False,
        help_text=_HOW,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )

    class Meta:
        model = Institution
        fields: ClassVar[list[str]] = ["name", "is_active", "contact", "slug"]
        widgets: ClassVar[dict[str, Any]] = {"contact": forms.Textarea(attrs={"rows": 4})}

    def clean_networks(self) -> str:
        text: str = self.cleaned_data["networks"]
        try:
            read_ranges(text)
        except Misread as why:
            self.refuse(why)
        return text

    def refuse(self, why: Misread) -> None:
        """Each sentence stands by itself below the list; what was typed stays."""
        for fault in why.faults:
            self.add_error("networks", fault)


class LicenceForm(forms.ModelForm[Licence]):
    """Days, inclusive, by the publisher's zone; the licence keeps instants."""

    first_day = forms.DateField(label="First day", widget=_day())
    last_day = forms.DateField(
        label="Last day",
        required=False,
        help_text="Empty: without end.",
        widget=_day(),
    )

    field_order = ["label", "evidence_key", "first_day", "last_day", "scope"]

    class Meta:
        model = Licence
        fields: ClassVar[list[str]] = [
            "label", "evidence_key", "scope", "title", "issue", "first_date", "last_date", "years",
        ]  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = {
            "first_date": _day(),
            "last_date": _day(),
        }
        help_texts: ClassVar[dict[str, str]] = {
            "title": "For one title, a span or the latest years; empty for the last two: every title.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        issues: QuerySet[Issue] = Issue.objects.select_related("title").order_by("title", "-sort_date")
        self.fields["issue"].queryset = issues  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["first_day"] = timezone.localdate(self.instance.starts)
            self.initial["last_day"] = last_day(self.instance.until) if self.instance.until else None

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("first_day"), given.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "The last day is before the first.")
        field, missing = _missing(given)
        if missing:
            self.add_error(field, missing)
        if not self.errors:
            self._keep(first, last, given)
        return given

    def _keep(self, first: date | None, last: date | None, given: dict[str, Any]) -> None:
        """What does not belong to the chosen scope is left out: it would say something that is not so."""
        zone, scope = timezone.get_default_timezone(), given["scope"]
        starts = begins(first, zone)
        assert starts is not None
        self.instance.starts, self.instance.until = starts, is_over(last, zone)
        belongs = _BELONGS.get(scope, ())
        for name in ("title", "issue", "first_date", "last_date", "years"):
            if name not in belongs:
                given[name] = None


_BELONGS: dict[str, tuple[str, ...]] = {
    ScopeKind.TITLE.value: ("title",),
    ScopeKind.SPAN.value: ("title", "first_date", "last_date"),
    ScopeKind.RECENT.value: ("title", "years"),
    ScopeKind.ISSUE.value: ("issue",),
}


def _missing(given: dict[str, Any]) -> tuple[str, str]:
    match given.get("scope"):
        case ScopeKind.TITLE if not given.get("title"):
            return "title", "Choose the title."
        case ScopeKind.ISSUE if not given.get("issue"):
            return "issue", "Choose the issue."
        case ScopeKind.RECENT if not given.get("years"):
            return "years", "Say how many years; 1 is this year only."
        case ScopeKind.SPAN if not (given.get("first_date") or given.get("last_date")):
            return "first_date", "Give the first cover date, the last, or both."
        case ScopeKind.SPAN if _is_backwards(given.get("first_date"), given.get("last_date")):
            return "last_date", "The last cover date is before the first."
    return "", ""


def _is_backwards(first: date | None, last: date | None) -> bool:
    return first is not None and last is not None and last < first


class RevokeForm(forms.Form):
    """Why a licence is taken back."""

    because = OneLine(label="Why it is revoked", max_length=200)


class WhichForm(forms.Form):
    """Asked by POST, so that readers' addresses stand in no log."""

    address = OneLine(label="Address", max_length=64, help_text="Like 198.51.100.7 or 2001:db8:51::7.")

    def clean_address(self) -> str:
        found = parsed(self.cleaned_data["address"].strip())
        if found is None:
            raise forms.ValidationError("This is no address.")
        return str(found)
