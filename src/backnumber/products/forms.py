"""Prices as staff type them."""

from typing import Any

from django import forms
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms import WagtailAdminModelForm

from backnumber.characters import OneLine
from backnumber.money import Amount
from backnumber.money.typed import NotAnAmount, amount_from, as_typed, currency_from
from backnumber.products.models import Audience, Price, Voucher
from backnumber.products.queries import dearest, prices_of
from backnumber.products.rules import unusual


class ProductForm(WagtailAdminModelForm):
    """Whom the gate offers it to, as boxes to tick."""

    offered_to = forms.MultipleChoiceField(
        label="At the gate only to",
        choices=Audience.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Where an article stops. None ticked: to everybody whom the gate offers something to buy. It is for sale to all in any case.",
    )


class PriceForm(WagtailAdminModelForm):
    """The amount as readers see it; the currency's minor units are nobody's business but the database's."""

    amount = OneLine(
        label="Price",
        max_length=40,
        help_text="As readers see it: 52.00. As many figures after the point as the currency has.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    first_amount = OneLine(
        label="First price",
        max_length=40,
        required=False,
        help_text="Of what renews: what the first term costs who never had it. Empty: the same as every other.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    sure = forms.BooleanField(
        label="I mean this unusual price",
        required=False,
        help_text="Only where we ask: when a price changes by more than half, or its currency changes.",
    )

    class Meta:
        model = Price
        fields = ("region", "currency")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial.setdefault("amount", as_typed(self.instance.amount))
            if self.instance.first_minor is not None:
                first = Amount(self.instance.first_minor, self.instance.currency)
                self.initial.setdefault("first_amount", as_typed(first))

    def clean_currency(self) -> str:
        try:
            return currency_from(self.cleaned_data["currency"])
        except NotAnAmount as why:
            raise forms.ValidationError(str(why)) from why

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("currency") and cleaned.get("amount"):
            self._read(cleaned, "amount", "minor")
            self.instance.first_minor = None
            if cleaned.get("first_amount"):
                self._read(cleaned, "first_amount", "first_minor")
        return cleaned

    def _read(self, cleaned: dict[str, Any], field: str, column: str) -> None:
        try:
            setattr(self.instance, column, amount_from(cleaned[field], cleaned["currency"]).minor)
        except NotAnAmount as why:
            self.add_error(field, str(why))


class PriceFormSet(BaseChildFormSet):
    """All prices of a product together: a price that is removed and typed anew is a change of that price."""

    def clean(self) -> None:
        super().clean()
        before = prices_of(self.instance.pk) if self.instance.pk else {}
        for form in self.forms:
            typed = getattr(form, "cleaned_data", {})
            if not typed or typed.get("DELETE") or form.errors or not form.instance.minor:
                continue
            new = form.instance.amount
            asks = unusual(before.get(typed["region"]), new, dearest(new.currency))
            if asks and not typed.get("sure"):
                form.add_error("sure", asks)


class VoucherForm(WagtailAdminModelForm):
    """The amount off as readers see it, as a price is typed."""

    amount = OneLine(
        label="Amount off",
        max_length=40,
        required=False,
        help_text="As readers see it: 5.00. Or a share, below. What is paid never falls under the smallest unit of the "
        "currency, a penny or a cent: a right that costs nothing is given by staff, not by a voucher.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    class Meta:
        model = Voucher
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.minor:
            self.initial.setdefault("amount", as_typed(Amount(self.instance.minor, self.instance.currency)))

    def clean_currency(self) -> str:
        try:
            return currency_from(self.cleaned_data["currency"])
        except NotAnAmount as why:
            raise forms.ValidationError(str(why)) from why

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.instance.minor = None
        if cleaned.get("currency") and cleaned.get("amount"):
            try:
                self.instance.minor = amount_from(cleaned["amount"], cleaned["currency"]).minor
            except NotAnAmount as why:
                self.add_error("amount", str(why))
        return cleaned
