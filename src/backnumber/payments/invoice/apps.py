from django.apps import AppConfig


class InvoiceConfig(AppConfig):
    name = "backnumber.payments.invoice"
    label = "invoice"
    verbose_name = "Payments on invoice"
    default_auto_field = "django.db.models.BigAutoField"
