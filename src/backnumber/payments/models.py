"""What we asked of a provider and what it told us. The order is known by its key only: orders live in a
higher room.
"""

from django.db import models

from backnumber.money import Amount
from backnumber.payments.provider import PaymentState


class Payment(models.Model):
    """One attempt to pay an order. Amount and currency are what we asked for; `problem` is what staff must
    look at.
    """

    STATES = [(state.value, state.value.capitalize()) for state in PaymentState]

    provider = models.CharField(max_length=20)
    key = models.CharField("the provider's key", max_length=120)
    order_key = models.CharField(max_length=40)
    attempt = models.PositiveSmallIntegerField(default=1)
    minor = models.PositiveIntegerField("amount in minor units")
    currency = models.CharField(max_length=3)
    address = models.URLField("where the reader pays", max_length=500)
    state = models.CharField(max_length=12, choices=STATES, default=PaymentState.OPEN.value)
    begun_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    refunded_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField("for staff to look at", max_length=300, blank=True)

    class Meta:
        ordering = ("order_key", "attempt")
        constraints = [
            models.UniqueConstraint(fields=["provider", "key"], name="one_payment_per_key"),
            models.UniqueConstraint(fields=["order_key", "attempt"], name="one_payment_per_attempt"),
        ]
        indexes = [models.Index(fields=["state", "begun_at"])]

    def __str__(self) -> str:
        return f"{self.amount} by {self.provider}, {self.get_state_display()}"

    @property
    def amount(self) -> Amount:
        return Amount(self.minor, self.currency)


class WebhookEvent(models.Model):
    """A verified event, recorded in the same transaction as its effect; its second arrival finds it here."""

    class Outcome(models.TextChoices):
        APPLIED = "applied", "Applied"
        IGNORED = "ignored", "Of no concern to us"
        REJECTED = "rejected", "Rejected: for staff to look at"

    provider = models.CharField(max_length=20)
    event_id = models.CharField("the provider's id", max_length=120)
    type = models.CharField(max_length=60)
    payment_key = models.CharField(max_length=120, blank=True, db_index=True)
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.APPLIED)

    class Meta:
        ordering = ("-received_at", "-id")
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="one_record_per_event")]

    def __str__(self) -> str:
        return f"{self.type} ({self.event_id})"
