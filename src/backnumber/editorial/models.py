"""Changes of many articles at once, kept with what stood before, so that they go on after a break and can be undone."""

from django.conf import settings
from django.db import models


class BulkChange(models.Model):
    """One change of many articles: who asked for it, of what, and how far it is."""

    class State(models.TextChoices):
        DOING = "doing", "under way"
        DONE = "done", "done"
        UNDOING = "undoing", "being undone"
        UNDONE = "undone", "undone"

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    what = models.CharField(max_length=500, help_text="The change in words.")
    of = models.CharField(max_length=500, help_text="The list it was made for, in words.")
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=State, default=State.DOING)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        permissions = (("delete_several", "Can delete several pieces of the archive at once"),)

    def __str__(self) -> str:
        return f"{self.what} ({self.of})"


class BulkRow(models.Model):
    """One article of a change. The key is a number, not a relation: what is deleted later stands in the record of the change."""

    class State(models.TextChoices):
        WAITS = "waits", "waits"
        DONE = "done", "changed"
        LEFT = "left", "left alone"
        UNDONE = "undone", "undone"

    change = models.ForeignKey(BulkChange, on_delete=models.CASCADE, related_name="rows")
    article = models.BigIntegerField()
    before = models.JSONField()
    after = models.JSONField()
    state = models.CharField(max_length=6, choices=State, default=State.WAITS)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "article"], name="one_row_per_article_of_a_change")
        ]
        indexes = [models.Index(fields=["change", "state", "article"])]

    def __str__(self) -> str:
        return f"{self.article}: {self.state}"
