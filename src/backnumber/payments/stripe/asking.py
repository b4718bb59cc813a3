"""How Stripe is asked: one client for the process, and what its errors mean to us."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import stripe
from django.conf import settings

from backnumber.configuration import STRIPES_OWN
from backnumber.payments.provider import ProviderRefused, ProviderUnavailable

logger = logging.getLogger(__name__)

API_VERSION = "2026-10-28.endive"  # what this code was written and tested for; Stripe keeps answering in it
TIMEOUT_SECONDS = 10
RETRIES = 2  # of lines that broke and of "try again"; each POST has a key, so that none counts twice


def client() -> stripe.StripeClient:
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE or STRIPES_OWN)


@lru_cache(maxsize=4)
def _client(key: str, base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        stripe_version=API_VERSION,
        base_addresses={"api": base},
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


@contextmanager
def asking() -> Iterator[None]:
    """Errors: ProviderRefused for what Stripe will never do; ProviderUnavailable for all else, an answer that makes no sense
    among it. A declined card is no error: `charging` catches it within.
    """
    try:
        yield
    except stripe.IdempotencyError as error:
        raise ProviderRefused(f"Stripe was asked for something else under this key: {error}") from error
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        raise ProviderRefused(str(error)) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        logger.error("Stripe does not accept STRIPE_SECRET_KEY: %s", error.code)
        raise ProviderUnavailable("Stripe does not accept our key") from error
    except (stripe.StripeError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise ProviderUnavailable(f"{type(error).__name__}: {error}") from error


def is_missing(error: stripe.StripeError) -> bool:
    """Whether Stripe knows nothing under that key."""
    return isinstance(error, stripe.InvalidRequestError) and error.code == "resource_missing"


def stamped(key: str, step: str) -> stripe.RequestOptions:
    """Promise: options by which a POST with our key is done once, however often it is sent."""
    return {"idempotency_key": f"{key}-{step}"}
