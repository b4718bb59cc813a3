"""The pages of the second factor: allauth's views, for the staff alone, and what they must do besides."""

from typing import Any

from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from backnumber.readers import second_factor
from backnumber.readers.models import Reader

__all__ = ["ActivateApp", "AddKey", "Index"]


class _OfStaff(LoginRequiredMixin):
    """Not there for who needs no second factor and has none."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reader = request.user
        if isinstance(reader, Reader) and not (
            second_factor.is_needed(reader) or second_factor.has_one(reader)
        ):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def note_given(self) -> None:
        assert isinstance(self.request.user, Reader)
        second_factor.note_given(self.request.session, self.request.user)


class Index(_OfStaff, IndexView):
    """What somebody has, and what may be added."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        keys = Authenticator.objects.filter(user_id=self.request.user.pk, type=Authenticator.Type.WEBAUTHN)
        return {
            **super().get_context_data(**kwargs),
            "keys": [(one, one.wrap().name) for one in keys],
            "is_whole": not second_factor.is_missing(self.request),
        }


class ActivateApp(_OfStaff, ActivateTOTPView):
    """A code of the app was typed just now: it counts as given."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        self.note_given()
        return response


class AddKey(_OfStaff, AddWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        self.note_given()
        return response
