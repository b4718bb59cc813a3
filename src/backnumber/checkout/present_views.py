"""The pages of gifts: buy one, see and change it, print its card, redeem it."""

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from backnumber.checkout import postal, presenting, queries, quotes, redeeming, service
from backnumber.checkout.forms import AddressForm, CountryForm
from backnumber.checkout.present_forms import CodeForm, SayForm
from backnumber.checkout.present_order import GiftForm
from backnumber.checkout.views import reader_of, to_account
from backnumber.circulation.countries import code_of_country
from backnumber.payments.provider import ProviderRefused, ProviderUnavailable
from backnumber.payments.providers import taking_payments
from backnumber.presents.codes import code_of
from backnumber.presents.models import Present
from backnumber.presents.queries import given_by, present_by_code
from backnumber.presents.rules import Refusal, may_be_sent_again, may_change, refusal
from backnumber.products.models import Product, Region
from backnumber.products.queries import gift_for_sale
from backnumber.readers.limits import may_try_another_gift
from backnumber.readers.models import Reader

State = Present.State


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, code: str) -> HttpResponse:
    """The country first where copies are posted, then from whom, for whom and when, and away to the provider."""
    product = gift_for_sale(code)
    if product is None:
        raise Http404
    donor = reader_of(request)
    if donor is None:
        notice = "First make an account, so that you see what becomes of your gift. Then you go on."
        return to_account(request, "account_signup", notice, request.path)
    typed = request.POST if request.method == "POST" else request.GET
    gift = GiftForm(donor, product, typed, is_sent=request.method == "POST", now=timezone.now())
    said = gift.wording() if taking_payments() else None
    if said is None or gift.price is None:
        return _giving_page(request, gift, status=422 if gift.has_errors else 200)
    return _ordered(request, donor, product, gift, said)


def _ordered(
    request: HttpRequest, donor: Reader, product: Product, gift: GiftForm, said: presenting.Wording
) -> HttpResponse:
    assert gift.price is not None
    now, by = timezone.now(), gift.form.cleaned_data["by"]
    order = presenting.place(donor, product, gift.price, gift.region, by, said, gift.token, now)
    try:
        return redirect(service.pay(order.key, now))
    except (ProviderUnavailable, ProviderRefused):
        return _giving_page(request, gift, unavailable=True, status=503)


def _giving_page(
    request: HttpRequest, gift: GiftForm, *, unavailable: bool = False, status: int = 200
) -> HttpResponse:
    shown = {"gift": gift, "unavailable": unavailable, "taking_payments": taking_payments()}
    return render(request, "checkout/give.html", shown, status=status)


def _own(request: HttpRequest, key: str) -> Present | HttpResponse:
    """The gift, the way to sign in, or a 404 that is the same for another donor's and for none."""
    reader = reader_of(request)
    if reader is None:
        return to_account(request, "account_login", "Sign in to see your gift.")
    found = given_by(reader).filter(key=key).first()
    if found is None:
        raise Http404
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def present(request: HttpRequest, key: str) -> HttpResponse:
    """What became of it, for its donor; POST with `do`: change, send."""
    found = _own(request, key)
    if isinstance(found, HttpResponse):
        return found
    if request.method != "POST":
        return _present_page(request, found, _say_form(found), _posted_form(found))
    try:
        if request.POST.get("do") == "send":
            presenting.send_again(found.key, timezone.now())
            messages.success(request, f"The gift is on its way to {found.sent_to} once more.")
            return redirect(found)
        return _changed(request, found)
    except presenting.NotNow as why:
        messages.error(request, str(why))
        return redirect(found)


def _changed(request: HttpRequest, found: Present) -> HttpResponse:
    form, posted = _say_form(found, request.POST), _posted_form(found, request.POST)
    if not form.is_valid() or (posted is not None and not posted.is_valid()):
        return _present_page(request, found, form, posted, status=422)
    said = form.cleaned_data
    presenting.change(
        found.key,
        presenting.Wording(
            donor_name=said["donor_name"],
            recipient_name=said["recipient_name"],
            message=said["message"],
            sent_to=said.get("sent_to", ""),
            arrives_on=said.get("arrives_on", found.arrives_on),
            address=posted.address if posted is not None else None,
        ),
        timezone.now(),
    )
    messages.success(request, "It is changed.")
    return redirect(found)


def _say_form(found: Present, typed: Any = None) -> SayForm:
    before = {
        name: getattr(found, name)
        for name in ("donor_name", "recipient_name", "message", "sent_to", "arrives_on")
    }
    today = timezone.localdate()
    form = SayForm(today, typed, by=found.by, earliest=found.arrives_on, initial=before)
    if found.state == State.SENT and found.is_mailed:
        del form.fields["arrives_on"]
    return form


def _posted_form(found: Present, typed: Any = None) -> AddressForm | None:
    """Where the copies go, when the donor said it; the country stays, for the price was for it."""
    if found.address is None:
        return None
    country = found.address["country_code"]
    form = (
        AddressForm(country, {**typed.dict(), "country": country})
        if typed is not None
        else AddressForm(country, initial={**found.address, "country": country})
    )
    form.fields["country"].disabled = True
    form.fields["country"].initial = country
    return form


