"""What readers type, the years of the timeline and the map; and what editors say of a finding."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from backnumber.characters import OneLine
from backnumber.past.editing import Meaning
from backnumber.past.models import Finding, Side, Status
from backnumber.past.words import Unclear, of_year, typed_year


class YearField(OneLine):
    """A year as people write it; cleaned, it is an astronomical one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return typed_year(text)
        except Unclear as unclear:
            raise ValidationError(str(unclear), code="no_year") from unclear


class YearsForm(forms.Form):
    """From one year to another, both included; either may be left out."""

    from_ = YearField(label="From", required=False)
    to = YearField(label="To", required=False)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["from"] = self.fields.pop("from_")
        self.order_fields(["from", "to"])
        for field in self.fields.values():
            field.widget.attrs.update(autocomplete="off", placeholder="")


class SideForm(forms.Form):
    side = forms.ChoiceField(
        label="Its question",
        choices=Side.choices,
        required=False,
        help_text="On which side it stands, for the page of questions.",
    )


class FindingForm(forms.Form):
    """An editor's word. What it means is asked for mending alone."""

    verdict = forms.ChoiceField(
        label="What do you say?",
        choices=[
            (Status.ACCEPTED.value, "It is right"),
            (Status.MENDED.value, "It means something else: as written below"),
            (Status.DISMISSED.value, "It is none"),
        ],
        widget=forms.RadioSelect,
    )
    label = OneLine(label="Name", max_length=200, required=False, help_text="As pages name it.")
    first = YearField(label="First year", required=False, help_text="1340, 44 BC or AD 9.")
    last = YearField(label="Last year", required=False, help_text="Empty: the same year.")

    @classmethod
    def of(cls, one: Finding, sent: Any) -> "FindingForm":
        """Promise: the form for this kind of finding, filled with what it means now."""
        years = one.years
        form = cls(
            sent,
            initial={
                "label": one.label,
                "first": of_year(years.lower) if years and years.lower is not None else "",
                "last": of_year(years.upper - 1) if years and years.upper is not None else "",
            },
        )
        form.one = one
        for name in ("label",) if one.kind == "time" else ("first", "last"):
            del form.fields[name]
        return form

    one: Finding

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("verdict") != Status.MENDED.value:
            return given
        if self.one.kind != "time":
            if not slugify(given.get("label") or ""):
                self.add_error("label", "Write the name of what it is.")
        elif "first" in given and given["first"] is None:
            self.add_error("first", "Write its first year.")
        elif (
            given.get("last") is not None
            and given.get("first") is not None
            and given["last"] < given["first"]
        ):
            self.add_error("last", "The last year comes after the first.")
        return given

    def meaning(self) -> Meaning:
        """Promise: what it means by the editor's word; what it meant before where nothing is mended."""
        one, given = self.one, self.cleaned_data
        years = (one.years.lower, one.years.upper) if one.years else None
        if given["verdict"] != Status.MENDED.value:
            return Meaning(one.key, one.label, one.edtf, years)
        if one.kind != "time":
            return Meaning(f"{one.kind}:{slugify(given['label'])}", given["label"])
        first, last = given["first"], given["first"] if given["last"] is None else given["last"]
        edtf = _edtf(first) if first == last else f"{_edtf(first)}/{_edtf(last)}"
        return Meaning(edtf, edtf, edtf, (first, last + 1))


def _edtf(year: int) -> str:
    return f"{year:05d}" if year < 0 else f"{year:04d}"
