"""The addresses of help."""

from django.urls import path

from backnumber.helpdesk import views

urlpatterns = [
    path("help/", views.help_page, name="help"),
    path("help/why/", views.why, name="why"),
]
