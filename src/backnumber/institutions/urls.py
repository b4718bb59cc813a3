"""The address of the page that says on whose network a reader is."""

from django.urls import path

from backnumber.institutions import views

urlpatterns = [path("library/", views.library, name="library")]
