"""What came from where: one `Source` per file that was brought in, one `Piece` per article made from it.

They are what makes an import run again change nothing, and what tells an editor's correction from a changed
source.
"""

from django.db import models

from backnumber.archive.models import Article, Issue, Title

NAMED = "named"
"""In a source's values: what its title was called when it was brought in. An editor may have renamed it since."""


class Kind(models.TextChoices):
    HTML_ISSUES = "html-issues", "One HTML file an issue"
    WXR = "wxr", "WordPress export"
    MONTH = "month", "Month of a WordPress export"


class Source(models.Model):
    """A file, known by what it is (the issue, the export), not by what it is called. An empty fingerprint:
    not finished.
    """

    title = models.ForeignKey(Title, on_delete=models.CASCADE, related_name="sources")
    kind = models.CharField(max_length=16, choices=Kind)
    key = models.CharField(max_length=300)
    file = models.CharField(max_length=300)
    fingerprint = models.CharField(max_length=64, blank=True)
    issue = models.ForeignKey(Issue, on_delete=models.SET_NULL, null=True, blank=True, related_name="sources")
    values = models.JSONField(
        default=dict, help_text="A digest of each field of the issue as it was last brought in."
    )
    findings = models.JSONField(
        default=list, help_text="What the report said of this file, so that it can say it again."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["title", "kind", "key"], name="one_source_per_identity")
        ]

    def __str__(self) -> str:
        return f"{self.file} ({self.key})"


class Piece(models.Model):
    """One article's origin. `article` is empty when an editor has deleted it: it is not brought in again."""

    title = models.ForeignKey(Title, on_delete=models.CASCADE, related_name="pieces")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="pieces")
    key = models.CharField(max_length=300)
    line = models.PositiveIntegerField(default=0)
    article = models.ForeignKey(
        Article, on_delete=models.SET_NULL, null=True, blank=True, related_name="origins"
    )
    values = models.JSONField(default=dict, help_text="A digest of each field as it was last brought in.")
    gone = models.BooleanField(default=False, help_text="No longer in the source; the article stays.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["title", "key"], name="one_piece_per_identity")]

    def __str__(self) -> str:
        return self.key
