"""The buying forms. A postal form's fields are those of its country; the country is asked first."""

from typing import Any

from django import forms

from backnumber.characters import OneLine
from backnumber.checkout import postal

_AUTOCOMPLETE = {
    "name": "name",
    "company_name": "organization",
    "street_address": "street-address",
    "city_area": "address-level3",
    "city": "address-level2",
    "country_area": "address-level1",
    "postal_code": "postal-code",
}


class CountryForm(forms.Form):
    """The first step for what is posted."""

    country = forms.ChoiceField(
        label="Country", choices=postal.countries, widget=forms.Select(attrs={"autocomplete": "country"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class AddressForm(CountryForm):
    """The address as the country writes it. `address` is there once the form is valid."""

    address: postal.PostalAddress

    def __init__(self, country: str, *args: Any, **kwargs: Any) -> None:
        """Errors: ValueError for a country there is no form for."""
        super().__init__(*args, **kwargs)
        self.shown_for = country
        for field in postal.fields_for(country):
            self.fields[field.name] = _form_field(field)

    def clean(self) -> dict[str, Any]:
        """The browser's own checks are not relied on: the country's rules are asked here."""
        typed = {name: str(self.cleaned_data.get(name, "")) for name in self.fields if name != "country"}
        self.address, wrong = postal.checked(postal.PostalAddress(country_code=self.shown_for, **typed))
        for name, advice in wrong.items():
            if name not in self.errors:
                self.add_error(name, advice)
        return self.cleaned_data


def _form_field(field: postal.PostalField) -> forms.Field:
    """Not `required` in Django's sense: the country's rules say it, in words of their own."""
    label = field.label if field.required else f"{field.label} (if there is one)"
    attrs = {"autocomplete": _AUTOCOMPLETE[field.name]} if field.name in _AUTOCOMPLETE else {}
    if field.required:
        attrs["aria-required"] = "true"
    if field.choices:
        blank = ("", f"Choose the {field.label.lower()}")
        return forms.ChoiceField(
            label=label, required=False, choices=[blank, *field.choices], widget=forms.Select(attrs=attrs)
        )
    if field.name == "street_address":
        return forms.CharField(
            label=label,
            required=False,
            max_length=200,
            help_text="House and street; a flat or a building on a line of its own.",
            widget=forms.Textarea(attrs={**attrs, "rows": 3}),
        )
    return OneLine(
        label=label,
        required=False,
        max_length=20 if field.name == "postal_code" else 100,
        widget=forms.TextInput(attrs=attrs),
    )
