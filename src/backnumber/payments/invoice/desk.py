"""The desk of payments on invoice in the admin: what is awaited, what came, what is to be sent back."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backnumber.payments.invoice import service
from backnumber.payments.invoice.forms import NoteForm, ReceivedForm
from backnumber.payments.invoice.models import AwaitedPayment, InvoiceRefund
from backnumber.readers.models import Reader

ENTERS = "invoice.change_awaitedpayment"  # asked for by editorial.admission, before these views run
_AWAITED = (AwaitedPayment.State.PROMISED, AwaitedPayment.State.OPEN)


@require_safe
def awaited(request: HttpRequest) -> HttpResponse:
    payments = AwaitedPayment.objects.select_related("by")
    shown = {
        "awaited": list(payments.filter(state__in=_AWAITED).order_by("-state", "begun_at")[:300]),
        "to_send": list(InvoiceRefund.objects.filter(sent_at=None).select_related("payment")[:100]),
        "closed": list(payments.exclude(state__in=_AWAITED).order_by("-changed_at")[:30]),
        "page_title": "Payments on invoice",
    }
    return render(request, "invoice/admin/awaited.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def payment(request: HttpRequest, key: str) -> HttpResponse:
    """What is awaited, with forms for the money that came and for what will not come."""
    found = get_object_or_404(AwaitedPayment.objects.select_related("by"), key=key)
    by, now = cast(Reader, request.user), timezone.now()
    receiving, cancelling = "receive" in request.POST, "cancel" in request.POST
    received = ReceivedForm(request.POST if receiving else None, prefix="received", payment=found)
    cancelled = NoteForm(request.POST if cancelling else None, prefix="cancelled")
    if receiving and received.is_valid():
        if service.receive(key, received.receipt(), by, now):
            messages.success(request, f"{received.receipt().amount} received for {found.reference}.")
        else:
            messages.warning(request, f"{found.reference} was entered before; nothing has changed.")
        return redirect("invoice_awaited")
    if cancelling and cancelled.is_valid():
        if service.cancel(key, cancelled.cleaned_data["note"], by, now):
            messages.success(request, f"{found.reference} is awaited no longer.")
        return redirect("invoice_awaited")
    shown = {
        "payment": found,
        "received": received,
        "cancelled": cancelled,
        "is_awaited": found.state in _AWAITED,
        "may_be_entered": found.state != AwaitedPayment.State.RECEIVED,
        "refunds": list(found.refunds.all()),
        "page_title": f"Payment {found.reference}",
    }
    return render(request, "invoice/admin/payment.html", shown)


@require_POST
def sent_back(request: HttpRequest, key: str) -> HttpResponse:
    """The money of this refund was sent."""
    refund = get_object_or_404(InvoiceRefund.objects.select_related("payment"), key=key)
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say how the money was sent.")
        return redirect("invoice_payment", refund.payment.key)
    if service.send_back(key, form.cleaned_data["note"], cast(Reader, request.user), timezone.now()):
        messages.success(request, f"{refund} was sent back.")
    return redirect("invoice_awaited")
