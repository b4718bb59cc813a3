"""Print subscriptions and the claims readers make on them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class PrintSubscription(models.Model):
    """One subscriber number at one address, for a term of days (both inclusive), as the bureau or our own checkout knows it."""

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
    email = models.EmailField("e-mail", blank=True)
    address = models.TextField("postal address, line by line", blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField("country, ISO 3166-1", max_length=2)
    starts_on = models.DateField()
    ends_on = models.DateField("ends on, inclusive")
    status = models.CharField(max_length=12, choices=Status, default=Status.ACTIVE)
    source = models.CharField(max_length=12, choices=Source, default=Source.BUREAU)
    claim_number = models.CharField(max_length=40, editable=False, db_index=True, help_text="The number as a claim compares it.")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="print_subscriptions"
    )

    class Meta:
        ordering = ("number",)
        constraints = [models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="print_term_has_length")]

    def __str__(self) -> str:
        return f"{self.number}, {self.name}"


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
    message = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=State)
    subscription = models.ForeignKey(PrintSubscription, on_delete=models.SET_NULL, null=True, blank=True, related_name="claims")
    reference = models.CharField(max_length=16, unique=True)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    answer = models.TextField(blank=True, help_text="What the reader is told.")

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return f"{self.reference}: {self.number}, {self.surname}"
