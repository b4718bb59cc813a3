"""The hosted page: what a reader sees at the payment provider."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from backnumber.payments.till import service
from backnumber.payments.till.models import TillPayment
from backnumber.payments.till.provider import Till, TillRefused, state_of


def _payment(key: str) -> TillPayment:
    """Errors: Http404 in production and for a key there is not."""
    try:
        Till()
        return TillPayment.objects.get(key=key)
    except (TillRefused, TillPayment.DoesNotExist) as problem:
        raise Http404 from problem


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def till(request: HttpRequest, key: str) -> HttpResponse:
    payment = _payment(key)
    now = timezone.now()
    if request.method == "POST":
        try:
            button = service.Button(request.POST.get("button", ""))
        except ValueError:
            return _page(request, payment, status=400)
        return redirect(service.press(key, button, now))
    return _page(request, payment)


def _page(request: HttpRequest, payment: TillPayment, status: int = 200) -> HttpResponse:
    shown: dict[str, Any] = {"payment": payment, "state": state_of(payment, timezone.now()).value}
    return render(request, "till/till.html", shown, status=status)


@require_POST
def refund(request: HttpRequest, key: str) -> HttpResponse:
    """What a shopkeeper does on the provider's own desk: for staff."""
    payment = _payment(key)
    if not getattr(request.user, "is_staff", False):
        raise PermissionDenied
    service.refund(payment.key, timezone.now())
    return redirect("till", payment.key)
