from django.apps import AppConfig
from django.core.checks import register

from backnumber.payments.stripe.checks import stripe_is_set_up


class StripeConfig(AppConfig):
    name = "backnumber.payments.stripe"
    label = "stripe"

    def ready(self) -> None:
        register(stripe_is_set_up)
