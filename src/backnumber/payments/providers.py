"""Which provider takes the money: named by BACKNUMBER_PAYMENTS, looked up in plain sight."""

from django.conf import settings

from backnumber.payments.invoice.provider import Invoice
from backnumber.payments.provider import Provider, ProviderUnavailable
from backnumber.payments.stripe.provider import Stripe
from backnumber.payments.till.provider import Till


def provider(name: str) -> Provider:
    """Errors: LookupError for a provider there is not; ImproperlyConfigured for one that is not for here."""
    if name == Till.name:
        return Till()
    if name == Stripe.name:
        return Stripe()
    if name == Invoice.name:
        return Invoice()
    raise LookupError(f"there is no payment provider called {name!r}")


def current() -> Provider:
    """Promise: the provider for new payments. Errors: ProviderUnavailable when none is set up."""
    if settings.PAYMENTS == "none":
        raise ProviderUnavailable("no payment provider is set up")
    return provider(settings.PAYMENTS)


def taking_payments() -> bool:
    """Whether anything can be bought on the site at all."""
    return bool(settings.PAYMENTS != "none")
