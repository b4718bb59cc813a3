"""Stored pages, and the notes that triggers keep of what has changed (`migrations/0002_triggers.py`).

When a page is void is said once, in `edge/page/store_sql.py`.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class PageRow(models.Model):
    """A page as it was rendered. `xid`, `seq`, `snapshot` and `cluster` say which changes it had seen."""

    address = models.TextField(primary_key=True)
    kind = models.CharField(max_length=30)
    content = models.BinaryField()
    keys = ArrayField(models.TextField())
    build = models.CharField(max_length=64)
    content_hash = models.CharField(max_length=32)
    good_until = models.DateTimeField(null=True)
    rendered_at = models.DateTimeField()
    xid = models.BigIntegerField()
    seq = models.BigIntegerField()
    snapshot = models.TextField()
    cluster = models.BigIntegerField()

    class Meta:
        db_table = "edge_page"
        indexes = [models.Index(fields=["kind"], name="edge_page_kind")]

    def __str__(self) -> str:
        return self.address


class Change(models.Model):
    """One thing that pages show was changed by the transaction `xid`, which had begun `at`."""

    key = models.TextField()
    xid = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["key", "xid"], name="edge_change_of"),
            models.Index(fields=["at"], name="edge_change_at"),
        ]

    def __str__(self) -> str:
        return self.key
