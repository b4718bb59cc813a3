"""The addresses of accounts, under allauth's names. Only what is used: no link in a mail confirms or resets
anything.
"""

from allauth.account import views as allauth
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as keys
from django.urls import path

from backnumber.readers import second_factor_views as second_factor
from backnumber.readers.views import ConfirmCode, SignIn, devices_page

urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="account_login"),
    path("sign-in/code/", allauth.request_login_code, name="account_request_login_code"),
    path("sign-in/code/confirm/", ConfirmCode.as_view(), name="account_confirm_login_code"),
    path("sign-out/", allauth.logout, name="account_logout"),
    path("sign-up/", allauth.signup, name="account_signup"),
    path("devices/", devices_page, name="account_devices"),
    path("closed/", allauth.account_inactive, name="account_inactive"),
    path("password-again/", allauth.reauthenticate, name="account_reauthenticate"),
    path("email/", allauth.email, name="account_email"),
    path("email/confirm/", allauth.email_verification_sent, name="account_email_verification_sent"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/set/", allauth.password_set, name="account_set_password"),
    path("password/reset/", allauth.password_reset, name="account_reset_password"),
    path(
        "password/reset/confirm/",
        allauth.confirm_password_reset_code,
        name="account_confirm_password_reset_code",
    ),
    path("password/reset/new/", allauth.complete_password_reset, name="account_complete_password_reset"),
    path(
        "password/reset/done/", allauth.password_reset_from_key_done, name="account_password_reset_completed"
    ),
    path("second-factor/", second_factor.Index.as_view(), name="mfa_index"),
    path("second-factor/sign-in/", mfa.authenticate, name="mfa_authenticate"),
    path("second-factor/again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/again/key/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("second-factor/app/", second_factor.ActivateApp.as_view(), name="mfa_activate_totp"),
    path("second-factor/app/remove/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/keys/", second_factor.Index.as_view(), name="mfa_list_webauthn"),
    path("second-factor/keys/add/", second_factor.AddKey.as_view(), name="mfa_add_webauthn"),
    path("second-factor/keys/<int:pk>/remove/", keys.remove_webauthn, name="mfa_remove_webauthn"),
    path("second-factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
