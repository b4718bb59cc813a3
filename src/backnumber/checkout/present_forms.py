"""The forms of gifts: what a donor says of one, and the code that somebody types."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from backnumber.characters import OneLine, seen
from backnumber.mail.addresses import LONGEST, cleaned
from backnumber.presents.models import Present
from backnumber.presents.rules import day_problem

LONGEST_MESSAGE = 600


class SayForm(forms.Form):
    """What may be said of a gift that is there already; `today` is the publisher's."""

    donor_name = OneLine(
        label="From",
        max_length=80,
        help_text="As it stands on the gift.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    recipient_name = OneLine(
        label="For", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    message = forms.CharField(
        label="Message (if you like)",
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    sent_to = OneLine(
        label="Their e-mail address",
        required=False,
        max_length=LONGEST,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    arrives_on = forms.DateField(
        label="Day on which it arrives",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day as 2026-12-24."},
    )

    def __init__(
        self, today: date, *args: Any, by: str = "", earliest: date | None = None, **kwargs: Any
    ) -> None:
        """`by`: how it arrives, where that is decided; `earliest`: a day that stands already, and may stay."""
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self._today, self._by, self._stands = today, by, earliest
        if by == Present.By.CARD:
            del self.fields["sent_to"], self.fields["arrives_on"]
        elif by:
            self.fields["sent_to"].required = True

    def clean_message(self) -> str:
        return seen(self.cleaned_data["message"]).strip()

    def clean_sent_to(self) -> str:
        typed = self.cleaned_data["sent_to"]
        return cleaned(typed) if typed else ""

    def clean_arrives_on(self) -> date:
        day: date = self.cleaned_data["arrives_on"]
        problem = "" if day == self._stands else day_problem(day, self._today)
        if problem:
            raise ValidationError(problem)
        return day


class GiveForm(SayForm):
    """The first form of a gift: how it arrives is asked too."""

    by = forms.ChoiceField(
        label="How it arrives", choices=Present.By, widget=forms.RadioSelect, initial=Present.By.MAIL
    )
    field_order = ("donor_name", "recipient_name", "message", "by", "sent_to", "arrives_on")

    def clean(self) -> dict[str, Any]:
        known: dict[str, Any] = super().clean() or self.cleaned_data
        if known.get("by") == Present.By.CARD:
            known["sent_to"] = ""
            self.errors.pop("sent_to", None)
            if "arrives_on" in self.errors:
                del self.errors["arrives_on"]
                known["arrives_on"] = self._today
        elif known.get("by") and not known.get("sent_to") and "sent_to" not in self.errors:
            self.add_error("sent_to", "Give the address it goes to, or choose the card.")
        return known


class CodeForm(forms.Form):
    """The code from a card or a mail, typed."""

    code = OneLine(
        label="Code",
        max_length=80,
        help_text="Sixteen letters and figures, as on the card. Capitals and hyphens do not matter.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
