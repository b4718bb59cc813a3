"""Refuses a site that would take payments by Stripe and cannot know what became of them. Nothing starts with such settings
(`configuration`); the same is asked here of the settings in use.
"""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from backnumber import configuration


def problems() -> list[tuple[str, str]]:
    """Promise: what is wrong with Stripe's settings, each with what to do."""
    return configuration.problems_of_stripe(
        key=settings.STRIPE_SECRET_KEY,
        webhook_secrets=secrets(),
        base=settings.STRIPE_API_BASE,
        production=settings.PRODUCTION,
        stand_in_is_allowed=settings.STRIPE_STANDIN,
    )


def secrets() -> list[str]:
    """Promise: what webhooks may be signed with: one, two while it is changed."""
    return configuration.words_of(settings.STRIPE_WEBHOOK_SECRET)


def stripe_is_set_up(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001  # named by Django
    """Promise: an error for each setting without which Stripe must not be used."""
    found = problems() if settings.PAYMENTS == "stripe" else []
    return [Error(what, hint=do, id="backnumber.E012") for what, do in found]
