"""What the nightly comparison with the payment providers found, in the admin; staff say what they saw to."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.log_actions import log

from backnumber.characters import OneLine
from backnumber.checkout.models import Order
from backnumber.checkout.refund_desk import MAY_REFUND
from backnumber.payments import queries
from backnumber.payments.models import Comparison, Difference
from backnumber.readers.models import Reader

SEEN_TO = "payments.difference_seen_to"


class SeenForm(forms.Form):
    """What was done about it."""

    note = OneLine(label="What was done", max_length=200)


def _staff(request: HttpRequest) -> Reader:
    """Errors: PermissionDenied."""
    if not isinstance(request.user, Reader) or not request.user.has_perm(MAY_REFUND):
        raise PermissionDenied
    return request.user


@never_cache
@require_safe
def differences(request: HttpRequest) -> HttpResponse:
    _staff(request)
    open_ones = queries.differences_open()[:200]
    keys = [one.order_key for one in open_ones]
    orders = {order.key: order for order in Order.objects.filter(key__in=keys)}
    shown = {
        "open": [(one, orders.get(one.order_key)) for one in open_ones],
        "comparisons": list(Comparison.objects.all()[:14]),
        "mended": list(Difference.objects.exclude(mended_at=None).order_by("-mended_at")[:50]),
        "seen": list(Difference.objects.filter(mended_at=None).exclude(seen_at=None)[:50]),
        "page_title": "Payments compared",
    }
    return render(request, "checkout/admin/compared.html", shown)


@never_cache
@require_POST
def seen_to(request: HttpRequest, pk: int) -> HttpResponse:
    """Staff saw to a difference, and say how. It is opened again when something else is so."""
    staff = _staff(request)
    found = get_object_or_404(Difference, pk=pk)
    form = SeenForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say what was done, in up to 200 characters.")
        return redirect("payments_compared")
    if found.seen_at is None:
        found.seen_at, found.seen_by, found.note = timezone.now(), staff.email, form.cleaned_data["note"]
        found.save(update_fields=["seen_at", "seen_by", "note"])
        log(instance=found, action=SEEN_TO, user=staff, data={"what": found.what, "note": found.note})
        messages.success(request, "Noted.")
    return redirect("payments_compared")
