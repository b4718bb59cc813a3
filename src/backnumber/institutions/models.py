"""Institutions, the addresses their readers come from, and their licences.

The database itself holds that no address belongs to two networks in use on one day, and tells every process of a
change: see the migration.
"""

from django.db import models
from django.db.models import F, Q

from backnumber import access

Kind = access.ScopeKind


class Institution(models.Model):
    """A library, school or university. One that is not in use keeps its networks and licences, and opens nothing."""

    name = models.CharField(max_length=200, help_text="As its readers know it.")
    slug = models.SlugField(
        max_length=100, unique=True, blank=True, help_text="For reports. Empty: made from the name."
    )
    contact = models.TextField(
        blank=True, help_text="Whom we write to, and what we agreed. Readers never see it."
    )
    is_active = models.BooleanField(
        "in use", default=True, help_text="Take this away to close everything at once."
    )

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class Network(models.Model):
    """The addresses from `first` to `last`, both inclusive, of one IP version; days are the publisher's, inclusive."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="networks")
    first = models.GenericIPAddressField()
    last = models.GenericIPAddressField()
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField("ends on, inclusive", null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    in_use = models.BooleanField(
        default=True, help_text="As the institution; kept here for the database's own check."
    )

    class Meta:
        ordering = ("first", "last", "id")
        indexes = [models.Index(fields=["last", "first"])]
        constraints = [
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="network_has_addresses"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(starts_on__lte=F("ends_on")),
                name="network_has_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


class Licence(models.Model):
    """What readers at the institution may read, from `starts` until just before `until` (empty: without end)."""

    SCOPES = [
        (Kind.ARCHIVE.value, "The whole archive"),
        (Kind.TITLE.value, "One title"),
        (Kind.SPAN.value, "A span of cover dates"),
        (Kind.RECENT.value, "The latest years"),
        (Kind.ISSUE.value, "One issue"),
    ]

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="licences")
    label = models.CharField(max_length=200, help_text="As readers see it: “Campus licence, whole archive”.")
    evidence_key = models.CharField(
        "agreement",
        max_length=200,
        help_text="What it rests on: the agreement’s number, the consortium’s order.",
    )
    scope = models.CharField("opens", max_length=16, choices=SCOPES, default=Kind.ARCHIVE.value)
    title = models.ForeignKey(
        "archive.Title", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    issue = models.ForeignKey(
        "archive.Issue", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    first_date = models.DateField("first cover date", null=True, blank=True)
    last_date = models.DateField("last cover date, inclusive", null=True, blank=True)
    years = models.PositiveSmallIntegerField(
        "latest years", null=True, blank=True, help_text="Calendar years by cover date, this one included."
    )
    starts = models.DateTimeField()
    until = models.DateTimeField("until, exclusive", null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-starts", "-id")
        constraints = [
            models.CheckConstraint(condition=~Q(evidence_key=""), name="no_licence_without_evidence"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(starts__lt=F("until")), name="licence_has_length"
            ),
            models.CheckConstraint(
                condition=Q(scope=Kind.ARCHIVE.value)
                | Q(scope=Kind.TITLE.value, title__isnull=False)
                | Q(scope=Kind.SPAN.value, first_date__isnull=False)
                | Q(scope=Kind.SPAN.value, last_date__isnull=False)
                | Q(scope=Kind.RECENT.value, years__gte=1)
                | Q(scope=Kind.ISSUE.value, issue__isnull=False),
                name="licence_says_what_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.evidence_key})"
