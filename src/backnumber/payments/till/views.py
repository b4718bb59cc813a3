"""The hosted pages: what a reader sees at the payment provider."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from backnumber.money import Amount
from backnumber.payments.till import service
from backnumber.payments.till.models import TillCardPage, TillMandate, TillPayment
from backnumber.payments.till.provider import Till, TillRefused, state_of


def _payment(key: str) -> TillPayment:
    """Errors: Http404 in production and for a key there is not."""
    try:
        Till()
        return TillPayment.objects.select_related("mandate").get(key=key)
    except (TillRefused, TillPayment.DoesNotExist) as problem:
        raise Http404 from problem


def _later(request: HttpRequest) -> TillMandate.Later:
    """Errors: ValueError."""
    return TillMandate.Later(request.POST.get("later", TillMandate.Later.GOES_THROUGH))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def till(request: HttpRequest, key: str) -> HttpResponse:
    payment = _payment(key)
    now = timezone.now()
    if request.method == "POST":
        try:
            if request.POST.get("button") == "set-later":
                service.set_later(key, _later(request))
                return redirect("till", key)
            button, later = service.Button(request.POST.get("button", "")), _later(request)
        except (ValueError, TillMandate.DoesNotExist):
            return _page(request, payment, status=400)
        return redirect(service.press(key, button, now, later))
    return _page(request, payment)


def _page(request: HttpRequest, payment: TillPayment, status: int = 200) -> HttpResponse:
    state = state_of(payment, timezone.now()).value
    shown: dict[str, Any] = {
        "payment": payment,
        "state": state,
        "left": Amount(payment.minor - payment.given_back(), payment.currency),
        "is_there": state in {"paid", "pending", "disputed"},
        "later_choices": TillMandate.Later,
        "card": payment.mandate if payment.mandate and not payment.mandate.forgotten_at else None,
    }
    return render(request, "till/till.html", shown, status=status)


def _staff_only(request: HttpRequest) -> None:
    """Errors: PermissionDenied."""
    if not getattr(request.user, "is_staff", False):
        raise PermissionDenied


@require_POST
def refund(request: HttpRequest, key: str) -> HttpResponse:
    """What a shopkeeper does on the provider's own desk: for staff."""
    payment = _payment(key)
    _staff_only(request)
    service.refund(payment.key, timezone.now())
    return redirect("till", payment.key)


@require_POST
def dispute(request: HttpRequest, key: str) -> HttpResponse:
    """What the payer's bank does: for staff, who rehearse it."""
    payment = _payment(key)
    _staff_only(request)
    try:
        step = TillPayment.Dispute(request.POST.get("step", ""))
    except ValueError:
        return _page(request, payment, status=400)
    service.dispute(payment.key, step, timezone.now())
    return redirect("till", payment.key)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, key: str) -> HttpResponse:
    """Where a payer gives another card."""
    try:
        Till()
        page = TillCardPage.objects.select_related("mandate").get(key=key)
    except (TillRefused, TillCardPage.DoesNotExist) as problem:
        raise Http404 from problem
    status = 200
    if request.method == "POST":
        try:
            if request.POST.get("button") == "cancel":
                return redirect(page.cancel_url)
            return redirect(service.give_card(key, _later(request)))
        except ValueError:
            status = 400
    return render(
        request, "till/card.html", {"page": page, "later_choices": TillMandate.Later}, status=status
    )
