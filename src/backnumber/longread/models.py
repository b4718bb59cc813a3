"""The long reads, who asked for them, and what was sent to whom."""

import secrets
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone

from backnumber.archive.models import Article, FreeWindow
from backnumber.longread import rules
from backnumber.mail.fields import AddressField


def new_token() -> str:
    return secrets.token_urlsafe(32)


class LongRead(models.Model):
    """The article that anyone may read in one week. Saving it opens its window in the archive; the database closes
    the window when the row goes (migration 0003)."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="long_reads")
    week = models.DateField(
        "the week that begins on",
        unique=True,
        help_text="The article is free from that day on, for seven days.",
    )
    introduction = models.TextField(
        blank=True, help_text="A line or two from the editor, at the head of the mail."
    )
    links = models.TextField(
        "further links", blank=True, help_text="At the end of the mail, one a line: words, then the address."
    )
    sponsor = models.TextField(
        "sponsor’s words",
        blank=True,
        help_text="In a box of its own at the head of the mail, marked as an advertisement.",
    )
    sponsor_address = models.URLField("sponsor’s address", blank=True)
    sends_at = models.DateTimeField(
        "goes out at",
        null=True,
        blank=True,
        help_text="By the magazine’s clock, within its week. Empty: when somebody starts it.",
    )
    trouble = models.TextField("why it did not go out", blank=True, editable=False)
    window = models.OneToOneField(
        FreeWindow, on_delete=models.PROTECT, editable=False, related_name="long_read"
    )

    class Meta:
        ordering = ("-week",)

    def __str__(self) -> str:
        return f"{self.week}: {self.article}"

    def clean(self) -> None:
        rhythm = rules.Rhythm(*settings.WEEKLY_BEGINS)
        if self.week and self._week_is_new() and self.week.weekday() != rhythm.day:
            near = rules.week_of(self.week, rhythm)
            raise ValidationError({"week": f"Choose a {rules.DAYS[rhythm.day]}: {near} is one."})
        self._clean_mail()
        if (
            self.pk
            and self.editions.exists()
            and LongRead.objects.filter(pk=self.pk).exclude(article=self.article_id).exists()
        ):
            raise ValidationError(
                {
                    "article": "This week’s mail has gone out with the other article: it can no longer be changed."
                }
            )

    def _clean_mail(self) -> None:
        try:
            rules.links_in(self.links)
        except ValueError as wrong:
            raise ValidationError({"links": str(wrong)}) from None
        if self.sponsor_address and not self.sponsor:
            raise ValidationError({"sponsor": "Say who the sponsor is, or take the address out."})
        if self.week and self.sends_at:
            starts, until = self._window()
            if not starts <= self.sends_at < until:
                told = timezone.localtime(starts)
                raise ValidationError(
                    {"sends_at": f"Choose a moment within its week, from {told:%A %d %B %Y, %H:%M} on."}
                )

    def _week_is_new(self) -> bool:
        return not self.pk or not LongRead.objects.filter(pk=self.pk, week=self.week).exists()

    def _window(self) -> tuple[datetime, datetime]:
        """Of a week that was picked before the rhythm changed, as it was."""
        if self.window_id and not self._week_is_new():
            return self.window.starts, self.window.until
        return rules.window(self.week, ZoneInfo(settings.TIME_ZONE), rules.Rhythm(*settings.WEEKLY_BEGINS))

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        starts, until = self._window()
        values = {"article": self.article, "starts": starts, "until": until, "why": rules.WHY}
        if self.window_id:
            FreeWindow.objects.filter(pk=self.window_id).update(**values)
        else:
            self.window = FreeWindow.objects.create(**values)
        super().save(*args, **kwargs)


class Recipient(models.Model):
    """An address that asked for the weekly mail. Mail goes to it only once it is confirmed, and until it leaves.

    By `token` it leaves: it never changes, for it stands in every mail ever sent. By `confirm_token` it joins: a new one each time
    that it comes back.
    """

    email = AddressField("e-mail")
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    confirm_token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    asked_at = models.DateTimeField()
    invited_at = models.DateTimeField("confirmation last sent", null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True)
    soft_bounces = models.PositiveIntegerField("mails that came back for a time", default=0)
    new_email = AddressField("e-mail to change to", blank=True, default="", editable=False)
    new_email_token = models.CharField(max_length=64, blank=True, default="", editable=False)
    new_email_asked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-asked_at",)
        constraints = [models.UniqueConstraint(Lower("email"), name="one_recipient_per_address")]

    def __str__(self) -> str:
        return self.email

    @property
    def last_refusal(self) -> str:
        """Why the last mail owed to it was refused or came back, in the mail server's words; empty when it was not."""
        last = self.sends.order_by("-pk").first()
        return last.reason if last and last.state in {Send.State.REFUSED, Send.State.BOUNCED} else ""

    @property
    def is_on_the_list(self) -> bool:
        return self.confirmed_at is not None and self.left_at is None


