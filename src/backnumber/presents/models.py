"""A gift that was bought, from its order to the day it is redeemed."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from backnumber.mail.fields import AddressField
from backnumber.products.models import Region


def new_key() -> str:
    """Promise: 128 bits nobody guesses, fit for an address."""
    return secrets.token_urlsafe(16)


class Present(models.Model):
    """A term of a product that one reader bought for somebody else. `order_key` is the donor's order; what the recipient has is an
    order of its own, which names this.

    The code that redeems it is not kept, only its digest (`codes`); `edition` counts the codes it has had, `mailings` the mails that
    carried one. It goes to `sent_to` on `arrives_on`, by the publisher's calendar; as a card it is in the donor's hands once paid.
    """

    class By(models.TextChoices):
        MAIL = "mail", "By e-mail, on the day"
        CARD = "card", "As a card that I print"

    class State(models.TextChoices):
        UNPAID = "unpaid", "Not yet paid"
        WAITING = "waiting", "Waits for its day"
        SENT = "sent", "Sent"
        REDEEMED = "redeemed", "Redeemed"
        TAKEN_BACK = "taken-back", "The money went back"
        CANCELLED = "cancelled", "Cancelled by staff"

    wagtail_reference_index_ignore = True

    key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    order_key = models.CharField("the donor's order", max_length=40, unique=True)
    donor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="presents_given"
    )
    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+")
    label = models.CharField("what is given", max_length=200)
    region = models.CharField(max_length=12, choices=Region)
    donor_name = models.CharField("from", max_length=80)
    recipient_name = models.CharField("for", max_length=80)
    message = models.TextField(blank=True)
    by = models.CharField("how it arrives", max_length=4, choices=By)
    sent_to = AddressField("their e-mail", max_length=320, blank=True)
    arrives_on = models.DateField()
    address = models.JSONField("postal address, when the donor gave it", null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.UNPAID)
    edition = models.PositiveIntegerField("codes it has had", default=0)
    code_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)
    mailings = models.PositiveIntegerField("mails that carried its code", default=0)
    ordered_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField("when its mail was refused", null=True, blank=True)
    redeemed_at = models.DateTimeField(null=True, blank=True)
    redeemed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="presents_received",
    )
    ended_at = models.DateTimeField("taken back or cancelled", null=True, blank=True)
    ended_because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-ordered_at", "-id")
        verbose_name = "gift"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="unpaid") | Q(code_digest__isnull=False), name="paid_present_has_a_code"
            ),
            models.CheckConstraint(
                condition=~Q(state="redeemed") | Q(redeemed_at__isnull=False),
                name="redeemed_present_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(by="mail") | ~Q(sent_to=""), name="mailed_present_has_address"
            ),
        ]
        indexes = [models.Index(fields=["state", "arrives_on"])]

    def __str__(self) -> str:
        return f"{self.label}, from {self.donor_name} for {self.recipient_name}"

    @property
    def is_mailed(self) -> bool:
        return self.by == self.By.MAIL

    @property
    def mail_reference(self) -> str:
        """What the outbox knows its last mail by."""
        return f"{self.key}.{self.mailings}"

    def get_absolute_url(self) -> str:
        return reverse("present", args=[self.key])
