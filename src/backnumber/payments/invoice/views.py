"""The page that says how to pay and with which reference."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from backnumber.payments.invoice import service
from backnumber.payments.invoice.forms import PromiseForm
from backnumber.payments.invoice.models import AwaitedPayment


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay_on_invoice(request: HttpRequest, key: str) -> HttpResponse:
    """Whoever knows the key sees it: it is long, and the page names nobody."""
    payment, now = get_object_or_404(AwaitedPayment, key=key), timezone.now()
    form = PromiseForm(request.POST or None)
    if request.method == "POST":
        if request.POST.get("button") == "cancel":
            return redirect(service.decline(key, now))
        if form.is_valid():
            return redirect(service.promise(key, form.cleaned_data["purchase_order"], now))
    shown = {
        "payment": payment,
        "form": form,
        "bank": _lines(settings.INVOICE_BANK),
        "cheque": _lines(settings.INVOICE_CHEQUE),
        "has_expired": payment.has_expired(now),
    }
    return render(request, "invoice/pay.html", shown)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("|") if line.strip()]
