from django.apps import AppConfig
from django.core.checks import register

from backnumber.payments.till.checks import payments_are_set_up


class TillConfig(AppConfig):
    name = "backnumber.payments.till"
    label = "till"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(payments_are_set_up)
