"""Outgoing mail, one row for each recipient: written with the change that causes it, and kept for a while after it has gone."""

from typing import ClassVar

from django.db import models

from backnumber.mail.fields import AddressField


class Mail(models.Model):
    """`due_at`: when it is tried next. `last_error`: in the mail server's own words."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        SENT = "sent", "sent"
        REFUSED = "refused", "refused"

    class Fault(models.TextChoices):
        NONE = "", "none"
        SERVER = "server", "the mail server could not be reached, or is not ready"
        RECIPIENT = "recipient", "the recipient’s mailbox"

    kind = models.CharField(max_length=40)
    reference = models.CharField("about", max_length=100, blank=True)
    sender = models.CharField(max_length=320)
    recipient = AddressField(max_length=320)
    subject = models.TextField(blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    keeps_text = models.BooleanField(default=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    fault = models.CharField(max_length=9, choices=Fault, default=Fault.NONE, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tried_at = models.DateTimeField("last tried", null=True, blank=True)
    settled_at = models.DateTimeField("sent or refused", null=True, blank=True)

    class Meta:
        verbose_name_plural = "mail"
        ordering = ("-created_at", "-id")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="mail_due"),
            models.Index(fields=["settled_at"], name="mail_settled"),
            models.Index(fields=["recipient"], name="mail_recipient"),
        ]

    def __str__(self) -> str:
        return self.subject if self.keeps_text and self.subject else self.kind

    @property
    def may_be_sent_again(self) -> bool:
        return self.state == self.State.REFUSED and bool(self.text or self.html)
