"""The forms of sign-in and sign-up: allauth's, in our words. Labels stand above fields, and one password
field is enough.
"""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.http import HttpRequest, HttpResponse

from backnumber.characters import one_line
from backnumber.mail.addresses import cleaned, nearest_spelling
from backnumber.readers.limits import may_send_code
from backnumber.readers.models import Reader

PASSWORD_HELP = "At least ten characters. A sentence you will remember is better than a word you will not."  # noqa: S105


class PlainFields:
    """Our labels, no placeholders: a placeholder is gone when it is needed."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    labels = {
        "login": "E-mail address",
        "email": "E-mail address",
        "password": "Password",
        "oldpassword": "Present password",
        "password1": "Password",
        "code": "Code",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            if name in {"password", "oldpassword"}:
                field.help_text = ""
            if name == "password1":
                field.help_text = PASSWORD_HELP
            if isinstance(field, forms.CharField) and getattr(field.widget, "input_type", "") == "text":
                field.validators.append(one_line)
            if name == "code":
                field.widget.attrs.update({"autocapitalize": "characters", "spellcheck": "false"})

    def clean_email(self) -> str:
        """One mailbox has one spelling, whatever was typed."""
        self.cleaned_data["email"] = cleaned(self.cleaned_data["email"])
        return str(super().clean_email())  # type: ignore[misc]  # of allauth's forms that have the field


class PlainForm(forms.Form):
    """A form of our own in the same manner."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class SignInForm(PlainFields, allauth.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"

    def clean_login(self) -> str:
        return nearest_spelling(super().clean_login())


class SignUpForm(PlainFields, allauth.SignupForm):
    def try_save(self, request: HttpRequest) -> tuple[Reader | None, HttpResponse | None]:
        """An address that is known takes as long as one that is new: the password is hashed all the same."""
        if self.account_already_exists:
            Reader().set_password(self.cleaned_data.get("password1"))
        saved: tuple[Reader | None, HttpResponse | None] = super().try_save(request)
        return saved


class RequestCodeForm(PlainFields, allauth.RequestLoginCodeForm):
    def clean_email(self) -> str:
        email: str = super().clean_email()
        return _unless_too_often(email)


class RequestResetForm(PlainFields, allauth.ResetPasswordForm):
    def clean_email(self) -> str:
        email: str = super().clean_email()
        return _unless_too_often(email)


def _unless_too_often(email: str) -> str:
    if not may_send_code(context.request, email):
        raise get_adapter().validation_error("rate_limited")
    return email


class CodeForm(PlainFields, allauth.ConfirmLoginCodeForm):
    pass


class EmailCodeForm(PlainFields, allauth.ConfirmEmailVerificationCodeForm):
    pass


class ResetCodeForm(PlainFields, allauth.ConfirmPasswordResetCodeForm):
    pass


class NewPasswordForm(PlainFields, allauth.ResetPasswordKeyForm):
    labels = {**PlainFields.labels, "password1": "New password"}
    password2 = None


class SetPasswordForm(PlainFields, allauth.SetPasswordForm):
    password2 = None


class ChangePasswordForm(PlainFields, allauth.ChangePasswordForm):
    labels = {**PlainFields.labels, "password1": "New password"}
    password2 = None


class ChangeEmailForm(PlainFields, allauth.AddEmailForm):
    labels = {**PlainFields.labels, "email": "New e-mail address"}

    def clean_email(self) -> str:
        email: str = super().clean_email()
        return _unless_too_often(email)


class PasswordAgainForm(PlainFields, allauth.ReauthenticateForm):
    pass


class _CodeOfApp(PlainFields):
    labels = {**PlainFields.labels, "code": "Code", "name": "A name for it"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name == "code":
                field.widget.attrs.update({"autocomplete": "one-time-code", "inputmode": "numeric"})


class SecondFactorForm(_CodeOfApp, AuthenticateForm):
    pass


class SecondFactorAgainForm(_CodeOfApp, ReauthenticateForm):
    pass


class ActivateAppForm(_CodeOfApp, ActivateTOTPForm):
    pass


class AddKeyForm(_CodeOfApp, AddWebAuthnForm):
    """Nobody signs in by a passkey alone: it is the second step here."""
