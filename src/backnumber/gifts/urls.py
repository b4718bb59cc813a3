"""The addresses of gift links. What opens one is the article's own address."""

from django.urls import path

from backnumber.gifts import views

urlpatterns = [
    path("gifts/new/", views.gift_new, name="gift_new"),
    path("gifts/make/", views.gift_make, name="gift_make"),
    path("account/gifts/", views.gifts, name="gifts"),
    path("account/gifts/<int:key>/revoke/", views.gift_revoke, name="gift_revoke"),
]
