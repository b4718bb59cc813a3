"""The pages of the weekly mail."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from backnumber.longread import service
from backnumber.longread.forms import SignUpForm
from backnumber.longread.models import Recipient
from backnumber.longread.queries import by_token, was_a_token, weeks_until
from backnumber.readers.client_address import network_of
from backnumber.readers.limits import may_sign_up_for_the_weekly

TOO_MANY = "Many addresses were entered from your network just now. Please try again in an hour."


@require_safe
def weekly(request: HttpRequest) -> HttpResponse:
    """What the weekly long read is, this week's, and those before."""
    now = timezone.now()
    weeks = weeks_until(now)
    current = (
        next(((pick, article) for pick, article in weeks if pick.window.is_open(now)), None)
        if weeks
        else None
    )
    past = [week for week in weeks if week != current]
    return render(request, "longread/weekly.html", {"current": current, "past": past, "form": SignUpForm()})


@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """The answer to a good address is always the same: whether it is known is nobody's business."""
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not may_sign_up_for_the_weekly(request):
            form.add_error("email", TOO_MANY)
            return render(request, "longread/sign_up.html", {"form": form}, status=429)
        service.ask(form.cleaned_data["email"], timezone.now(), _shown(request))
        return render(request, "longread/asked.html", {"email": form.cleaned_data["email"]})
    return render(request, "longread/sign_up.html", {"form": form}, status=422 if form.errors else 200)


# Its form stands at the foot of every page, printed ones too, which carry no token: website/headers.py.
setattr(sign_up, "same_origin_suffices", True)  # noqa: B010 (a mark of ours, unknown to the types)


def _shown(request: HttpRequest) -> service.Shown:
    """The network, not the address, for whoever must prove a consent needs no more; the page without what is secret in it."""
    page = "/".join(request.path.split("/")[:3]) + "/"
    return service.Shown(f"{page} from {network_of(request)}")


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A GET shows a button: a mail scanner that follows the link confirms nothing."""
    if not Recipient.objects.filter(confirm_token=token, left_at=None).exists():
        return render(request, "longread/unknown.html", status=404)
    if request.method == "POST":
        service.confirm(token, timezone.now(), _shown(request))
        return render(request, "longread/confirmed.html")
    return render(request, "longread/confirm.html", {"words": service.WORDS})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """RFC 8058: a POST alone, without sign-in or token of the form, leaves; a GET changes nothing."""
    if request.method == "POST":
        if not service.leave(token, timezone.now(), _shown(request).where):
            raise Http404
        return render(request, "longread/left.html")
    if not was_a_token(token):
        raise Http404
    return render(request, "longread/leave.html", {"recipient": by_token(token)})
