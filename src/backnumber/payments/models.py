"""What we asked of a provider and what it told us. The order is known by its key only: orders live in a
higher room.
"""

from django.db import models
from django.db.models import F, Q

from backnumber.money import Amount
from backnumber.payments.provider import Decline, Mandate, PaymentState, PaymentTruth, RefundState


class Payment(models.Model):
    """One attempt to pay an order. Amount and currency are what we asked for; `problem` is what staff must
    look at.

    The row is made before the provider is asked, so that an attempt has one durable key whatever happens in between; until the
    provider has answered it has no `key`. The truth last heard stands in it. `asked` counts how often the truth was asked for, and
    `heard` is the number of the question whose answer stands here: an answer to an earlier question is out of date.
    """

    STATES = [(state.value, state.value.capitalize()) for state in PaymentState]
    DECLINES = [(decline.value, decline.value) for decline in Decline]

    provider = models.CharField(max_length=20)
    key = models.CharField("the provider's key", max_length=120, null=True)  # none yet, and unique
    order_key = models.CharField(max_length=40)
    attempt = models.PositiveSmallIntegerField(default=1)
    minor = models.PositiveIntegerField("amount in minor units")
    currency = models.CharField(max_length=3)
    description = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    keeps_mandate = models.BooleanField("may be charged again", default=False)
    charged = models.CharField("the mandate that is charged without the payer", max_length=200, blank=True)
    address = models.URLField("where the reader pays", max_length=2000, blank=True)
    state = models.CharField(max_length=12, choices=STATES, default=PaymentState.OPEN.value)
    begun_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    refunded_at = models.DateTimeField(null=True, blank=True)
    disputed_at = models.DateTimeField(null=True, blank=True)
    given_back = models.PositiveIntegerField("given back, in minor units", default=0)
    decline = models.CharField(max_length=16, choices=DECLINES, blank=True)
    mandate_key = models.CharField(max_length=200, blank=True)
    mandate_label = models.CharField(max_length=80, blank=True)
    mandate_expires = models.DateField(null=True, blank=True)
    asked = models.PositiveIntegerField(default=0)
    heard = models.PositiveIntegerField(default=0)
    agrees = models.BooleanField("what the provider says agrees with what we asked for", default=True)
    problem = models.CharField("for staff to look at", max_length=300, blank=True)

    class Meta:
        ordering = ("order_key", "attempt")
        constraints = [
            models.UniqueConstraint(fields=["provider", "key"], name="one_payment_per_key"),
            models.UniqueConstraint(fields=["order_key", "attempt"], name="one_payment_per_attempt"),
            models.CheckConstraint(condition=Q(given_back__lte=F("minor")), name="no_more_back_than_paid"),
        ]
        indexes = [models.Index(fields=["state", "begun_at"])]

    def __str__(self) -> str:
        return f"{self.amount} by {self.provider}, {self.get_state_display()}"

    @property
    def amount(self) -> Amount:
        return Amount(self.minor, self.currency)

    @property
    def request_key(self) -> str:
        """Our own key of the attempt, which the provider is given."""
        return f"{self.order_key}-{self.attempt}"

    @property
    def mandate(self) -> Mandate | None:
        if not self.mandate_key:
            return None
        return Mandate(self.mandate_key, self.mandate_label, self.mandate_expires)

    @property
    def truth(self) -> PaymentTruth:
        """The truth last heard; `live` is not kept, for what did not agree with the site does not count."""
        return PaymentTruth(
            payment_key=self.key or "",
            order_key=self.order_key,
            state=PaymentState(self.state),
            amount=self.amount,
            live=True,
            paid_at=self.paid_at,
            refunded_at=self.refunded_at,
            given_back=self.given_back,
            disputed_at=self.disputed_at,
            mandate=self.mandate,
            decline=Decline(self.decline) if self.decline else None,
            request_key=self.request_key,
        )


class Refund(models.Model):
    """Money that staff give back. The row is made before the provider is asked; its key is what makes it happen once."""

    STATES = [("asked", "Asked for"), *((state.value, state.value.capitalize()) for state in RefundState)]

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    minor = models.PositiveIntegerField("amount in minor units")
    because = models.CharField("reason", max_length=300)
    by = models.CharField("asked for by", max_length=150, blank=True)
    state = models.CharField(max_length=8, choices=STATES, default="asked")
    key = models.CharField("the provider's key", max_length=120, blank=True)
    problem = models.CharField("for staff to look at", max_length=300, blank=True)
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ("asked_at", "id")
        constraints = [models.CheckConstraint(condition=Q(minor__gt=0), name="refund_is_of_something")]

    def __str__(self) -> str:
        return f"{self.amount} back, {self.get_state_display().lower()}"

    @property
    def amount(self) -> Amount:
        return Amount(self.minor, self.payment.currency)

    @property
    def request_key(self) -> str:
        return f"{self.payment.request_key}-refund-{self.pk}"


class LedgerEntry(models.Model):
    """Money that moved, as we heard of it. The ledger only grows: the database refuses to change or to remove an entry, and refuses
    entries by which more would have gone back than came in, or more come in than was asked for.
    """

    class Kind(models.TextChoices):
        PAYMENT = "payment", "Paid"
        REFUND = "refund", "Given back"
        DISPUTE = "dispute", "Taken back by the payer's bank"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=8, choices=Kind)
    minor = models.BigIntegerField("minor units; what goes back is negative")
    currency = models.CharField(max_length=3)
    at = models.DateTimeField("when it moved")
    noted_at = models.DateTimeField("when we heard of it")

    class Meta:
        verbose_name_plural = "ledger entries"
        ordering = ("noted_at", "id")
        constraints = [models.CheckConstraint(condition=~Q(minor=0), name="entry_moves_something")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {Amount(self.minor, self.currency)}"


class Comparison(models.Model):
    """One comparison of a provider's book with ours. What changed there since `since` is asked once and written down; `waiting` is what
    is still to be looked at, so that one that was interrupted goes on where it stopped.
    """

    provider = models.CharField(max_length=20)
    since = models.DateTimeField()
    began_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    waiting = models.JSONField("the provider's keys that are still to be looked at", default=list)
    looked_at = models.PositiveIntegerField(default=0)
    mended = models.PositiveIntegerField(default=0)
    others = models.PositiveIntegerField("payments that are not the magazine's", default=0)

    class Meta:
        ordering = ("-began_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["provider"], condition=Q(finished_at=None), name="one_comparison_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} since {self.since:%d %B %Y}"


class Difference(models.Model):
    """Something in which a provider's book and ours differ, or differed: of this payment, of this kind, once. It is open until it was mended, is no
    longer so, or staff say that they have seen to it.
    """

    class Kind(models.TextChoices):
        UNKNOWN = "unknown", "Not in our book"
        STATE = "state", "Not heard of"
        DISAGREES = "disagrees", "Not what we asked for"
        LEDGER = "ledger", "Our ledger does not add up to it"
        FLAGGED = "flagged", "Needs a decision"
        SILENT = "silent", "The provider says nothing of it"

    provider = models.CharField(max_length=20)
    payment_key = models.CharField("the provider's key", max_length=120)
    order_key = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    what = models.CharField(max_length=300)
    found_at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField("staff saw to it", null=True, blank=True)
    seen_by = models.CharField(max_length=150, blank=True)
    note = models.CharField("what was done", max_length=200, blank=True)

    class Meta:
        ordering = ("-found_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "payment_key", "kind"],
                condition=Q(mended_at=None),
                name="one_open_difference_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.payment_key}: {self.what}"


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
