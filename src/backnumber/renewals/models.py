"""A subscription: the agreement that a term is followed by another. What it gives to read is a grant for each term paid for."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from backnumber.money import Amount
from backnumber.payments.provider import Decline
from backnumber.products.models import Region


def new_key() -> str:
    """Promise: 128 bits nobody guesses, fit for an address."""
    return secrets.token_urlsafe(16)


class Subscription(models.Model):
    """What renews: this product, for so many months at a time, at the price agreed (it stays when the list changes, until a day that
    was told), charged to this mandate.

    It is paid until just before `paid_until`. `acts_at` is when something is next to be done about it: charge, try again, resume or
    end; empty once it has ended. `term` counts its terms. `anchor` and `months_before` keep the day of the month, as on orders.
    """

    class State(models.TextChoices):
        ACTIVE = "active", "Renews"
        ENDING = "ending", "Ends when the paid term does"
        UNPAID = "unpaid", "Payment failed"
        PAUSED = "paused", "Paused"
        ENDED = "ended", "Ended"

    class Ended(models.TextChoices):
        CANCELLED = "cancelled", "Cancelled"
        UNPAID = "unpaid", "Not paid"
        REFUNDED = "refunded", "Refunded"
        DISPUTED = "disputed", "Disputed at the bank"
        DELETED = "deleted", "Account deleted"
        STAFF = "staff", "Ended by staff"

    DECLINES = [(decline.value, decline.value) for decline in Decline]

    key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="subscriptions"
    )
    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+")
    first_order = models.CharField("key of the order it began with", max_length=40, unique=True)
    months = models.PositiveSmallIntegerField()
    minor = models.PositiveIntegerField("amount of a term in minor units")
    currency = models.CharField(max_length=3)
    region = models.CharField(max_length=12, choices=Region)
    address = models.JSONField("postal address", null=True, blank=True)
    provider = models.CharField(max_length=20)
    mandate_key = models.CharField(max_length=200, blank=True)
    mandate_label = models.CharField("card or account", max_length=80, blank=True)
    mandate_expires = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    began_at = models.DateTimeField()
    term = models.PositiveIntegerField("number of the term that is paid for", default=1)
    paid_until = models.DateTimeField("paid until, exclusive")
    anchor = models.DateTimeField()
    months_before = models.PositiveIntegerField("months from the anchor to `paid_until`", default=0)
    acts_at = models.DateTimeField("next to be looked at", null=True, blank=True)
    failures = models.PositiveSmallIntegerField("times the renewal has failed", default=0)
    decline = models.CharField("why it failed", max_length=16, choices=DECLINES, blank=True)
    card_asked = models.CharField(
        "a change of card that was begun, by the provider's key", max_length=200, blank=True
    )
    cards = models.PositiveIntegerField("changes of card begun", default=0)
    paused_until = models.DateTimeField(null=True, blank=True)
    next_product = models.ForeignKey(
        "products.Product", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    seats = models.PositiveSmallIntegerField("seats, of a group", default=0)
    next_seats = models.PositiveSmallIntegerField("seats from the next term on", null=True, blank=True)
    next_minor = models.PositiveIntegerField("a later price in minor units", null=True, blank=True)
    next_from = models.DateTimeField("from renewals at or after", null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=10, choices=Ended, blank=True)

    class Meta:
        ordering = ("-began_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["reader", "product"],
                condition=~Q(state="ended"),
                name="one_living_subscription_per_product",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False, acts_at__isnull=True)
                | (~Q(state="ended") & Q(ended_at__isnull=True)),
                name="subscription_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="paused") | Q(paused_until__isnull=False), name="a_pause_has_an_end"
            ),
        ]
        indexes = [
            models.Index(fields=["acts_at"], condition=~Q(state="ended"), name="subscriptions_to_act_on")
        ]

    def __str__(self) -> str:
        return f"{self.product.name}, {self.get_state_display().lower()}"

    @property
    def amount(self) -> Amount:
        """What a term costs now."""
        return Amount(self.minor, self.currency)

    @property
    def renews(self) -> bool:
        """Whether more is to be charged when the paid term is over."""
        return self.state in {self.State.ACTIVE, self.State.UNPAID, self.State.PAUSED}

    @property
    def has_ended(self) -> bool:
        return self.state == self.State.ENDED

    def get_absolute_url(self) -> str:
        return reverse("subscription", args=[self.key])


class Notice(models.Model):
    """A mail that was sent about a subscription or an order, so that it is sent once: `kind` of mail, about the term that ends at `due`."""

    about = models.CharField("key of the subscription or order", max_length=40)
    kind = models.CharField(max_length=20)
    due = models.DateTimeField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["about", "kind", "due"], name="one_notice_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.about}"
