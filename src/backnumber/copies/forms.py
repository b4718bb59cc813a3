"""The forms of the copies' desk."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from backnumber.archive.models import Issue
from backnumber.characters import OneLine
from backnumber.circulation.forms import AddressForm
from backnumber.copies.layout import FIELDS, BadLayout, columns_of
from backnumber.copies.models import Pause, Profile, Remedy

_ISSUES_OFFERED = 24


def _day(label: str, help_text: str = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, help_text=help_text, required=required, widget=forms.DateInput(attrs={"type": "date"})
    )


class RunForm(forms.Form):
    """A run that is to be."""

    issue = forms.ModelChoiceField(
        Issue.objects.none(),
        label="Issue",
        help_text="An issue that has had its run gets a supplementary one.",
    )
    profile = forms.ModelChoiceField(Profile.objects.select_related("title"), label="Mailing house")
    cut_off = _day("Cut-off", "Who is a subscriber on this day gets the issue.")
    mailing_on = _day("Mailing day", "Pauses and temporary addresses hold as on this day.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = Issue.objects.order_by("-sort_date", "-pk").values_list("pk", flat=True)[:_ISSUES_OFFERED]
        field = self.fields["issue"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Issue.objects.filter(pk__in=list(newest)).select_related("title")

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("cut_off") and data.get("mailing_on") and data["cut_off"] > data["mailing_on"]:
            self.add_error("mailing_on", "The mailing day lies before the cut-off.")
        return data


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's is no generic at run time
    """A house's files, as it wants them."""

    class Meta:
        model = Profile
        fields = (
            "house", "title", "code", "columns", "separator", "quoting", "encoding", "has_header", "bundles",
            "lead_days", "bulk_from", "home_country",
        )  # fmt: skip
        field_classes = {"house": OneLine, "code": OneLine, "home_country": OneLine}
        widgets = {"columns": forms.Textarea(attrs={"rows": 16, "spellcheck": "false"})}

    fields_there = [(name, what) for name, what in FIELDS.items()]

    def clean_columns(self) -> str:
        text = "\n".join(line.rstrip() for line in self.cleaned_data["columns"].splitlines())
        try:
            columns_of(text)
        except BadLayout as why:
            raise ValidationError(str(why)) from why
        return text

    def clean_home_country(self) -> str:
        return str(self.cleaned_data["home_country"]).upper()


class _Spanning(forms.Form):
    from_on = _day("From")
    to_on = _day("To, inclusive", "Empty: until further notice.", required=False)
    because = OneLine(label="Reason", max_length=200)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("from_on") and data.get("to_on") and data["from_on"] > data["to_on"]:
            self.add_error("to_on", "It ends before it begins.")
        return data


class PauseForm(_Spanning):
    """No copies on these days."""

    missed = forms.ChoiceField(label="The issues missed", choices=Pause.Missed.choices)


class ElsewhereForm(AddressForm, _Spanning):
    """Copies go there on these days."""

    name = OneLine(label="Name on the label", max_length=200, required=False, help_text="Empty: as always.")

    def clean(self) -> dict[str, Any]:
        AddressForm.clean(self)
        return _Spanning.clean(self)


class RemedyForm(forms.Form):
    """A copy that came back or did not arrive."""

    copy = forms.IntegerField(widget=forms.HiddenInput)
    what = forms.ChoiceField(label="What happened", choices=Remedy.What.choices)
    done = forms.ChoiceField(label="What is done", choices=Remedy.Done.choices)
    because = OneLine(label="Reason", max_length=200)


class AcknowledgedForm(forms.Form):
    """What the house answered to a file."""

    acknowledged = OneLine(label="What the house answered", max_length=200)
