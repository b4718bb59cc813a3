"""Sign-in by a code: allauth's view, and what it must do besides."""

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm
from allauth.account.views import ConfirmLoginCodeView
from django.http import HttpResponse

from backnumber.readers.service import distrust_password


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
