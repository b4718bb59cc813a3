"""Print subscriptions and the claims readers make on them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from backnumber.circulation.countries import name_of_country
from backnumber.circulation.rules import digits_key, number_key
from backnumber.mail.fields import AddressField
from backnumber.products.models import Region


class PrintSubscription(models.Model):
    """One subscriber number at one address, for a term of days (both inclusive), as the bureau or our own
    checkout knows it.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        LAPSED = "lapsed", "Lapsed"
        CANCELLED = "cancelled", "Cancelled"

    class Source(models.TextChoices):
        BUREAU = "bureau", "Bureau file"
        CHECKOUT = "checkout", "Bought on the site"

    number = models.CharField("subscriber number", max_length=40, unique=True)
    name = models.CharField(max_length=200)
    surname = models.CharField(max_length=100)
    email = AddressField("e-mail", blank=True)
    address = models.TextField("postal address, line by line", blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField("country, ISO 3166-1", max_length=2)
    starts_on = models.DateField()
    ends_on = models.DateField("ends on, inclusive")
    status = models.CharField(max_length=12, choices=Status, default=Status.ACTIVE)
    source = models.CharField(max_length=12, choices=Source, default=Source.BUREAU)
    claim_number = models.CharField(
        max_length=40, editable=False, db_index=True, help_text="The number as a claim compares it."
    )
    claim_digits = models.CharField(
        max_length=40,
        editable=False,
        default="",
        db_index=True,
        help_text="The number without letters and leading zeros, for a claim that leaves them out.",
    )
    order_key = models.CharField(
        max_length=100,
        null=True,
        blank=True,
        unique=True,
        editable=False,
        help_text="The order that began it.",
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="print_subscriptions",
    )
    first = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="later",
        help_text="The first term of a chain that this one continues. Its number stands on the labels of all.",
    )
    title = models.ForeignKey(
        "archive.Title",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose issues are sent. Empty: the first title’s.",
    )
    copies = models.PositiveSmallIntegerField("copies of each issue", default=1)
    issues = models.PositiveSmallIntegerField(
        "issues in the term", null=True, blank=True, help_text="Empty: the term is counted by its dates."
    )
    given_by = models.CharField(
        "a gift of", max_length=200, blank=True, help_text="Who pays. The name above is who gets the copies."
    )
    paid_region = models.CharField(
        "region paid for", max_length=12, blank=True, choices=Region, help_text="Empty: not known."
    )
    filed_address = models.TextField(
        blank=True,
        editable=False,
        help_text="The address as the bureau last wrote it: what a reader changes here is not undone by it.",
    )
    address_changed_at = models.DateTimeField(
        "address changed on the site", null=True, blank=True, editable=False
    )

    class Meta:
        ordering = ("number",)
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="print_term_has_length"),
            models.CheckConstraint(condition=Q(copies__gte=1), name="a_print_subscription_has_a_copy"),
            models.CheckConstraint(
                condition=Q(issues__isnull=True) | Q(issues__gte=1), name="a_term_in_issues_has_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}, {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the number in the forms in which a claim compares it."""
        self.claim_number, self.claim_digits = number_key(self.number), digits_key(self.number)
        super().save(*args, **kwargs)

    @property
    def country_name(self) -> str:
        return name_of_country(self.country)


class Claim(models.Model):
    """A reader says: this print subscription is mine. What did not match waits for staff."""

    class State(models.TextChoices):
        GRANTED = "granted", "Granted"
        PENDING = "pending", "Waiting for staff"
        ACCEPTED = "accepted", "Accepted by staff"
        REFUSED = "refused", "Refused by staff"

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="claims")
    number = models.CharField(max_length=60)
    surname = models.CharField(max_length=100)
    postcode = models.CharField(max_length=20, blank=True)
    message = models.TextField(blank=True, help_text="What the reader adds.")
    earlier = models.TextField(blank=True, help_text="What the reader typed before, one attempt a line.")
    state = models.CharField(max_length=12, choices=State)
    subscription = models.ForeignKey(
        PrintSubscription, on_delete=models.SET_NULL, null=True, blank=True, related_name="claims"
    )
    reference = models.CharField(max_length=16, unique=True)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answer = models.TextField(blank=True, help_text="What the reader is told.")

    class Meta:
        ordering = ("-made_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["reader"], condition=Q(state="pending"), name="one_open_case_per_reader"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.number}, {self.surname}"


class ClaimAttempt(models.Model):
    """One press of the claim button, kept for two days so that guessing is slow. `address` is a keyed digest,
    not the address.
    """

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=64)
    number = models.CharField(max_length=60)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["reader", "made_at"]),
            models.Index(fields=["address", "made_at"]),
            models.Index(fields=["number", "made_at"]),
            models.Index(fields=["made_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}: {self.number}"


class BureauFile(models.Model):
    """A file from the fulfilment house, kept between its dry run and its confirmation; then only its report
    stays.
    """

    name = models.CharField(max_length=200)
    content = models.BinaryField(null=True, blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, blank=True)
    report = models.TextField(blank=True)

    class Meta:
        ordering = ("-uploaded_at",)
        verbose_name = "bureau file"

    def __str__(self) -> str:
        return self.name
