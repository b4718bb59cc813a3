"""What staff type when money has come, or was sent back; what a payer answers."""

from typing import Any

from django import forms
from django.utils import timezone

from backnumber.characters import OneLine
from backnumber.money import Amount
from backnumber.money.typed import NotAnAmount, amount_from, as_typed
from backnumber.payments.invoice.models import AwaitedPayment
from backnumber.payments.invoice.service import Receipt


class PromiseForm(forms.Form):
    purchase_order = OneLine(
        label="Your purchase order number",
        max_length=60,
        required=False,
        help_text="If your institution uses them.",
    )


class ReceivedForm(forms.Form):
    amount = OneLine(label="Amount", max_length=20)
    on = forms.DateField(label="Date", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    how = forms.ChoiceField(label="How", choices=AwaitedPayment.How.choices)
    note = OneLine(
        label="Note", max_length=300, required=False, help_text="Cheque number, or what the statement says."
    )

    def __init__(self, *args: Any, payment: AwaitedPayment, **kwargs: Any) -> None:
        self.payment = payment
        kwargs.setdefault("initial", {"amount": as_typed(payment.amount), "on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        self.fields[
            "amount"
        ].help_text = f"In {payment.currency}. What came, even if it is not {payment.amount}."

    def clean_amount(self) -> Amount:
        try:
            return amount_from(self.cleaned_data["amount"], self.payment.currency)
        except NotAnAmount as problem:
            raise forms.ValidationError(str(problem)) from problem

    def receipt(self) -> Receipt:
        given = self.cleaned_data
        return Receipt(given["amount"], given["on"], AwaitedPayment.How(given["how"]), given["note"])


class NoteForm(forms.Form):
    note = OneLine(label="Note", max_length=300)
