"""The forms of circulation: a claim, a change of address, and the desk's."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from backnumber.characters import OneLine
from backnumber.circulation.bureau import MOST_BYTES
from backnumber.circulation.countries import choices, name_of_country, needs_postcode
from backnumber.circulation.models import PrintSubscription
from backnumber.circulation.rules import Claimed
from backnumber.readers.forms import PlainForm


class ClaimForm(PlainForm):
    """What stands on the label of a copy."""

    number = OneLine(
        label="Subscriber number",
        max_length=60,
        help_text="On the label of every copy, above the name. Spaces, hyphens and capitals do not matter, nor do "
        "letters and zeros before it.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Type the number from the label."},
    )
    surname = OneLine(
        label="Surname",
        max_length=100,
        help_text="As on the label.",
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": "Type the surname from the label."},
    )
    postcode = OneLine(
        label="Postcode",
        max_length=20,
        required=False,
        help_text="Of the address the copies go to. Leave it empty where letters need none.",
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    message = forms.CharField(
        label="Anything we should know? (optional)",
        max_length=1000,
        required=False,
        help_text="For instance an old address, or whose name the magazine comes under.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @property
    def claimed(self) -> Claimed:
        return Claimed(
            self.cleaned_data["number"], self.cleaned_data["surname"], self.cleaned_data["postcode"]
        )


class AddressForm(PlainForm):
    """Where copies go."""

    address = forms.CharField(
        label="Address, without name and country",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "street-address"}),
        error_messages={"required": "Type the address, line by line."},
    )
    postcode = OneLine(
        label="Postcode",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    country = forms.ChoiceField(
        label="Country", choices=choices, widget=forms.Select(attrs={"autocomplete": "country"})
    )

    def clean_address(self) -> str:
        return "\n".join(
            " ".join(line.split()) for line in self.cleaned_data["address"].splitlines() if line.strip()
        )

    def clean_postcode(self) -> str:
        """One line, in capitals."""
        return " ".join(self.cleaned_data["postcode"].upper().split())

    def clean(self) -> dict[str, Any]:
        country = self.cleaned_data.get("country", "")
        if country and needs_postcode(country) and not self.cleaned_data.get("postcode"):
            self.add_error("postcode", f"Letters to {name_of_country(country)} need a postcode.")
        return self.cleaned_data


class BureauFileForm(forms.Form):
    """A file from the fulfilment house."""

    file = forms.FileField(
        label="CSV file from the bureau",
        help_text="Nothing is written before you have seen what it would change.",
    )

    def clean_file(self) -> Any:
        found = self.cleaned_data["file"]
        if found.size > MOST_BYTES:
            raise ValidationError(
                f"The file has more than {MOST_BYTES // 1_000_000} million bytes. Send it in parts."
            )
        return found


class AcceptForm(forms.Form):
    """Which print subscription is the claimant's."""

    number = OneLine(label="Subscriber number", max_length=40)
    take_over = forms.BooleanField(label="Take it from the reader who has it now", required=False)
    answer = forms.CharField(
        label="A word to the reader (optional)", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_number(self) -> PrintSubscription:
        found = PrintSubscription.objects.filter(number=self.cleaned_data["number"].strip()).first()
        if found is None:
            raise ValidationError("No print subscription has this number, written exactly so.")
        return found


class RefuseForm(forms.Form):
    """The answer the reader gets."""

    answer = forms.CharField(
        label="What the reader is told",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Say why: the reader gets your answer by mail."},
    )
