"""How somebody wants the weekly mail: by the link in each mail, or in their account. Pause, another address, leave, come back."""

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from backnumber.longread import queries, service
from backnumber.longread.forms import MoveForm
from backnumber.longread.models import Recipient
from backnumber.mail.addresses import spelling
from backnumber.readers.client_address import network_of
from backnumber.readers.limits import may_sign_up_for_the_weekly
from backnumber.readers.models import Reader

PAUSES = {"pause-4": 4, "pause-12": 12, "resume": 0}
TOO_MANY = "Many addresses were entered from your network just now. Please try again in an hour."
IS_ASKED = "If that address can get mail, one is on its way to it. Open it and press the button there; until then mails go where they went."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has a mail of theirs may say how they want it. The address stands there in part: mails are forwarded."""
    recipient = queries.by_token(token)
    if recipient is None:
        raise Http404
    return _answered(request, recipient, request.path)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_account(request: HttpRequest) -> HttpResponse:
    if not isinstance(request.user, Reader):
        raise Http404
    email = request.user.email
    if request.method == "POST" and request.POST.get("what") == "join":
        _join(request, request.user)
        return redirect("account_weekly")
    recipient = Recipient.objects.filter(email=email).first()
    if recipient is None:
        return _page(request, None, email, MoveForm())
    return _answered(request, recipient, request.path)


def _join(request: HttpRequest, reader: Reader) -> None:
    shown = service.Shown(f"{request.path} from {network_of(request)}")
    if EmailAddress.objects.filter(user=reader, email__iexact=reader.email, verified=True).exists():
        service.join_signed_in(reader.email, timezone.now(), shown)
        messages.success(request, "The next long read comes to you.")
    else:
        service.ask(reader.email, timezone.now(), shown)
        messages.success(request, "A mail is on its way to you: open it and confirm.")


def _answered(request: HttpRequest, recipient: Recipient, back: str) -> HttpResponse:
    form = MoveForm()
    if request.method == "POST":
        what = request.POST.get("what", "")
        if what == "move":
            form = MoveForm(request.POST)
            if not _moves(request, recipient, form):
                return _page(request, recipient, recipient.email, form, 422)
            messages.success(request, IS_ASKED)
        else:
            _do(request, recipient, what)
        return redirect(back)
    return _page(request, recipient, recipient.email, form)


def _do(request: HttpRequest, recipient: Recipient, what: str) -> None:
    now = timezone.now()
    if what in PAUSES and recipient.is_on_the_list:
        service.pause(recipient, PAUSES[what], now)
        messages.success(request, "It is noted.")
    elif what == "leave":
        service.leave(recipient.token, now, f"preferences from {network_of(request)}")
        messages.success(request, "You have left the list. Nothing more will come.")


def _moves(request: HttpRequest, recipient: Recipient, form: MoveForm) -> bool:
    """The answer to a good address is always the same: whether it is known is nobody's business."""
    if not form.is_valid():
        return False
    if not may_sign_up_for_the_weekly(request):
        form.add_error("email", TOO_MANY)
        return False
    service.ask_to_move(recipient, form.cleaned_data["email"], timezone.now())
    return True


def _page(
    request: HttpRequest, recipient: Recipient | None, email: str, form: MoveForm, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    is_on = recipient is not None and recipient.is_on_the_list and not queries.is_suppressed(recipient.email)
    paused = (
        recipient.paused_until
        if recipient and recipient.paused_until and recipient.paused_until > now
        else None
    )
    facts = {
        "is_on": is_on,
        "paused_until": paused,
        "email": email if request.user.is_authenticated else masked(email),
        "form": form,
        "may_join": request.user.is_authenticated and request.path.startswith("/account/"),
        "words": service.WORDS,
    }
    return render(request, "longread/preferences.html", facts, status=status)


def masked(email: str) -> str:
    """Promise: enough of an address for its owner to know it: `a…@example.org`."""
    local, _, domain = spelling(email).rpartition("@")
    return f"{local[:1]}…@{domain}"


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, token: str) -> HttpResponse:
    """A GET shows a button: a mail scanner that follows the link changes nothing."""
    recipient = queries.by_new_token(token)
    if recipient is None:
        return render(request, "longread/unknown.html", status=404)
    if request.method == "POST":
        service.move(token, timezone.now(), service.Shown(f"/weekly/move/ from {network_of(request)}"))
        return render(request, "longread/confirmed.html")
    return render(request, "longread/confirm.html", {"words": service.WORDS})
