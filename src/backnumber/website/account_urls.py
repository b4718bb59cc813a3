"""The addresses of the account page; signing in has its own in `readers.urls`."""

from django.urls import path

from backnumber.website import account

urlpatterns = [
    path("", account.account, name="account"),
    path("address/<int:key>/", account.address, name="account_address"),
    path("data/", account.data, name="account_data"),
    path("delete/", account.delete, name="account_delete"),
    path("deleted/", account.deleted, name="account_deleted"),
]
