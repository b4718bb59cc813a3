"""The ledger of grants. A grant is never edited into another: it is made, brought forward before it begins, extended
by a new one, or revoked."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from backnumber import access


class Grant(models.Model):
    """The scope is open to the reader from `starts` until just before `until` (empty: without end), on the evidence named.

    What is kept stays open after `until`: the issues of a paid term, by their cover dates.
    """

    SCOPES = [
        (access.ScopeKind.ARCHIVE.value, "The whole archive"),
        (access.ScopeKind.TITLE.value, "One title"),
        (access.ScopeKind.SPAN.value, "A span of cover dates"),
        (access.ScopeKind.RECENT.value, "The last years"),
        (access.ScopeKind.ISSUE.value, "One issue"),
        (access.ScopeKind.ARTICLE.value, "One article"),
    ]
    EVIDENCE = [
        (access.Evidence.PAYMENT.value, "Payment"),
        (access.Evidence.PRINT_SUBSCRIPTION.value, "Print subscription"),
        (access.Evidence.GIFT.value, "Gift"),
        (access.Evidence.LICENCE.value, "Licence"),
        (access.Evidence.STAFF.value, "Staff decision"),
    ]

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    scope = models.CharField(max_length=16, choices=SCOPES, default=access.ScopeKind.ARCHIVE.value)
    title = models.ForeignKey(
        "archive.Title", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    issue = models.ForeignKey(
        "archive.Issue", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    article = models.ForeignKey(
        "archive.Article", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    first_date = models.DateField("first cover date", null=True, blank=True)
    last_date = models.DateField("last cover date, inclusive", null=True, blank=True)
    years = models.PositiveSmallIntegerField("how many years, this one included", null=True, blank=True)
    kept_title = models.ForeignKey(
        "archive.Title", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kept_first_date = models.DateField("kept after the end, from cover date", null=True, blank=True)
    kept_last_date = models.DateField("kept after the end, to cover date, inclusive", null=True, blank=True)
    starts = models.DateTimeField()
    until = models.DateTimeField("until, exclusive", null=True, blank=True)
    evidence = models.CharField(max_length=24, choices=EVIDENCE)
    evidence_key = models.CharField(
        max_length=200, help_text="What it rests on: an order's key, a subscriber number and term, a case."
    )
    label = models.CharField(max_length=200, help_text='As the reader knows it: "Online access, yearly".')
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-starts", "-id")
        constraints = [
            models.UniqueConstraint(fields=["evidence", "evidence_key"], name="one_grant_per_evidence"),
            models.CheckConstraint(condition=~Q(evidence_key=""), name="no_grant_without_evidence"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(starts__lt=F("until")), name="grant_has_length"
            ),
            models.CheckConstraint(
                condition=~Q(scope=access.ScopeKind.RECENT.value) | Q(years__isnull=False, years__gte=1),
                name="recent_grant_has_years",
            ),
            models.CheckConstraint(
                condition=Q(
                    kept_first_date__isnull=True, kept_last_date__isnull=True, kept_title__isnull=True
                )
                | Q(
                    until__isnull=False,
                    kept_first_date__isnull=False,
                    kept_last_date__isnull=False,
                    kept_first_date__lte=F("kept_last_date"),
                ),
                name="kept_span_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["reader", "until"])]

    def __str__(self) -> str:
        return f"{self.label} for {self.reader}"
