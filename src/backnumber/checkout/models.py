"""An order: what a reader asked for, at the price of that moment, and where it went from there."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from backnumber.access import Evidence
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
    drifts. Of a subscription it pays the `term` of that number. `article` is where the reader came from and, when a single piece is bought, what is bought.

    An order of a gift is its donor's, and has no term: it `begins` when it is paid. What the recipient has is another order, of nothing
    to pay, which names the `present` and has the term.
    """

    class Kind(models.TextChoices):
        OWN = "own", "For the reader"
        GIFT = "gift", "A gift for somebody else"
        REDEEMED = "redeemed", "What a redeemed gift gives"

    class State(models.TextChoices):
        OPEN = "open", "Not yet paid"
        PAID = "paid", "Paid"
        DECLINED = "declined", "Declined"
        CANCELLED = "cancelled", "Cancelled"
        REFUNDED = "refunded", "Refunded"
        DISPUTED = "disputed", "Disputed at the bank"

    wagtail_reference_index_ignore = True  # no page of the admin asks what orders refer to

    key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.OWN)
    present = models.OneToOneField(
        "presents.Present", on_delete=models.PROTECT, null=True, blank=True, related_name="redeemed_order"
    )
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
    renews = models.BooleanField("the reader agreed that it renews", default=False)
    subscription = models.ForeignKey(
        "renewals.Subscription", on_delete=models.SET_NULL, null=True, blank=True, related_name="orders"
    )
    renewal_minor = models.PositiveIntegerField(
        "what each renewal costs, in minor units", null=True, blank=True
    )
    renewal_months = models.PositiveSmallIntegerField("how long each renewed term is", null=True, blank=True)
    term = models.PositiveIntegerField("number of the subscription's term", default=1)
    voucher = models.ForeignKey(
        "products.Voucher", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    off_minor = models.PositiveIntegerField("what the voucher took off, in minor units", default=0)
    voucher_kept_until = models.DateTimeField(
        "until when its use is kept, while it is not paid", null=True, blank=True
    )
    seats = models.PositiveSmallIntegerField("seats, of a group", default=0)
    group = models.ForeignKey(
        "groups.Group", on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    restored = models.PositiveSmallIntegerField("times the right came back after a dispute", default=0)

    class Meta:
        ordering = ("-placed_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["reader", "product"],
                condition=Q(state="open", subscription__isnull=True, kind="own"),
                name="one_open_order_per_product",
            ),
            models.UniqueConstraint(
                fields=["subscription", "term"], name="one_order_for_a_term_of_a_subscription"
            ),
            models.CheckConstraint(
                condition=~Q(state="paid")
                | Q(until__isnull=False, begins__isnull=False, begins__lt=models.F("until"))
                | Q(until__isnull=True, begins__isnull=False, months=0, days=0)
                | Q(until__isnull=True, begins__isnull=False, kind="gift"),
                name="paid_order_has_a_term",
            ),
            models.CheckConstraint(
                condition=Q(kind="redeemed", present__isnull=False, minor=0)
                | (~Q(kind="redeemed") & Q(present__isnull=True)),
                name="what_a_gift_gives_names_it_and_costs_nothing",
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
    def off(self) -> Amount | None:
        """What its voucher took off; `amount` is what is paid all the same."""
        return Amount(self.off_minor, self.currency) if self.off_minor else None

    @property
    def email_now(self) -> str:
        """Where mail about it goes: the reader's present address, which may have changed since."""
        return self.reader.email if self.reader else self.email

    @property
    def renewal_amount(self) -> Amount | None:
        """What each renewal costs, when it renews."""
        return Amount(self.renewal_minor, self.currency) if self.renews and self.renewal_minor else None

    @property
    def evidence_key(self) -> str:
        """What its grant rests on: the order, and which time it was given, for a right that came back is a new grant."""
        return f"{self.key}.{self.restored}" if self.restored else self.key

    @property
    def evidence(self) -> Evidence:
        """What kind of evidence its grant has."""
        return Evidence.GIFT if self.kind == self.Kind.REDEEMED else Evidence.PAYMENT

    @property
    def is_gift(self) -> bool:
        """Whether it was bought for somebody else."""
        return self.kind == self.Kind.GIFT

    @property
    def is_short(self) -> bool:
        """Whether the hour at which it ends matters."""
        return 0 < self.days <= SHORT_DAYS

    @property
    def is_settled(self) -> bool:
        return self.state in {self.State.PAID, self.State.REFUNDED, self.State.DISPUTED}

    def get_absolute_url(self) -> str:
        """Its receipt; what a gift gives has none, and stands on the account page."""
        return reverse("account") if self.kind == self.Kind.REDEEMED else reverse("receipt", args=[self.key])


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
