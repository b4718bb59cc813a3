"""The claim page."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from backnumber.circulation import claims
from backnumber.circulation.forms import ClaimForm
from backnumber.circulation.models import Claim
from backnumber.circulation.queries import open_case_of
from backnumber.circulation.rules import Outcome
from backnumber.readers.models import Reader
from backnumber.readers.next_address import local_address
from backnumber.readers.whence import network_digest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest) -> HttpResponse:
    """Number, surname and postcode; a match leads back to `next`, reading."""
    back = local_address(request.POST.get("next") or request.GET.get("next"))
    if not isinstance(request.user, Reader):
        return _to_account(request, back)
    if request.method != "POST":
        return _page(request, ClaimForm(initial={"surname": request.user.last_name}), back)
    form = ClaimForm(request.POST)
    if not form.is_valid():
        return _page(request, form, back, status=422)
    answer = claims.claim(
        request.user,
        form.claimed,
        network=network_digest(request),
        now=timezone.now(),
        message=form.cleaned_data["message"],
    )
    return _answered(request, form, back, answer)


def _answered(request: HttpRequest, form: ClaimForm, back: str | None, answer: claims.Answer) -> HttpResponse:
    match answer.outcome:
        case Outcome.MATCHED | Outcome.ALREADY_YOURS:
            messages.success(request, "Your print subscription opens the archive. Read on.")
            return redirect(back or reverse("account"))
        case Outcome.CASE:
            return redirect(_here(back))
    return _page(request, form, back, answer=answer, status=429 if answer.outcome is None else 200)


def _page(
    request: HttpRequest,
    form: ClaimForm,
    back: str | None,
    *,
    answer: claims.Answer | None = None,
    status: int = 200,
) -> HttpResponse:
    case: Claim | None = open_case_of(request.user) if isinstance(request.user, Reader) else None
    return render(
        request,
        "circulation/claim.html",
        {"form": form, "next": back, "answer": answer, "case": case},
        status=status,
    )


def _to_account(request: HttpRequest, back: str | None) -> HttpResponse:
    messages.info(
        request,
        "First make an account, or sign in to yours. Then you type the number from your label.",
    )
    return redirect(f"{reverse('account_signup')}?{urlencode({'next': _here(back)})}")


def _here(back: str | None) -> str:
    return reverse("claim") + (f"?{urlencode({'next': back})}" if back else "")
