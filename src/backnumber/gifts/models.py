"""The gift links that readers made."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class GiftLink(models.Model):
    """A link by which anyone may read one article until just before `until`, unless revoked. What opens it is not kept, only its digest.

    The database itself tells the doors when one is revoked, and revokes a reader's links with their last grant that
    may give (`migrations/0001_initial.py`).
    """

    wagtail_reference_index_ignore = True

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="gift_links")
    article = models.ForeignKey("archive.Article", on_delete=models.CASCADE, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()
    until = models.DateTimeField("until, exclusive")
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened = models.PositiveIntegerField("times opened", default=0)

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = [models.CheckConstraint(condition=Q(made_at__lt=F("until")), name="gift_has_length")]
        indexes = [models.Index(fields=["reader", "made_at"])]

    def __str__(self) -> str:
        return f"Gift link {self.pk}"
