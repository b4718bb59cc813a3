"""The account page: what the reader may read, has bought and claimed; and what can be changed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from backnumber.characters import OneLine
from backnumber.checkout.changing import end_all_of
from backnumber.checkout.queries import orders_of
from backnumber.circulation.forms import AddressForm
from backnumber.circulation.queries import claim_state, claims_of, print_subscriptions_of
from backnumber.circulation.service import change_address
from backnumber.grants.models import Grant
from backnumber.groups.queries import groups_of, seats_of
from backnumber.payments.provider import ProviderUnavailable
from backnumber.presents.queries import given_by, received_by
from backnumber.readers import mailed_code
from backnumber.readers.forms import PlainForm
from backnumber.readers.limits import may_send_code, may_try_password_again
from backnumber.readers.models import Reader
from backnumber.readers.typed import forget, keep, kept_for, mark_for, owner_of
from backnumber.renewals.queries import subscriptions_of
from backnumber.website.account_data import delete_account, everything_about
from backnumber.website.account_words import in_words

DELETING = "delete your account"
_OF_RIGHTS = (
    *(
        field.attname
        for field in Grant._meta.concrete_fields
        if field.name not in ("title", "issue", "article")
    ),
    *(f"{above}title__{name}" for above in ("", "issue__", "article__issue__") for name in ("name", "slug")),
    *(f"{above}issue__{name}" for above in ("", "article__") for name in ("slug", "sort_date", "cover_date")),
    "article__headline",
    "article__slug",
)


def _reader(request: HttpRequest) -> Reader:
    if not isinstance(request.user, Reader):
        raise Http404
    return request.user


@never_cache
@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Everything at a glance, rights first."""
    reader = _reader(request)
    now = timezone.now()
    grants = (
        Grant.objects.filter(reader=reader)
        .select_related("title", "issue__title", "article__issue__title")
        .only(*_OF_RIGHTS)
    )
    claim = claim_state(reader)
    rights = [in_words(grant, now) for grant in grants.order_by("-starts", "-id")]
    return render(
        request,
        "website/account/account.html",
        {
            "rights": [r for r in rights if r.state in {"open", "kept", "later"}],
            "lapsed": [r for r in rights if r.state in {"ended", "withdrawn"}],
            "subscriptions": subscriptions_of(reader),
            "groups": groups_of(reader),
            "seats": seats_of(reader),
            "orders": orders_of(reader),
            "presents_given": list(given_by(reader)),
            "presents_received": list(received_by(reader)),
            "prints": list(print_subscriptions_of(reader)),
            "claims": list(claims_of(reader)),
            "print_unclaimed": claim.print_unclaimed,
            "claim_pending": claim.claim_pending,
            "subscribe": _address_of("subscribe"),
        },
    )


def _address_of(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, key: int) -> HttpResponse:
    """Where the copies of one print subscription go."""
    if not isinstance(request.user, Reader):
        return _kept_for_later(request, f"address {key}")
    reader, now = request.user, timezone.now()
    found = print_subscriptions_of(reader).filter(pk=key).first()
    if found is None:
        raise Http404
    filed = {"address": found.address, "postcode": found.postcode, "country": found.country}
    kept = kept_for(request, f"address {key}", reader, now)
    form = AddressForm(request.POST if request.method == "POST" else None, initial={**filed, **kept})
    if request.method == "POST" and form.is_valid():
        forget(request, f"address {key}", now)
        change_address(found, **form.cleaned_data, now=now)
        messages.success(
            request, "The new address is noted. A copy already on its way may still go to the old one."
        )
        return redirect("account")
    return render(
        request,
        "website/account/address.html",
        {"form": form, "print": found, "mark": mark_for(reader)},
        status=422 if form.errors else 200,
    )


def _kept_for_later(request: HttpRequest, form: str) -> HttpResponse:
    """The session ended while the reader typed: it waits until they are signed in again, for nobody else."""
    owner = owner_of(request.POST.get("mark", ""))
    if request.method == "POST" and owner is not None:
        fields = {name: request.POST.get(name, "") for name in AddressForm.base_fields}
        keep(request, form, fields, owner=owner, now=timezone.now())
        messages.info(request, "You were signed out meanwhile. Sign in: what you typed is kept for you.")
    return redirect_to_login(request.path)


@never_cache
@login_required
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """The reader's own data, as a file."""
    response = JsonResponse(
        everything_about(_reader(request)), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    response["Content-Disposition"] = 'attachment; filename="my-account.json"'
    return response


class _ProofForm(PlainForm):
    """A password where there is one, else the code that was sent."""

    def __init__(self, *args: Any, has_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_password:
            self.fields["proof"] = forms.CharField(
                label="Your password",
                strip=False,
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            )
        else:
            self.fields["proof"] = OneLine(
                label="Code",
                max_length=40,
                widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
            )


@never_cache
@login_required
@sensitive_post_parameters("proof")
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Says what goes and what stays, asks for proof, and does it."""
    reader = _reader(request)
    if reader.is_staff:
        return render(request, "website/account/delete_staff.html", status=403)
    if request.method == "POST" and "send" in request.POST and not reader.has_usable_password():
        if may_send_code(request, reader.email):
            mailed_code.send_code(request.session, reader, DELETING)
        else:
            messages.error(
                request,
                "A code was sent a moment ago. Look in your mail; in a minute you can have another.",
            )
        return redirect("account_delete")
    sent = request.POST if request.method == "POST" else None
    form = _ProofForm(sent, has_password=reader.has_usable_password())
    if sent is not None and form.is_valid():
        if _proven(request, reader, form.cleaned_data["proof"]):
            try:
                end_all_of(reader, timezone.now())
            except ProviderUnavailable:
                messages.error(
                    request,
                    "The payment service does not answer, so we could not stop what renews. Nothing was deleted. Try again in a few minutes.",
                )
                return redirect("account_delete")
            delete_account(reader)
            logout(request)
            return redirect("account_deleted")
        wrong = (
            "That is not your password."
            if reader.has_usable_password()
            else "That is not the code we sent last. Have a new one sent."
        )
        form.add_error("proof", wrong)
    known = {
        "form": form,
        "waiting": mailed_code.is_waiting(request.session, DELETING),
        "has_password": reader.has_usable_password(),
    }
    return render(request, "website/account/delete.html", known, status=422 if form.errors else 200)


def _proven(request: HttpRequest, reader: Reader, typed: str) -> bool:
    if reader.has_usable_password():
        return may_try_password_again(request, reader) and reader.check_password(typed)
    return mailed_code.accepts(request.session, reader, DELETING, typed)


@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    return render(request, "website/account/deleted.html")
