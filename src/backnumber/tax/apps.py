from django.apps import AppConfig


class TaxConfig(AppConfig):
    name = "backnumber.tax"
    label = "tax"
    default_auto_field = "django.db.models.BigAutoField"
