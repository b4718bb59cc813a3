"""Where a reader sees how to pay."""

from django.urls import path

from backnumber.payments.invoice import views

urlpatterns = [path("pay-on-invoice/<str:key>/", views.pay_on_invoice, name="pay_on_invoice")]
