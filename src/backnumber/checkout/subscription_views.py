"""A reader's subscription: what is charged when, and the ways to change it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from backnumber.checkout import changing
from backnumber.checkout.changing import NotNow
from backnumber.checkout.models import Order
from backnumber.checkout.quotes import renewal_in_words
from backnumber.checkout.views import reader_of, to_account
from backnumber.money import Amount
from backnumber.payments.provider import ProviderRefused, ProviderUnavailable
from backnumber.readers.models import Reader
from backnumber.renewals.models import Subscription
from backnumber.renewals.queries import subscription_of
from backnumber.renewals.rules import GRACE, LONGEST_PAUSE_MONTHS, charge_at, price_at

_NO_ANSWER = (
    "The payment service does not answer. Nothing has been charged or changed. Try again in a few minutes."
)


def _own(request: HttpRequest, key: str) -> tuple[Reader, Subscription] | HttpResponse:
    """The subscription, the way to sign in, or a 404 that is the same for another reader's and for none."""
    reader = reader_of(request)
    if reader is None:
        return to_account(request, "account_login", "Sign in to see your subscription.")
    found = subscription_of(reader, key)
    if found is None:
        raise Http404
    return reader, found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscription(request: HttpRequest, key: str) -> HttpResponse:
    """The subscription; POST with `do`: cancel, resume, pause (`months`), switch (`to`), card."""
    found = _own(request, key)
    if isinstance(found, HttpResponse):
        return found
    reader, held = found
    if request.method == "POST":
        return _changed(request, reader, held)
    return _page(request, held)


def _page(request: HttpRequest, held: Subscription, status: int = 200) -> HttpResponse:
    months = held.next_product.term_months if held.next_product else held.months
    minor = price_at(held.minor, held.next_minor, held.next_from, held.paid_until)
    shown: dict[str, Any] = {
        "subscription": held,
        "price": renewal_in_words(held.amount, held.months),
        "next_price": renewal_in_words(Amount(minor, held.currency), months),
        "charged_on": charge_at(held.paused_until or held.paid_until),
        "grace_until": held.paid_until + GRACE,
        "choices": [] if held.has_ended else changing.choices_of(held),
        "pauses": range(1, LONGEST_PAUSE_MONTHS + 1),
        "orders": Order.objects.filter(subscription=held, begins__isnull=False).order_by("-term"),
    }
    return render(request, "checkout/subscription.html", shown, status=status)


def _changed(request: HttpRequest, reader: Reader, held: Subscription) -> HttpResponse:
    """What the button asked for. Of what a button cannot send, nothing is done."""
    now, do = timezone.now(), request.POST.get("do", "")
    try:
        match do:
            case "cancel":
                changing.cancel(held.key, now)
                messages.success(request, "It does not renew any more. Nothing else is charged.")
            case "resume":
                changing.resume(held.key, now)
                messages.success(request, "It renews again.")
            case "pause":
                months = request.POST.get("months", "")
                changing.pause(held.key, int(months) if months.isdecimal() and len(months) < 3 else 0, now)
                messages.success(request, "It is paused.")
            case "switch":
                _switch(request, held)
            case "card":
                return redirect(changing.begin_card(held.key, reader, now))
            case _:
                return _page(request, held, status=400)
    except NotNow as why:
        messages.error(request, str(why))
    except ValueError:
        messages.error(request, f"Choose a pause of 1 to {LONGEST_PAUSE_MONTHS} months.")
    except (ProviderUnavailable, ProviderRefused):
        messages.error(request, _NO_ANSWER)
    return redirect(held)


def _switch(request: HttpRequest, held: Subscription) -> None:
    wanted = request.POST.get("to", "")
    for product in [held.product, *changing.choices_of(held)]:
        if product.code == wanted:
            changing.switch(held.key, product, timezone.now())
            messages.success(request, "It is changed, from the next renewal on.")
            return
    raise NotNow("Choose what it should become.")


@never_cache
@require_safe
def card(request: HttpRequest, key: str) -> HttpResponse:
    """Where the provider sends the reader back to who gave another card. A look at it changes nothing that was not given there."""
    found = _own(request, key)
    if isinstance(found, HttpResponse):
        return found
    _, held = found
    try:
        if changing.take_card(held.key, timezone.now()):
            messages.success(request, "This is charged from now on.")
        else:
            messages.info(request, "No other card was given; nothing has changed.")
    except ProviderUnavailable:
        messages.error(request, _NO_ANSWER)
    return redirect(held)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, key: str) -> HttpResponse:
    """The way from the mail about a failed payment: what is owed, and a button that leads to the provider."""
    found = _own(request, key)
    if isinstance(found, HttpResponse):
        return found
    _, held = found
    if request.method != "POST":
        return _page(request, held)
    try:
        return redirect(changing.pay(held.key, timezone.now()))
    except NotNow as why:
        messages.info(request, str(why))
    except (ProviderUnavailable, ProviderRefused):
        messages.error(request, _NO_ANSWER)
    return redirect(held)
