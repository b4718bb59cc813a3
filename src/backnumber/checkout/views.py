"""The pages of buying. Each parses, calls one service, and renders."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from backnumber.access import ScopeKind
from backnumber.checkout import buying, queries, quotes, receipts, service
from backnumber.checkout.models import Order
from backnumber.circulation.queries import open_case_of
from backnumber.payments.provider import Forged, ProviderRefused, ProviderUnavailable
from backnumber.payments.providers import taking_payments
from backnumber.presents.queries import present_of_order
from backnumber.products.models import Product
from backnumber.products.queries import for_sale, gifts_for_sale, product_for_sale
from backnumber.readers.models import Reader
from backnumber.readers.typed import forget, keep, kept_for

LOOKS = (2, 2, 3, 5, 8, 15, 30, 60)  # seconds between one look and the next, then no more


def reader_of(request: HttpRequest) -> Reader | None:
    return request.user if isinstance(request.user, Reader) else None


def to_account(request: HttpRequest, name: str, notice: str, here: str = "") -> HttpResponse:
    """The way to an account page, and back to here."""
    messages.info(request, notice)
    return redirect(f"{reverse(name)}?{urlencode({'next': here or request.get_full_path()})}")


@require_safe
def subscribe(request: HttpRequest) -> HttpResponse:
    """What is for sale; `?article=` is kept, so that the reader comes back to it."""
    reader = reader_of(request)
    products = for_sale()
    return render(
        request,
        "checkout/subscribe.html",
        {
            "online": [p for p in products if p.is_subscription and not p.is_print and not p.is_group],
            "groups": [p for p in products if p.is_group],
            "printed": [p for p in products if p.is_subscription and p.is_print],
            "smaller": [p for p in products if not p.is_subscription],
            "something_renews": any(p.renews for p in products),
            "article": queries.article_to_return_to(request.GET.get("article", "")),
            "reading": queries.already_reading(reader, timezone.now()) if reader else None,
            "claim": open_case_of(reader) if reader else None,
            "gifts": gifts_for_sale(),
            "taking_payments": taking_payments(),
        },
    )


@never_cache
def buy(request: HttpRequest, code: str) -> HttpResponse:
    """The country first where copies are posted, then the address, the total, and away to the provider."""
    product = product_for_sale(code)
    if product is None:
        raise Http404
    reader = reader_of(request)
    if reader is None:
        return _kept_for_later(request, code) if request.method == "POST" else _make_account(request)
    if request.method == "POST":
        became = queries.settled_by_form(reader, request.POST.get("token", ""))
        if became is not None:
            return redirect("order_done", became.key)
    now = timezone.now()
    order_form = _order_form(request, reader, product, now)
    wish = order_form.wish()
    if wish is None:
        return _buying_page(request, order_form)
    try:
        order = service.place(reader, wish, order_form.token, now)
        forget(request, _form(code), now)
        return redirect(service.pay(order.key, now))
    except (
        service.ReadsAlready,
        service.ShownOtherwise,
        service.Subscribed,
        service.NotForThem,
        service.VoucherRefused,
    ):
        return _buying_page(request, _order_form(request, reader, product, timezone.now()))
    except (ProviderUnavailable, ProviderRefused):
        return _buying_page(request, order_form, unavailable=True)


def _order_form(request: HttpRequest, reader: Reader, product: Product, now: datetime) -> buying.OrderForm:
    typed = request.POST if request.method == "POST" else request.GET
    return buying.OrderForm(
        reader=reader,
        product=product,
        typed=typed,
        is_sent=request.method == "POST",
        article=queries.article_to_return_to(typed.get("article", "")),
        now=now,
        kept=kept_for(request, _form(product.code), reader, now),
    )


def _form(code: str) -> str:
    return f"buy {code}"


def _make_account(request: HttpRequest) -> HttpResponse:
    return to_account(
        request,
        "account_signup",
        "First make an account, so that we know you again. Then you go on to pay.",
    )


def _kept_for_later(request: HttpRequest, code: str) -> HttpResponse:
    """The session ended while the reader typed. What they typed waits for them, and for nobody else."""
    owner = quotes.reader_in(request.POST.get("quote", ""))
    if owner is None:
        return _make_account(request)
    fields = {name: request.POST[name] for name in buying.TYPED if name in request.POST}
    keep(request, _form(code), fields, owner=owner, now=timezone.now())
    article = request.POST.get("article", "")
    here = request.path + (f"?{urlencode({'article': article})}" if article else "")
    notice = (
        "You were signed out meanwhile, and nothing was ordered. Sign in: what you typed is kept for you."
    )
    return to_account(request, "account_login", notice, here)


def _buying_page(
    request: HttpRequest, order_form: buying.OrderForm, *, unavailable: bool = False
) -> HttpResponse:
    shown = {
        "form": order_form,
        "claim": open_case_of(order_form.reader),
        "unavailable": unavailable,
        "taking_payments": taking_payments(),
    }
    return render(request, "checkout/buy.html", shown, status=503 if unavailable else 200)


def _own_order(request: HttpRequest, key: str) -> Order | HttpResponse:
    """The order, the way to sign in, or a 404 that is the same for another reader's order and for none."""
    reader = reader_of(request)
    if reader is None:
        return to_account(request, "account_login", "Sign in to see your order.")
    order = queries.order_of(reader, key)
    if order is None:
        raise Http404
    return order


