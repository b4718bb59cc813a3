"""Giving money back, and sending a receipt again, in the admin: one order at a time, with a reason, written in the log."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.log_actions import log

from backnumber.characters import OneLine
from backnumber.checkout import receipts, service
from backnumber.checkout.models import Order
from backnumber.money import Amount
from backnumber.money.typed import NotAnAmount, amount_from, as_typed
from backnumber.payments import queries as payment_queries
from backnumber.payments.provider import PaymentState, ProviderUnavailable
from backnumber.readers.models import Reader

MAY_REFUND = "checkout.change_order"
REFUNDED, RECEIPT_SENT = "checkout.refund", "checkout.receipt"


class RefundForm(forms.Form):
    """How much goes back, whether the right ends, and why."""

    amount = OneLine(label="Amount", max_length=40, help_text="As readers see it: 12.50.")
    because = OneLine(label="Reason", max_length=200, help_text="It stands in the log, and with the refund.")
    ends_right = forms.BooleanField(
        label="The right and the copies end too",
        required=False,
        help_text="When all of it goes back they end in any case. When part of it goes back they stay, unless you tick this.",
    )

    def __init__(self, currency: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._currency = currency

    def clean_amount(self) -> Amount:
        try:
            return amount_from(self.cleaned_data["amount"], self._currency)
        except NotAnAmount as why:
            raise forms.ValidationError(str(why)) from why


def _staff(request: HttpRequest) -> Reader:
    """Errors: PermissionDenied."""
    if not isinstance(request.user, Reader) or not request.user.has_perm(MAY_REFUND):
        raise PermissionDenied
    return request.user


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def refund(request: HttpRequest, pk: int) -> HttpResponse:
    """Money and right together."""
    staff = _staff(request)
    order = get_object_or_404(Order.objects.select_related("product", "reader"), pk=pk)
    paid = [p for p in payment_queries.payments_of(order.key) if p.state == PaymentState.PAID]
    left = Amount(max((p.minor - p.given_back for p in paid), default=0), order.currency)
    form = RefundForm(order.currency, request.POST or None, initial={"amount": as_typed(left)})
    if request.method == "POST" and form.is_valid() and _refunded(request, staff, order, form):
        return redirect(_order_page(order))
    shown = {"order": order, "left": left, "form": form, "page_title": f"Refund order {order.number}"}
    return render(request, "checkout/admin/refund.html", shown, status=422 if form.errors else 200)


def _refunded(request: HttpRequest, staff: Reader, order: Order, form: RefundForm) -> bool:
    amount, because = form.cleaned_data["amount"], form.cleaned_data["because"]
    try:
        done = service.refund(
            order.key,
            amount.minor,
            ends_right=form.cleaned_data["ends_right"],
            because=because,
            by=staff.email,
            now=timezone.now(),
        )
    except ValueError as why:
        form.add_error("amount", str(why))
        return False
    except ProviderUnavailable:
        messages.warning(
            request,
            "The payment service does not answer. The refund is written down and is sent as soon as it does.",
        )
    else:
        if done.problem:
            form.add_error(None, f"The payment service refused it: {done.problem}")
            return False
        messages.success(request, f"{amount} went back.")
    log(instance=order, action=REFUNDED, user=staff, data={"amount": str(amount), "because": because})
    return True


@require_POST
def receipt_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt once more, to where the reader's mail goes now."""
    staff = _staff(request)
    order = get_object_or_404(Order.objects.select_related("product", "reader", "subscription"), pk=pk)
    if order.begins is None:
        messages.error(request, "Nothing was paid for this order, so there is no receipt.")
    elif not order.email_now:
        messages.error(request, "The account was deleted: there is nobody to send it to.")
    else:
        receipts.send_again(order, timezone.now())
        log(instance=order, action=RECEIPT_SENT, user=staff, data={"to": order.email_now})
        messages.success(request, f"The receipt is on its way to {order.email_now}.")
    return redirect(_order_page(order))


def _order_page(order: Order) -> str:
    return reverse("orders:inspect", args=[order.pk])
