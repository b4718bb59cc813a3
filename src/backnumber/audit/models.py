"""The audit log. Rows are written by triggers (`watching.py`); the database refuses to change, remove or empty them."""

from django.db import models


class Entry(models.Model):
    """One thing a member of the staff did. `act` is the same for all that was done by one form. A change of a row has what its columns
    held before and after, those that differ; an act that a room tells of has its own words in `after`.

    There is no relation to the actor or to what was changed: an entry outlives both.
    """

    class Kind(models.TextChoices):
        ADDED = "added", "Added"
        CHANGED = "changed", "Changed"
        REMOVED = "removed", "Removed"
        ACT = "act", "Done"

    wagtail_reference_index_ignore = True

    at = models.DateTimeField(db_index=True)
    act = models.CharField(max_length=32, blank=True)
    actor = models.BigIntegerField("number of who did it")
    actor_email = models.CharField("who", max_length=320)
    kind = models.CharField(max_length=8, choices=Kind)
    what = models.CharField("of what", max_length=100)
    key = models.CharField("its number", max_length=64)
    label = models.TextField(blank=True)
    action = models.CharField(max_length=255, blank=True)
    before = models.JSONField("from", null=True)
    after = models.JSONField("to", null=True)
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = "entry of the audit log"
        verbose_name_plural = "audit log"
        ordering = ("-id",)
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["what", "key"], name="audit_of_what"),
            models.Index(fields=["actor", "-id"], name="audit_by_whom"),
            models.Index(fields=["act"], name="audit_of_one_act"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.what} {self.key}"
