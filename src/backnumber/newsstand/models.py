"""Products and their prices. A price is what is charged: the browser never names one."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from backnumber import access
from backnumber.money import Amount


class Region(models.TextChoices):
    ANYWHERE = "anywhere", "Anywhere"
    UK = "uk", "United Kingdom"
    EUROPE = "europe", "Europe"
    WORLD = "world", "Rest of the world"


class Product(ClusterableModel):
    """Something a reader can buy: a scope of the archive for a term of months, with printed copies or
    without.
    """

    SCOPES = [
        (access.ScopeKind.ARCHIVE.value, "The whole archive"),
        (access.ScopeKind.TITLE.value, "One title"),
    ]

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    scope = models.CharField(max_length=16, choices=SCOPES, default=access.ScopeKind.ARCHIVE.value)
    title = models.ForeignKey(
        "archive.Title", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    term_months = models.PositiveSmallIntegerField("term in months", default=12)
    is_print = models.BooleanField(
        "with printed copies", default=False, help_text="A postal address is asked for."
    )
    for_sale = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "name")
        constraints = [
            models.CheckConstraint(condition=Q(term_months__gte=1), name="term_has_length"),
            models.CheckConstraint(
                condition=~Q(scope=access.ScopeKind.TITLE.value) | Q(title__isnull=False),
                name="product_names_its_title",
                violation_error_message="Say which title it opens.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def term(self) -> str:
        """As a reader says it: "a month", "a year", "6 months"."""
        return {1: "a month", 12: "a year"}.get(self.term_months, f"for {self.term_months} months")

    @property
    def label(self) -> str:
        """As it stands on receipts: "Online access, yearly"."""
        how_long = {1: "monthly", 12: "yearly"}.get(self.term_months, f"{self.term_months} months")
        return f"{self.name}, {how_long}"


class Price(models.Model):
    """What a product costs in a region, in minor units of the currency."""

    product = ParentalKey(Product, on_delete=models.CASCADE, related_name="prices")
    region = models.CharField(max_length=12, choices=Region, default=Region.ANYWHERE)
    minor = models.PositiveIntegerField("amount in minor units", help_text="4800 is £48.00.")
    currency = models.CharField(
        max_length=3,
        default="GBP",
        validators=[RegexValidator(r"^[A-Z]{3}$", "Three capitals, as in GBP or EUR.")],
    )

    class Meta:
        ordering = ("product", "minor")
        constraints = [models.UniqueConstraint(fields=["product", "region"], name="one_price_per_region")]

    def __str__(self) -> str:
        return f"{self.amount} ({self.get_region_display()})"

    @property
    def amount(self) -> Amount:
        return Amount(self.minor, self.currency)
