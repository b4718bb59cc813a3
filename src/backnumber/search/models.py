"""What the index must hear of, and how often somebody searched.

`Change` is written by triggers of the database alone (see the first migration), so that no room has to remember it:
one row for each article whose words or whose being published changed, in the transaction that changed it.
"""

from django.db import models


class Change(models.Model):
    """An article to be indexed anew. `xid` is the transaction: numbers are given out of order, transactions end out of order."""

    article_id = models.BigIntegerField()
    xid = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["xid", "id"], name="search_change_in_order"),
            models.Index(fields=["at"], name="search_change_at"),
        ]

    def __str__(self) -> str:
        return f"article {self.article_id} at {self.at}"


class Tally(models.Model):
    """How many searches `who` made in the span of time that began at `since`."""

    who = models.CharField(max_length=80)
    since = models.DateTimeField()
    seconds = models.PositiveIntegerField()
    searches = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["who", "seconds", "since"], name="one_tally_per_span")]
        indexes = [models.Index(fields=["since"], name="search_tally_since")]

    def __str__(self) -> str:
        return f"{self.who}: {self.searches} since {self.since}"
