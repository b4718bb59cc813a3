"""Stripe, simulated, for the tests of this folder."""

from collections.abc import Iterator

import pytest
import stripe
from pytest_django.fixtures import Settings

from tests.payments.rigs import StripeRig, stripe_rig


@pytest.fixture
def at_stripe(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeRig]:
    """The SDK waits hardly at all between its tries."""
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.01)
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0.01)
    with stripe_rig(settings) as rig:
        yield rig
