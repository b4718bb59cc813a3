"""The uses as a table. Rows are only added; keys are numbers, not relations, for what was used stays used when it is deleted."""

from django.db import models

from backnumber.access.openings import AccessType
from backnumber.edge.page.usage import UseKind


class Use(models.Model):
    """One article shown. `reader_key` is a keyed digest; it names nobody."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=13, choices=[(kind.value, kind.value) for kind in UseKind])
    article = models.BigIntegerField()
    issue = models.BigIntegerField()
    title = models.BigIntegerField()
    reason = models.CharField(max_length=32)
    access = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in AccessType])
    institution = models.BigIntegerField(null=True)
    reader_key = models.BinaryField(max_length=8)
    is_robot = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(fields=["at"]),
            models.Index(
                fields=["institution", "at"],
                condition=models.Q(institution__isnull=False),
                name="usage_of_institutions",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}: {self.kind} of {self.article}"
