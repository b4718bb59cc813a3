from django.apps import AppConfig


class MeterConfig(AppConfig):
    name = "backnumber.meter"
    label = "meter"
    default_auto_field = "django.db.models.BigAutoField"
