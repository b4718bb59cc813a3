"""The editors' forms."""

import json
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminModelForm

from backnumber.archive.filing import filed_as
from backnumber.archive.models import Article
from backnumber.editorial.numbering import has_written_note, numbered

_FIRST, _LAST = date(1900, 1, 1), date(2199, 12, 31)


class OnForm(forms.Form):
    """A day to look at, past or to come; noon of it by the publisher's clock stands for it."""

    on = forms.DateField(
        label="On another day",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="What holds at noon of that day.",
        error_messages={"invalid": "This is no day. Write it like 2027-03-01."},
        validators=[
            MinValueValidator(_FIRST, "Choose a day from 1900 on."),
            MaxValueValidator(_LAST, "Choose a day before 2200."),
        ],
    )

    def moment(self) -> datetime | None:
        """Promise: noon of the day, None when none is chosen or what is written is no day."""
        day = self.cleaned_data.get("on") if self.is_valid() else None
        return datetime.combine(day, time(12), timezone.get_default_timezone()) if day else None


class ArticleForm(WagtailAdminModelForm):
    """Notes that are written in the text get their numbers when it is saved."""

    def clean(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().clean()
        body = fields.get("body")
        if body and has_written_note(stream := list(body.get_prep_value())):
            fields["body"] = Article._meta.get_field("body").to_python(json.dumps(numbered(stream)))
        return fields


class ContributorForm(WagtailAdminModelForm):
    """What is typed under "sort name" stays as it is; else the name is filed by its surname, and anew when it changes."""

    def clean(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().clean()
        typed = fields.get("sort_name", "")
        filed = filed_as(fields.get("name", ""))
        if "sort_name" in self.changed_data:
            self.instance.filed_by_hand = typed not in {"", filed}
        if not self.instance.filed_by_hand and (not typed or "name" in self.changed_data):
            fields["sort_name"] = filed
        return fields
