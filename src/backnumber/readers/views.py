"""Signing in: allauth's views, and what they must do besides; and the page of the devices a reader is signed in on."""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm
from allauth.account.views import ConfirmLoginCodeView, LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from backnumber.readers import devices
from backnumber.readers.middleware import forget_why, why_signed_out
from backnumber.readers.models import EndedDevice, Reader
from backnumber.readers.service import distrust_password

IN_USE = timedelta(minutes=10)


_WHY = {
    EndedDevice.Because.LIMIT: "You were signed out here because you signed in on one device more than your account "
    "may be used on at a time, and this was the one you had not used for longest.",
    EndedDevice.Because.READER: "You were signed out here from another of your devices.",
}


class SignIn(LoginView):
    """Who was signed out by us is told why, once."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.because = why_signed_out(request)
        response: HttpResponse = super().get(request, *args, **kwargs)
        if self.because is not None:
            forget_why(response)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        because = getattr(self, "because", None)
        return {**super().get_context_data(**kwargs), "why_signed_out": _WHY[because] if because else ""}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def devices_page(request: HttpRequest) -> HttpResponse:
    """Where the reader is signed in. A post ends one, or all but this one."""
    reader, here, now = request.user, request.session.session_key or "", timezone.now()
    if not isinstance(reader, Reader):
        raise Http404
    if request.method == "POST":
        _end_as_asked(request, reader, here, now)
        return redirect("account_devices")
    found = devices.devices_of(reader, now)
    shown = {
        "devices": [(one, one.session_id == here, now - one.used_at <= IN_USE) for one in found],
        "has_others": any(one.session_id != here for one in found),
        "most": settings.DEVICES,
    }
    return render(request, "account/devices.html", shown)


def _end_as_asked(request: HttpRequest, reader: Reader, here: str, now: datetime) -> None:
    asked = request.POST.get("end", "")
    if asked == "others":
        devices.end_others(reader, but=here, now=now)
        messages.success(request, "You are signed in nowhere but here.")
    elif asked.isascii() and asked.isdecimal() and len(asked) < 18:
        if devices.end(reader, int(asked), but=here, now=now):
            messages.success(request, "That device is signed out.")
        else:
            messages.info(request, "That device was signed out already.")


class ConfirmCode(ConfirmLoginCodeView):
    """The code was asked for, so whoever types it owns the address; a password from before that proof is not
    theirs for certain.
    """

    def form_valid(self, form: Any) -> HttpResponse:
        reader = self._process.user
        if isinstance(form, ConfirmLoginCodeForm) and reader is not None:
            distrust_password(reader)
        response: HttpResponse = super().form_valid(form)
        return response
