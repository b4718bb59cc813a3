"""What voids passes, written by triggers (migration 0002): no room can forget to, and a rolled-back change voids nothing."""

from django.db import models


class Generation(models.Model):
    """How often a reader's rights have changed. A pass of an earlier number is void."""

    reader = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField()
    changed_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"reader {self.reader}: {self.number}"


class EndedSession(models.Model):
    """A session that ended before its time, by its mark: eight bytes of a digest of its key."""

    mark = models.BinaryField(primary_key=True, max_length=8)
    ended_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return bytes(self.mark).hex()
