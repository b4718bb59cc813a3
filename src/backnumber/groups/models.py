"""A group, the terms that were paid for it, and its seats. What a member may read is a grant for each term and seat."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse


def new_key() -> str:
    """Promise: 128 bits nobody guesses, fit for an address."""
    return secrets.token_urlsafe(16)


class Group(models.Model):
    """What one owner holds of one product. The owner invites and takes back; who also wants to read takes a seat. `heir` is whom the
    owner has asked to follow, by the digest of the token in the mail.
    """

    key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="groups_owned"
    )
    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()
    heir_email = models.EmailField("who was asked to follow as owner", blank=True)
    heir_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["owner", "product"], name="one_group_of_an_owner_for_a_product")
        ]

    def __str__(self) -> str:
        return self.name or self.product.name

    def get_absolute_url(self) -> str:
        return reverse("group", args=[self.key])


class GroupTerm(models.Model):
    """What was paid for: so many seats, from `starts` until just before `until`. `key` is what it rests on: an order's evidence."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="terms")
    key = models.CharField(max_length=60, unique=True)
    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=200)
    seats = models.PositiveSmallIntegerField()
    starts = models.DateTimeField()
    until = models.DateTimeField("until, exclusive")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("starts", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts__lt=F("until"), seats__gt=0), name="group_term_has_length_and_seats"
            )
        ]

    def __str__(self) -> str:
        return f"{self.seats} seats of {self.group}"


class Seat(models.Model):
    """Somebody who was invited, and who took it. An open invitation keeps its seat free. `until` is when it was taken back, or given up."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="seats")
    email = models.EmailField("invited")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="seats"
    )
    token_digest = models.CharField(max_length=64, unique=True)
    invited_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("invited_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "reader"], condition=Q(ended_at=None), name="one_seat_of_a_reader_in_a_group"
            ),
            models.UniqueConstraint(
                F("group"), Lower("email"), condition=Q(ended_at=None), name="one_invitation_of_an_address"
            ),
            models.CheckConstraint(
                condition=Q(reader=None, taken_at=None) | Q(reader__isnull=False, taken_at__isnull=False),
                name="a_seat_that_is_taken_says_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"Seat of {self.email}"
