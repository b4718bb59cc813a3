"""Stripe: hosted Checkout with the payer present, charges of what they left without them. No subscription lives there."""
