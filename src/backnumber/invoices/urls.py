"""The addresses of invoices and credit notes, by their keys."""

from django.urls import path

from backnumber.invoices import views

urlpatterns = [
    path("account/invoices/<slug:key>/", views.invoice, name="invoice"),
    path("account/invoices/<slug:key>.pdf", views.pdf, name="invoice_pdf"),
]