def _present_page(
    request: HttpRequest, found: Present, form: SayForm, posted: AddressForm | None, status: int = 200
) -> HttpResponse:
    shown = {
        "present": found,
        "form": form,
        "posted": posted,
        "order": queries.order_of(found.donor, found.order_key) if found.donor else None,
        "may_change": may_change(found.state),
        "may_be_sent_again": may_be_sent_again(found),
        "has_card": refusal(found.state) is None and found.state != State.UNPAID,
    }
    return render(request, "checkout/present.html", shown, status=status)


@never_cache
@require_safe
def card(request: HttpRequest, key: str) -> HttpResponse:
    """The card, to print. Who may redeem it is who has it."""
    found = _own(request, key)
    if isinstance(found, HttpResponse):
        return found
    code = code_of(found)
    if found.state == State.UNPAID or refusal(found.state) is not None or not code:
        return redirect(found)
    return _kept_to_itself(render(request, "checkout/present_card.html", {"present": found, "code": code}))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def redeem(request: HttpRequest) -> HttpResponse:
    """Where the code from a card is typed; the answer is the code's own page."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        found = present_by_code(form.cleaned_data["code"])
        if found is not None:
            return redirect("redeem_code", code_of(found) or form.cleaned_data["code"])
        if not may_try_another_gift(request):
            return _kept_to_itself(ratelimit.respond_429(request))
        form.add_error(
            "code", "This is not the code of a gift. Look whether it is typed as it stands on the card."
        )
    return render(request, "checkout/redeem.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def redeem_code(request: HttpRequest, code: str) -> HttpResponse:
    """The gift as its code shows it. A look redeems nothing and signs nobody in; POST redeems, once."""
    found = present_by_code(code)
    if found is None:
        if not may_try_another_gift(request):
            return _kept_to_itself(ratelimit.respond_429(request))
        form = CodeForm()
        return _kept_to_itself(
            render(request, "checkout/redeem.html", {"form": form, "unknown": True}, status=404)
        )
    reader = reader_of(request)
    if request.method == "POST" and reader is None:
        return _kept_to_itself(to_account(request, "account_login", "Sign in first; then redeem your gift."))
    if request.method == "POST" and reader is not None:
        return _kept_to_itself(_redeemed(request, reader, found, code))
    return _kept_to_itself(_redeeming_page(request, reader, found, code))


def _redeemed(request: HttpRequest, reader: Reader, found: Present, code: str) -> HttpResponse:
    address_form = _address_form(request, found)
    address = address_form.address if address_form is not None and address_form.is_valid() else None
    try:
        order = redeeming.redeem(reader, code, timezone.now(), address)
    except redeeming.NotRedeemed as refused:
        return _redeeming_page(request, reader, found, code, why_not=refused.why, status=409)
    except redeeming.AddressNeeded:
        if address is not None and address_form is not None:
            address_form.add_error(
                "country",
                f"The gift was paid for copies posted to: {found.get_region_display()}. Write to us, and we find a way.",
            )
        return _redeeming_page(request, reader, found, code, address_form=address_form, status=422)
    except redeeming.NoSuchPresent:  # it was sent to another address a moment ago, with another code
        return redirect("redeem")
    messages.success(request, f"It is yours now: {order.product.name}.")
    return redirect("account")


def _address_form(request: HttpRequest, found: Present) -> AddressForm | None:
    """Where the copies go, asked of the recipient; None when it is not asked, or the country is to be chosen first."""
    country = _country(request, found)
    if not _asks_address(found) or not country:
        return None
    if request.method == "POST":
        return AddressForm(country, request.POST)
    return AddressForm(country, initial={"country": country})


def _asks_address(found: Present) -> bool:
    return found.product.is_print and found.address is None


def _country(request: HttpRequest, found: Present) -> str:
    typed = request.POST if request.method == "POST" else request.GET
    named = code_of_country(typed.get("country", "")) or ""
    known = {code for code, _ in postal.countries()}
    if named in known:
        return named
    return "GB" if found.region == Region.UK else ""


def _redeeming_page(
    request: HttpRequest,
    reader: Reader | None,
    found: Present,
    code: str,
    *,
    why_not: Refusal | None = None,
    address_form: AddressForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    term = redeeming.term_now(found, reader, now) if reader is not None else None
    follows = term is not None and term.begins > now
    shown: dict[str, Any] = {
        "present": found,
        "code": code,
        "here": reverse("redeem_code", args=[code]),
        "why_not": why_not or refusal(found.state),
        "is_own": reader is not None and found.redeemed_by_id == reader.pk,
        "lines": quotes.term_lines(0, term, now) if term is not None else (),
        "follows": follows,
        "reading": queries.already_reading(reader, now) if reader is not None and not follows else None,
        "address_form": address_form or _address_form(request, found),
        "country_form": CountryForm(initial={"country": "GB"}) if _asks_address(found) else None,
    }
    return render(request, "checkout/redeem_code.html", shown, status=status)


def _kept_to_itself(response: HttpResponse) -> HttpResponse:
    """An answer to an address with a code in it. Not `no-referrer`: browsers then send forms without their origin, and none is taken."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
