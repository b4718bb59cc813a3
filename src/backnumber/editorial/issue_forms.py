"""The forms of an issue's desk."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from backnumber.archive.models import Article, Issue, Title
from backnumber.archive.rules import FIRST_DAY, LAST_DAY
from backnumber.characters import OneLine
from backnumber.editorial.printed_pages import span_of
from backnumber.editorial.running_order import Placed

NOW, AT, EMBARGO = "now", "at", "embargo"
_WRITTEN = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]


class PlaceForm(forms.Form):
    """One line of the running order."""

    place = forms.IntegerField(
        min_value=1,
        max_value=9_999,
        error_messages={"required": "Type a number.", "invalid": "Type a whole number, like 3."},
    )
    first_page = OneLine(max_length=10, required=False)
    last_page = OneLine(max_length=10, required=False)

    def clean(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().clean() or {}
        try:
            span_of(fields.get("first_page", ""), fields.get("last_page", ""))
        except ValueError as why:
            raise ValidationError(f"This piece {why}") from why
        return fields


def place_forms(pieces: Sequence[Article], sent: Any = None) -> list[PlaceForm]:
    """Promise: a form for each piece, filled with how it stands, or with what was sent."""
    made = []
    for at, piece in enumerate(pieces, 1):
        stands = {"place": at, "first_page": piece.first_page, "last_page": piece.last_page}
        form = PlaceForm(sent, prefix=f"piece-{piece.pk}", initial=stands)
        for name, label in (("place", "Place"), ("first_page", "First page"), ("last_page", "Last page")):
            form.fields[name].label = f"{label} of “{piece.headline}”"
            form.fields[name].widget.attrs["aria-label"] = form.fields[name].label
        made.append(form)
    return made


def placed(pieces: Sequence[Article], filled: Sequence[PlaceForm]) -> list[Placed]:
    """Promise: what valid forms ask for."""
    return [
        Placed(
            piece.pk,
            form.cleaned_data["place"],
            form.cleaned_data["first_page"],
            form.cleaned_data["last_page"],
        )
        for piece, form in zip(pieces, filled, strict=True)
    ]


class TogetherForm(forms.Form):
    """How an issue appears."""

    how = forms.ChoiceField(
        label="When",
        choices=[
            (NOW, "Now"),
            (AT, "At a time: until then nobody sees any of it"),
            (EMBARGO, "Now, under embargo: openings at once, the texts at a time"),
        ],
        widget=forms.RadioSelect,
        initial=NOW,
        error_messages={"required": "Choose one."},
    )
    at = forms.DateTimeField(
        label="The time",
        required=False,
        input_formats=_WRITTEN,
        widget=forms.DateTimeInput(format=_WRITTEN[0], attrs={"type": "datetime-local"}),
        error_messages={"invalid": "This is no time. Write it like 2027-03-01 09:00."},
        help_text="By the publisher’s clock. Not needed for “now”.",
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().clean() or {}
        at = fields.get("at")
        if fields.get("how") in {AT, EMBARGO} and "at" not in self.errors:
            if at is None:
                self.add_error("at", "Say when.")
            elif at <= self.now or at.year > LAST_DAY.year:
                self.add_error("at", "Choose a time to come.")
        return fields


class NextIssueForm(forms.Form):
    """A new issue, as proposed; every field may be changed."""

    title = forms.ModelChoiceField(Title.objects.all(), widget=forms.HiddenInput)
    cover_date = OneLine(label="Cover date", max_length=60, help_text="As it will be printed.")
    sort_date = forms.DateField(
        label="First day the cover date stands for",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
        error_messages={"invalid": "This is no day. Write it like 2027-03-01."},
    )
    volume = OneLine(
        label="Volume", max_length=20, required=False, help_text="A volume that is not there yet is made."
    )
    number = OneLine(label="Number", max_length=20, required=False)
    slug = forms.SlugField(label="Last part of the address", max_length=60)
    first_page = OneLine(label="First page", max_length=10, required=False)

    def clean(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().clean() or {}
        title, day, slug = fields.get("title"), fields.get("sort_date"), fields.get("slug")
        if (
            title
            and isinstance(day, date)
            and slug
            and Issue.objects.filter(title=title, sort_date__year=day.year, slug=slug).exists()
        ):
            self.add_error("slug", f"Another issue of {day.year} has this address: choose another word.")
        return fields
