"""An order: what a reader asked for, at the price of that moment, and where it went from there."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from backnumber.money import Amount
from backnumber.products.models import Region

SHORT_DAYS = 7


def new_key() -> str:
    """Promise: 128 bits nobody guesses, fit for an address."""
    return secrets.token_urlsafe(16)


class Order(models.Model):
    """Price, region and postal address are copied in when it is placed and never change after.

    `begins` and `until` are the term paid for (no `until`: without end); they may be brought forward until it begins. `anchor` is when the chain of terms it
    extends began, and `months_before` how many months of that chain lie before it, so that the day of the month never
    drifts. `article` is where the reader came from and, when a single piece is bought, what is bought.
    """

    class State(models.TextChoices):
        OPEN = "open", "Not yet paid"
        PAID = "paid", "Paid"
        DECLINED = "declined", "Declined"
        CANCELLED = "cancelled", "Cancelled"
        REFUNDED = "refunded", "Refunded"

    key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="orders"
    )
    email = models.EmailField("e-mail at the time")
    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+")
    label = models.CharField("what was bought", max_length=200)
    months = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField(default=0)
    minor = models.PositiveIntegerField("amount in minor units")
    currency = models.CharField(max_length=3)
    region = models.CharField(max_length=12, choices=Region)
    address = models.JSONField("postal address", null=True, blank=True)
    article = models.ForeignKey(
        "archive.Article", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    placed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    refunded_at = models.DateTimeField(null=True, blank=True)
    begins = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField("until, exclusive", null=True, blank=True)
    anchor = models.DateTimeField(null=True, blank=True)
    months_before = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("-placed_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["reader", "product"], condition=Q(state="open"), name="one_open_order_per_product"
            ),
            models.CheckConstraint(
                condition=~Q(state="paid")
                | Q(until__isnull=False, begins__isnull=False, begins__lt=models.F("until"))
                | Q(until__isnull=True, begins__isnull=False, months=0, days=0),
                name="paid_order_has_a_term",
            ),
        ]

    def __str__(self) -> str:
        return f"Order {self.number}: {self.label}"

    @property
    def number(self) -> str:
        """As people say it on the telephone; the key, not this, is what opens its pages."""
        return f"{self.pk:06d}"

    @property
    def amount(self) -> Amount:
        return Amount(self.minor, self.currency)

    @property
    def is_short(self) -> bool:
        """Whether the hour at which it ends matters."""
        return 0 < self.days <= SHORT_DAYS

    @property
    def is_settled(self) -> bool:
        return self.state in {self.State.PAID, self.State.REFUNDED}

    def get_absolute_url(self) -> str:
        return reverse("receipt", args=[self.key])


class FormKey(models.Model):
    """A form of the buying page that was sent, by the key it carried, and an order it led to."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField("the form's key", max_length=40)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="form_keys")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader", "key", "order"], name="form_key_leads_to_order_once")
        ]

    def __str__(self) -> str:
        return self.key