class Consent(models.Model):
    """What somebody said about the weekly mail: when, where, and the words they were shown. It outlives the recipient's row, with the
    address as a digest only.
    """

    class Kind(models.TextChoices):
        ASKED = "asked", "asked for it"
        CONFIRMED = "confirmed", "confirmed it"
        IMPORTED = "imported", "was taken over with evidence"
        LEFT = "left", "left"

    recipient = models.ForeignKey(Recipient, on_delete=models.SET_NULL, null=True, related_name="consents")
    digest = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=9, choices=Kind)
    at = models.DateTimeField()
    where = models.CharField("page, and network", max_length=200, blank=True)
    words = models.TextField("words shown", blank=True)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.kind}, {self.at:%Y-%m-%d %H:%M}"


class Suppression(models.Model):
    """An address, as a digest, that nothing is sent to, also once its row is deleted: it bounced for good, or its reader complained.
    Whoever confirms anew lifts it.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    reason = models.CharField(max_length=100)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.reason}, since {self.since:%Y-%m-%d}"


class MailEvent(models.Model):
    """What became of a mail after it was handed over, as a provider or a returned mail told; told twice, it counts once."""

    key = models.CharField(max_length=200, primary_key=True)
    send = models.ForeignKey("longread.Send", on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=11)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind}: {self.key}"


class FormerToken(models.Model):
    """By which an address could leave before its row was deleted: should it come back, mails of that time still let it go.

    Of the address only a digest is kept.
    """

    token = models.CharField(max_length=64, primary_key=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.digest


class Edition(models.Model):
    """One week's mail as it goes out, frozen: what is edited later changes nothing of it."""

    class State(models.TextChoices):
        FROZEN = "frozen", "frozen"
        SENDING = "sending", "sending"
        PAUSED = "paused", "paused"
        FINISHED = "finished", "finished"

    long_read = models.ForeignKey(LongRead, on_delete=models.PROTECT, related_name="editions")
    state = models.CharField(max_length=8, choices=State, default=State.FROZEN)
    subject = models.TextField()
    text = models.TextField()
    html = models.TextField()
    frozen_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-frozen_at",)
        constraints = [models.UniqueConstraint(fields=["long_read"], name="one_edition_a_week")]

    def __str__(self) -> str:
        return self.subject


class Send(models.Model):
    """One edition owed to one address.

    `reason`: why it is excluded, refused, bounced or waits, in the mail server's words where it spoke. `claimed_by`: the number of the
    worker whose batch it is in. `in_doubt`: a hand-over of it broke off with no answer, so that it may have arrived twice.
    """

    class State(models.TextChoices):
        PREPARED = "prepared", "prepared"
        EXCLUDED = "excluded", "excluded"
        HANDED_OVER = "handed over", "handed over"
        REFUSED = "refused", "refused"
        BOUNCED = "bounced", "bounced"
        COMPLAINED = "complained", "complained"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="sends")
    recipient = models.ForeignKey(Recipient, on_delete=models.SET_NULL, null=True, related_name="sends")
    state = models.CharField(max_length=11, choices=State, default=State.PREPARED)
    reason = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField("in this state since", null=True, blank=True)
    claimed_by = models.PositiveIntegerField(null=True, blank=True)
    in_doubt = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "recipient"], name="one_send_each")]
        indexes = [
            models.Index(
                fields=["edition", "due_at", "id"], condition=models.Q(state="prepared"), name="send_next"
            ),
            models.Index(fields=["claimed_by"], condition=models.Q(state="prepared"), name="send_claimed"),
        ]

    def __str__(self) -> str:
        return f"{self.edition} to {self.recipient}"
