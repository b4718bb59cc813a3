"""Buying: from an offer to a grant, by way of an order and a payment."""
