"""`python -m tests.payments.stripe.simulator`: Stripe for a rehearsal. Ends with the interrupt key."""

import argparse
import time

from tests.payments.stripe.simulator import Account, running
from tests.payments.stripe.simulator.objects import webhook_endpoint

DELAYED_SECONDS = 15


def main() -> None:
    parser = argparse.ArgumentParser(description="Stripe, simulated: no money moves.")
    parser.add_argument("--port", type=int, default=12111)
    parser.add_argument(
        "--key", default="sk_live_simulated", help="the secret key; sk_test_… makes it a test account"
    )
    parser.add_argument("--secret", default="whsec_simulated", help="what webhooks are signed with")
    parser.add_argument(
        "--webhook", default="http://localhost:8000/checkout/webhook/stripe/", help="where events are sent"
    )
    given = parser.parse_args()
    account = Account(live="_live_" in given.key, key=given.key)
    account.keep(
        webhook_endpoint(given.webhook, ["*"], now=account.at(), live=account.live, version=account.version)
    )
    with running(account, port=given.port, secret=given.secret) as simulator:
        simulator.webhooks.address = given.webhook
        print(
            f"STRIPE_API_BASE={simulator.base} STRIPE_SECRET_KEY={given.key} STRIPE_WEBHOOK_SECRET={given.secret}",
            flush=True,
        )
        _go_on(simulator.account, simulator.webhooks.deliver)


def _go_on(account: Account, deliver: object) -> None:
    """Sends what happens, and settles what waits for a bank."""
    assert callable(deliver)
    try:
        while True:
            for intent in account.every("payment_intent", status="processing"):
                charge = account.things[intent["latest_charge"]]
                if account.at() - charge["created"] >= DELAYED_SECONDS:
                    found = account.every("checkout.session", payment_intent=intent["id"])
                    account.settle(found[0]["id"] if found else intent["id"])
            deliver()
            time.sleep(1)
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
