"""What the desk itself keeps: the permissions, notes, addresses of before, and what a merging moved."""

from django.conf import settings
from django.db import models

from backnumber.mail.fields import AddressField


class Desk(models.Model):
    """Carries the permissions; Django keeps them by model."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [
            ("find_people", "Can find readers and see their pages"),
            ("write_note", "Can write a note on a reader's page"),
            ("change_email", "Can change a reader's e-mail address"),
            ("merge_readers", "Can merge two readers, and part them again"),
            ("mark_deceased", "Can mark a reader as deceased"),
            ("take_post_order", "Can take an order that came by post, with its cheque"),
        ]


class Note(models.Model):
    """What a member of the staff wrote about a reader. It is not changed; a further one is written."""

    wagtail_reference_index_ignore = True

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="desk_notes")
    text = models.TextField()
    by = models.CharField("who wrote it", max_length=320)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return self.text[:60]


class FormerAddress(models.Model):
    """An e-mail address the reader had until then. The database writes it down when the address of the account changes."""

    wagtail_reference_index_ignore = True

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="former_addresses")
    email = AddressField("e-mail", db_index=True)
    until = models.DateTimeField()

    class Meta:
        ordering = ("-until", "-id")

    def __str__(self) -> str:
        return self.email


class Deceased(models.Model):
    """Staff were told that the reader has died."""

    wagtail_reference_index_ignore = True

    reader = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="deceased")
    at = models.DateTimeField()
    because = models.CharField("who told us", max_length=300)

    def __str__(self) -> str:
        return f"Told on {self.at:%d %B %Y}"


class Merging(models.Model):
    """Two accounts that were one person's: all that referred to `merged` refers to `kept` since. `moved` has the numbers of the rows, by
    table and column, so that it can be undone.
    """

    wagtail_reference_index_ignore = True

    kept = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mergings")
    merged = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="merged_into")
    moved = models.JSONField(default=dict)
    because = models.CharField(max_length=300)
    by = models.CharField(max_length=320)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=models.Q(undone_at=None), name="merged_into_one_reader"
            ),
            models.CheckConstraint(condition=~models.Q(kept=models.F("merged")), name="merged_with_another"),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} into {self.kept_id}"
