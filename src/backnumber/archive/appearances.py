"""When articles came to readers, and when they last changed for them."""

from django.db import models


class Appearance(models.Model):
    """One article's. Triggers of the database write it (migration 0007), and it goes with the article by the database itself;
    nobody else writes it.

    `told_on` puts what is new in order: the day from which readers could see it, or its day online where that came later; None
    before. `changed_at` moves with what readers see (words, names, address, corrections), never by publishing the same again.
    """

    article = models.OneToOneField(
        "archive.Article", on_delete=models.DO_NOTHING, db_constraint=False, primary_key=True
    )
    told_on = models.DateField(null=True, editable=False)
    changed_at = models.DateTimeField(editable=False)

    class Meta:
        indexes = [models.Index(fields=["-told_on"], name="archive_told_on")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.changed_at}"
