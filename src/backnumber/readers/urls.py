"""The addresses of accounts, under allauth's names. Only what is used: no link in a mail confirms or resets
anything.
"""

from allauth.account import views as allauth
from django.urls import path

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
]
