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
from backnumber.readers.client_address import network_digest
from backnumber.readers.models import Reader
from backnumber.readers.next_address import local_address
from backnumber.readers.typed import forget, keep, kept_by

FORM = "claim"
_FIELDS = ("number", "surname", "postcode", "message")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest) -> HttpResponse:
    """Number, surname and postcode, then an account; a match leads back to `next`, reading.

    Nobody without an account is told anything about what they typed: it is kept, and looked at once they are signed in.
    """
    back = local_address(request.POST.get("next") or request.GET.get("next"))
    if request.method == "POST":
        form = ClaimForm(request.POST)
        if not form.is_valid():
            return _page(request, form, back, status=422)
        if not isinstance(request.user, Reader):
            return _to_account(request, form, back)
        return _claimed(request, request.user, form, back)
    key, now = request.GET.get("typed", ""), timezone.now()
    typed = kept_by(request, FORM, key, now) if key else {}
    if not isinstance(request.user, Reader):
        return _page(request, ClaimForm(initial=typed), back)
    if typed and request.method == "GET":
        forget(request, FORM, now)
        form = ClaimForm(typed)
        if form.is_valid():
            return _claimed(request, request.user, form, back)
    return _page(request, ClaimForm(initial=_typed_last(request.user)), back)


def _claimed(request: HttpRequest, reader: Reader, form: ClaimForm, back: str | None) -> HttpResponse:
    answer = claims.claim(
        reader,
        form.claimed,
        network=network_digest(request),
        now=timezone.now(),
        message=form.cleaned_data["message"],
    )
    return _answered(request, form, back, answer)


def _typed_last(reader: Reader) -> dict[str, str]:
    """What did not match stands in the form again: one letter may be all that is wrong."""
    case = open_case_of(reader)
    if case is None:
        return {"surname": reader.last_name}
    return {"number": case.number, "surname": case.surname, "postcode": case.postcode}


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


def _to_account(request: HttpRequest, form: ClaimForm, back: str | None) -> HttpResponse:
    typed = {name: str(form.cleaned_data[name]) for name in _FIELDS}
    key = keep(request, FORM, typed, owner=None, now=timezone.now())
    messages.info(
        request,
        "Now make an account, or sign in to yours: the archive is opened to it. What you typed is kept, and looked at "
        "as soon as you are signed in.",
    )
    here = f"{reverse('claim')}?{urlencode({'typed': key, **({'next': back} if back else {})})}"
    return redirect(f"{reverse('account_signup')}?{urlencode({'next': here})}")


def _here(back: str | None) -> str:
    return reverse("claim") + (f"?{urlencode({'next': back})}" if back else "")