def _settled(order: Order) -> Order:
    """The order as the provider sees it now; as it was when the provider does not answer."""
    try:
        return service.settle(order.key, timezone.now())
    except ProviderUnavailable:
        return order


@never_cache
@require_safe
def done(request: HttpRequest, key: str) -> HttpResponse:
    """Where the provider sends the reader back to. It waits for no webhook."""
    found = _own_order(request, key)
    if isinstance(found, HttpResponse):
        return found
    order = _settled(found)
    if order.state == Order.State.PAID:
        return _thank(request, order)
    if order.state in {Order.State.REFUNDED, Order.State.DISPUTED}:
        return redirect(order)
    if order.state in {Order.State.DECLINED, Order.State.CANCELLED} and not queries.is_pending(order.key):
        return redirect("order_stopped", order.key)
    look = min(_number(request.GET.get("look", "")), len(LOOKS))
    again_in = LOOKS[look] if look < len(LOOKS) else None
    return render(
        request, "checkout/pending.html", {"order": order, "again_in": again_in, "next_look": look + 1}
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0


def _thank(request: HttpRequest, order: Order) -> HttpResponse:
    present = present_of_order(order.key) if order.is_gift else None
    if present is not None:
        messages.success(request, f"Thank you. Your gift for {present.recipient_name} is paid.")
        return redirect(present)
    article = order.article
    if article is None or not (article.live and article.issue.live):
        messages.success(request, f"Thank you. This is yours now: {order.label}.")
        return redirect(order)
    messages.success(
        request,
        f"Thank you. You may now read “{article.headline}”{_and_more(order)}. Your receipt is on its way by mail.",
    )
    return redirect(article)


def _and_more(order: Order) -> str:
    """What was bought beside the article the reader stands on."""
    match order.product.scope:
        case ScopeKind.ARCHIVE.value:
            return " and everything else in the archive"
        case ScopeKind.ISSUE.value:
            return " and all of its issue"
    return ""


@never_cache
@require_safe
def stopped(request: HttpRequest, key: str) -> HttpResponse:
    """Declined or cancelled: nothing was charged, nothing is lost, try again."""
    found = _own_order(request, key)
    if isinstance(found, HttpResponse):
        return found
    order = _settled(found)
    if order.is_settled:
        return redirect("order_done", order.key)
    shown: dict[str, Any] = {
        **receipts.facts(order),
        "taking_payments": taking_payments(),
        "quote": _quote_of(order),
    }
    return render(request, "checkout/stopped.html", shown)


def _quote_of(order: Order) -> quotes.Quote:
    now = timezone.now()
    return quotes.quote_of(order, queries.term_now(order, now, ZoneInfo(settings.TIME_ZONE)), now)


@never_cache
@require_POST
def again(request: HttpRequest, key: str) -> HttpResponse:
    """Another try at paying the same order."""
    found = _own_order(request, key)
    if isinstance(found, HttpResponse):
        return found
    changes = () if found.is_settled else _quote_of(found).changes_since(request.POST.get("quote", ""))
    if changes != ():
        messages.info(request, " ".join(("Look at the order once more, then try again.", *(changes or ()))))
        return redirect("order_stopped", found.key)
    try:
        return redirect(service.pay(found.key, timezone.now()))
    except service.NothingNamed:
        messages.error(request, "What this order asks for is no longer there. Nothing has been charged.")
        return redirect("order_stopped", found.key)
    except service.VoucherRefused as why:
        messages.error(request, f"{why} Nothing has been charged. You may order again without it.")
        return redirect("order_stopped", found.key)
    except service.ReadsAlready:
        messages.info(request, "You can already read this. Nothing has been charged.")
        return redirect(found.article or found)
    except (ProviderUnavailable, ProviderRefused):
        messages.error(
            request,
            "The payment service does not answer. Nothing has been charged. Try again in a few minutes.",
        )
        return redirect("order_stopped", found.key)


@never_cache
@require_safe
def receipt(request: HttpRequest, key: str) -> HttpResponse:
    found = _own_order(request, key)
    if isinstance(found, HttpResponse):
        return found
    if found.begins is None:
        return redirect("order_done", found.key)
    return render(request, "checkout/receipt.html", receipts.facts(found))


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """2xx: heard, also for the second time. 400: not genuine. 503, 500: the provider is to try again."""
    try:
        service.hear(provider, request.headers, request.body, timezone.now())
    except Forged:
        return HttpResponse("not genuine", status=400, content_type="text/plain")
    except (LookupError, ImproperlyConfigured):  # none of that name, or one that is not for here
        return HttpResponse("no such provider", status=404, content_type="text/plain")
    except ProviderUnavailable:
        return HttpResponse("try again", status=503, content_type="text/plain")
    return HttpResponse("heard", content_type="text/plain")
