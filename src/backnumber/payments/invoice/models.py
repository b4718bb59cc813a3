"""What is awaited by transfer or cheque, and what came. Nothing outside this folder reads it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from backnumber.money import Amount

OPEN_FOR = timedelta(days=30)  # a page that nobody answered


class AwaitedPayment(models.Model):
    """A payment that comes outside the site. `reference` is what the payer writes on it. `received_*` is what staff entered;
    the amount may be another than was asked for, which the truth then says.
    """

    class State(models.TextChoices):
        OPEN = "open", "The reader has not answered"
        PROMISED = "promised", "Awaited"
        RECEIVED = "received", "Received"
        CANCELLED = "cancelled", "Cancelled"

    class How(models.TextChoices):
        TRANSFER = "transfer", "Bank transfer"
        CHEQUE = "cheque", "Cheque"
        CARD = "card", "Card, taken by staff"
        CASH = "cash", "Cash"

    key = models.CharField(max_length=60, unique=True)
    reference = models.CharField(max_length=12, unique=True)
    request_key = models.CharField("our key", max_length=60, unique=True)
    order_key = models.CharField(max_length=40)
    minor = models.PositiveIntegerField("amount in minor units")
    currency = models.CharField(max_length=3)
    description = models.CharField(max_length=200)
    success_url = models.URLField(max_length=500)
    cancel_url = models.URLField(max_length=500)
    email = models.EmailField(blank=True)
    purchase_order = models.CharField("purchase order number", max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    received_on = models.DateField("date on the statement or cheque", null=True, blank=True)
    received_minor = models.PositiveIntegerField(null=True, blank=True)
    how = models.CharField(max_length=10, choices=How, blank=True)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("begun_at", "pk")
        verbose_name = "payment on invoice"
        verbose_name_plural = "payments on invoice"

    def __str__(self) -> str:
        return f"{self.reference}: {self.amount}, {self.description}"

    @property
    def amount(self) -> Amount:
        """Promise: what came, once it came; what was asked for until then."""
        return Amount(self.minor if self.received_minor is None else self.received_minor, self.currency)

    def has_expired(self, now: datetime) -> bool:
        return self.state == self.State.OPEN and now >= self.begun_at + OPEN_FOR

    def given_back(self, *, asked_for: bool = False) -> int:
        """Promise: what was sent back, in minor units; with `asked_for`, what is still to be sent too."""
        refunds = self.refunds.all() if asked_for else self.refunds.exclude(sent_at=None)
        return refunds.aggregate(sum=models.Sum("minor"))["sum"] or 0


class InvoiceRefund(models.Model):
    """Money to send back by hand; `sent_at` once staff say that they sent it."""

    key = models.CharField(max_length=60, unique=True)
    request_key = models.CharField("our key", max_length=60, unique=True)
    payment = models.ForeignKey(AwaitedPayment, models.PROTECT, related_name="refunds")
    minor = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("asked_at", "pk")

    def __str__(self) -> str:
        return f"{self.amount} of {self.payment.reference}"

    @property
    def amount(self) -> Amount:
        return Amount(self.minor, self.payment.currency)
