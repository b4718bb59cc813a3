"""What readers with an account have read by the meter."""

from django.conf import settings
from django.db import models


class MeteredRead(models.Model):
    """A metered article that a reader read, and when it was first read within the present period. Swept when it counts no more."""

    wagtail_reference_index_ignore = True

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey("archive.Article", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "article"], name="one_metered_read")]
        indexes = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.reader_id} read {self.article_id}"
