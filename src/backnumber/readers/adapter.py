"""What allauth asks the site: where to go, what mails say, who may try again."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from backnumber.mail.addresses import cleaned
from backnumber.readers import limits
from backnumber.readers.client_address import address_of
from backnumber.readers.models import Reader
from backnumber.readers.next_address import local_address


class AccountAdapter(DefaultAccountAdapter):
    """allauth's hooks, as this site answers them."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account is closed. Write to us if that is a mistake.",
        "email_password_mismatch": "That address and password do not go together. Try again, or use a code.",
        "email_taken": "There is an account with this address already.",
        "enter_current_password": "That is not your present password.",
        "incorrect_code": "That is not the code we sent last. Check it, or have a new one sent.",
        "incorrect_password": "That is not your password.",
        "duplicate_email": "This is the address of your account already.",
        "too_many_login_attempts": "That was tried too often. Wait five minutes, or ask for a code.",
        "rate_limited": "A code was sent a moment ago. Look in your mail; in a minute you can have another.",
    }

    def clean_email(self, email: str) -> str:
        return cleaned(email)

    def is_safe_url(self, url: str) -> bool:
        return local_address(url) is not None

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        if not limits.may_try_password(request, credentials.get("email", "")):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return limits.counted_by(request, credentials.get("email", ""))

    def post_login(self, request: HttpRequest, user: Reader, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        limits.remember_browser(response, user.email)
        return response

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        _unless_too_often(request, emailconfirmation.email_address.email)
        super().send_confirmation_mail(request, emailconfirmation, signup)

    def send_account_already_exists_mail(self, email: str) -> None:
        _unless_too_often(context.request, email)
        super().send_account_already_exists_mail(email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Addresses in mails are the publisher's own, whatever host the request named."""
        known = {
            "site_name": settings.SITE_NAME,
            "site_address": settings.ADDRESS,
            "help_email": settings.HELP_EMAIL,
        }
        super().send_mail(template_prefix, email, {**context, **known})


def _unless_too_often(request: HttpRequest, email: str) -> None:
    """allauth's own limit on these is by account alone: a stranger's sign-ups would keep the address's owner from theirs."""
    if not limits.may_send_code(request, email):
        raise ImmediateHttpResponse(respond_429(request))
