"""The address of the claim page."""

from django.urls import path

from backnumber.circulation import views

urlpatterns = [path("claim/", views.claim, name="claim")]
