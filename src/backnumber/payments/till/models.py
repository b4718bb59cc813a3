"""The till's own book: what a bank would know. Nothing outside this folder reads it."""

from datetime import datetime, timedelta

from django.db import models

from backnumber.money import Amount

OPEN_FOR = timedelta(hours=24)


class TillPayment(models.Model):
    """A payment page and what was done on it. `settles_at` is set when the reader has paid; before it, the
    money is on its way.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"
        CANCELLED = "cancelled", "Cancelled"
        REFUNDED = "refunded", "Refunded"

    key = models.CharField(max_length=60, unique=True)
    request_key = models.CharField("the shop's key", max_length=60, unique=True)
    order_key = models.CharField(max_length=40)
    minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    description = models.CharField(max_length=200)
    success_url = models.URLField(max_length=500)
    cancel_url = models.URLField(max_length=500)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    begun_at = models.DateTimeField()
    settles_at = models.DateTimeField(null=True, blank=True)
    refunded_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.description}, {self.amount}"

    @property
    def amount(self) -> Amount:
        return Amount(self.minor, self.currency)

    def has_expired(self, now: datetime) -> bool:
        return self.state == self.State.OPEN and now >= self.begun_at + OPEN_FOR
