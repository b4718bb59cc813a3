"""A rate as staff type it: in per cent."""

from decimal import Decimal
from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm

from backnumber.tax.models import TaxRate


class TaxRateForm(WagtailAdminModelForm):
    """The row keeps hundredths of a per cent; nobody types them."""

    rate = forms.DecimalField(
        label="Rate in per cent",
        min_value=Decimal(0),
        max_value=Decimal(100),
        decimal_places=2,
        help_text="Of the price without tax: 20, 5.5, 0.",
    )

    class Meta:
        model = TaxRate
        fields = ("country", "kind", "from_date", "name", "source", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial.setdefault("rate", f"{Decimal(self.instance.basis_points) / 100:f}")

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("rate") is not None:
            self.instance.basis_points = int(cleaned["rate"] * 100)
        return cleaned
