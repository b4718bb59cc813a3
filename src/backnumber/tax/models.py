"""The table of rates. Staff keep it; an invoice copies what it says and never looks again."""

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from backnumber.money.shares import WHOLE
from backnumber.tax.rules import Kind, Rate, in_percent

KINDS = [
    (Kind.ONLINE.value, "Online: electronic publications"),
    (Kind.PRINT.value, "Print: printed periodicals"),
]


class TaxRate(models.Model):
    """What is charged in a country on one kind from a day on, until the next row of that country and kind."""

    country = models.CharField(
        max_length=2,
        validators=[RegexValidator(r"\A[A-Z]{2}\Z", "Give the country by its two letters, as in GB or IE.")],
        help_text="Two letters (ISO 3166-1): GB, IE, GR.",
    )
    kind = models.CharField(max_length=8, choices=KINDS)
    from_date = models.DateField("from", help_text="The first day on which it is charged.")
    basis_points = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(WHOLE)], help_text="Hundredths of a per cent of the price without tax."
    )
    name = models.CharField(
        "name of the tax", max_length=40, default="VAT", help_text="As invoices write it."
    )
    source = models.CharField(
        max_length=500, blank=True, help_text="Where this rate is written: an address or a law."
    )
    note = models.TextField(blank=True, help_text="What whoever checks it next should know.")

    class Meta:
        verbose_name = "tax rate"
        ordering = ("country", "kind", "-from_date")
        constraints = [
            models.UniqueConstraint(
                fields=["country", "kind", "from_date"],
                name="one_tax_rate_a_day",
                violation_error_message="There is a rate of this country and kind from that day already.",
            ),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in Kind]), name="tax_kind_is_known"),
            models.CheckConstraint(condition=Q(basis_points__lte=WHOLE), name="tax_rate_is_a_share"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.country} {self.kind}, from {self.from_date:%-d %B %Y}: {self.percent}"

    @property
    def percent(self) -> str:
        return in_percent(self.basis_points)

    def as_rate(self) -> Rate:
        return Rate(self.country, Kind(self.kind), self.from_date, self.basis_points, self.name)
