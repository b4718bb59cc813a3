"""Without key and secret, or with a stand-in in production, Stripe is not used and nothing starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from backnumber.payments import providers
from backnumber.payments.stripe.checks import stripe_is_set_up


@pytest.mark.parametrize(
    ("changed", "works"),
    [
        ({}, True),
        ({"STRIPE_SECRET_KEY": ""}, False),
        ({"STRIPE_SECRET_KEY": "pk_live_1"}, False),
        ({"STRIPE_WEBHOOK_SECRET": ""}, False),
        ({"STRIPE_WEBHOOK_SECRET": "whsec_1, nothing"}, False),
        ({"STRIPE_API_BASE": "http://localhost:1"}, False),
        ({"STRIPE_API_BASE": "http://localhost:1", "STRIPE_STANDIN": True}, True),
        ({"STRIPE_API_BASE": "http://localhost:1", "PRODUCTION": False}, True),
        ({"STRIPE_API_BASE": "https://api.stripe.com"}, True),
    ],
)
def test_nothing_starts_without_key_and_secret_or_with_a_stand_in_in_production(
    settings: Settings, changed: dict[str, object], works: bool
) -> None:
    good = {
        "PAYMENTS": "stripe", "PRODUCTION": True, "STRIPE_SECRET_KEY": "sk_live_1", "STRIPE_WEBHOOK_SECRET": "whsec_1",
        "STRIPE_API_BASE": "", "STRIPE_STANDIN": False,
    }  # fmt: skip
    for name, value in (good | changed).items():
        setattr(settings, name, value)
    assert ([one.id for one in stripe_is_set_up(None)] == []) is works
    if works:
        assert providers.current().name == "stripe"
    else:
        with pytest.raises(ImproperlyConfigured):
            providers.current()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({}, ""),
        ({"STRIPE_WEBHOOK_SECRET": ""}, "webhooks could be forged"),
        ({"STRIPE_SECRET_KEY": ""}, "STRIPE_SECRET_KEY"),
        ({"STRIPE_API_BASE": "http://localhost:1"}, "STRIPE_API_BASE"),
        ({"STRIPE_API_BASE": "http://localhost:1", "BACKNUMBER_STRIPE_STANDIN": "yes"}, ""),
        ({"STRIPE_WEBHOOK_SECRET": "", "BACKNUMBER_PAYMENTS": "none"}, ""),
    ],
)
def test_a_server_refuses_to_start(changed: dict[str, str], says: str, tmp_path: Path) -> None:
    good = {
        "BACKNUMBER_MODE": "production", "BACKNUMBER_SECRET_KEY": "s" * 60, "BACKNUMBER_ADDRESS": "https://a.example",
        "BACKNUMBER_PAYMENTS": "stripe", "STRIPE_SECRET_KEY": "sk_live_1", "STRIPE_WEBHOOK_SECRET": "whsec_1",
        "BACKNUMBER_VAR": str(tmp_path), "PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path),
    }  # fmt: skip
    started = "from django.conf import settings; print('started', settings.PAYMENTS)"
    command = [sys.executable, "-c", started]
    environment = {**good, **changed, "DJANGO_SETTINGS_MODULE": "backnumber.settings"}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (ran.returncode == 0) is not bool(says)
    assert (says or "started") in ran.stdout + ran.stderr


def test_stripe_that_is_not_chosen_needs_no_settings_and_hears_nothing(settings: Settings) -> None:
    settings.PAYMENTS = "till"
    assert stripe_is_set_up(None) == []
    with pytest.raises(ImproperlyConfigured):
        providers.provider("stripe")
