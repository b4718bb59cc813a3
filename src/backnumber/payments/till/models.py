"""The till's own book: what a bank would know. Nothing outside this folder reads it."""

from datetime import datetime, timedelta

from django.db import models

from backnumber.money import Amount

OPEN_FOR = timedelta(hours=24)


class TillMandate(models.Model):
    """A demo card that may be charged again, and what becomes of charges to it."""

    class Later(models.TextChoices):
        GOES_THROUGH = "goes-through", "Goes through"
        DECLINED = "declined", "Is declined"
        WANTS_CONFIRMATION = "wants-confirmation", "Wants the payer’s confirmation"
        SETTLES_LATER = "settles-later", "Settles after twelve seconds"

    key = models.CharField(max_length=60, unique=True)
    digits = models.CharField("last four digits", max_length=4)
    later = models.CharField("a later charge", max_length=20, choices=Later, default=Later.GOES_THROUGH)
    forgotten_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Demo card ending {self.digits}"


class TillPayment(models.Model):
    """A payment page and what was done on it, or a charge to a card that was kept. `settles_at` is set when the reader has
    paid; before it, the money is on its way.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"
        CANCELLED = "cancelled", "Cancelled"
        REFUNDED = "refunded", "Refunded"

    class Dispute(models.TextChoices):
        NONE = "", "None"
        OPENED = "opened", "Opened"
        WON = "won", "Won"
        LOST = "lost", "Lost"

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
    keeps_mandate = models.BooleanField(default=False)
    mandate = models.ForeignKey(TillMandate, models.PROTECT, null=True, blank=True)
    decline = models.CharField(max_length=20, blank=True)
    dispute = models.CharField(max_length=10, choices=Dispute, default=Dispute.NONE, blank=True)
    disputed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField("the dispute was decided", null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.description}, {self.amount}"

    @property
    def amount(self) -> Amount:
        return Amount(self.minor, self.currency)

    def has_expired(self, now: datetime) -> bool:
        return self.state == self.State.OPEN and now >= self.begun_at + OPEN_FOR

    def has_settled(self, now: datetime) -> bool:
        return self.state == self.State.APPROVED and self.settles_at is not None and self.settles_at <= now

    def given_back(self) -> int:
        """Promise: what refunds gave back, in minor units."""
        if self.state == self.State.REFUNDED:
            return self.minor
        if self.refunded_at is None:
            return 0
        return self.refunds.aggregate(sum=models.Sum("minor"))["sum"] or 0


class TillRefund(models.Model):
    """Money that went back, whole or in part."""

    key = models.CharField(max_length=60, unique=True)
    request_key = models.CharField("the shop's key", max_length=60, unique=True)
    payment = models.ForeignKey(TillPayment, models.PROTECT, related_name="refunds")
    minor = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{Amount(self.minor, self.payment.currency)} of {self.payment}"


class TillCardPage(models.Model):
    """A page where the payer gives another card."""

    key = models.CharField(max_length=60, unique=True)
    request_key = models.CharField("the shop's key", max_length=60, unique=True)
    success_url = models.URLField(max_length=500)
    cancel_url = models.URLField(max_length=500)
    begun_at = models.DateTimeField()
    mandate = models.ForeignKey(TillMandate, models.PROTECT, null=True, blank=True)

    def __str__(self) -> str:
        return f"Another card, {self.begun_at:%d %B %Y}"
