"""Who sells, as staff write it."""

from django import forms

from backnumber.characters import OneLine
from backnumber.invoices.models import Seller


class SellerForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Seller
        fields = ("name", "address", "country", "company_number", "vat_number", "email", "prefix")
        field_classes = dict.fromkeys(("name", "country", "company_number", "vat_number", "prefix"), OneLine)
        widgets = {"address": forms.Textarea(attrs={"rows": 4})}

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def clean_prefix(self) -> str:
        return str(self.cleaned_data["prefix"]).upper()
