"""Stripe, as far as Backnumber uses it: the same addresses, objects, errors and signatures, in memory and without money.

It is ours, so it is held to reality: `test_simulator_is_like_stripe.py` walks every field it sends against the SDK's own types.
"""

from tests.payments.stripe.simulator.account import Account
from tests.payments.stripe.simulator.errors import Refusal
from tests.payments.stripe.simulator.faults import Fault
from tests.payments.stripe.simulator.server import Simulator, running

__all__ = ["Account", "Fault", "Refusal", "Simulator", "running"]
