"""Refuses a production site that would hand out subscriptions for no money."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error


def payments_are_set_up(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001  # named by Django
    """Promise: an error when BACKNUMBER_PAYMENTS is unknown, or is the till in production."""
    if settings.PAYMENTS not in {"stripe", "invoice", "till", "none"}:
        return [
            Error(
                f"BACKNUMBER_PAYMENTS is {settings.PAYMENTS!r}.",
                hint="Set it to 'stripe', 'invoice', 'till' or 'none'.",
                id="backnumber.E011",
            )
        ]
    if settings.PRODUCTION and settings.PAYMENTS == "till":
        return [
            Error(
                "The demo till takes no money and refuses to run in production.",
                hint="Set BACKNUMBER_PAYMENTS to 'stripe', 'invoice' or 'none', or BACKNUMBER_MODE to 'demo'.",
                id="backnumber.E010",
            )
        ]
    return []
