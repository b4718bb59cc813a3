"""The till's own addresses, under /till/."""

from django.urls import path

from backnumber.payments.till import views

urlpatterns = [
    path("<str:key>/", views.till, name="till"),
    path("<str:key>/refund/", views.refund, name="till_refund"),
    path("<str:key>/dispute/", views.dispute, name="till_dispute"),
    path("<str:key>/card/", views.card, name="till_card"),
]
