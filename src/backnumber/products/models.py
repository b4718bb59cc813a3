"""Products and their prices. A price is what is charged: the browser never names one."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from backnumber import access
from backnumber.money import Amount


class Region(models.TextChoices):
    ANYWHERE = "anywhere", "Anywhere"
    UK = "uk", "United Kingdom"
    EUROPE = "europe", "Europe"
    WORLD = "world", "Rest of the world"


class Audience(models.TextChoices):
    """Readers who meet the gate, by why it is shut to them."""

    STRANGERS = "strangers", "Who is not signed in"
    READERS = "readers", "Who has an account, and no right"
    LAPSED = "lapsed", "Whose right has ended"
    NARROWER = "narrower", "Who has a right to other issues, as with a narrower subscription"
    METERED = "metered", "Whose free reads are spent"
    GIFTED = "gifted", "Whose gift link has ended"


_ARCHIVE, _TITLE = access.ScopeKind.ARCHIVE.value, access.ScopeKind.TITLE.value
_SPAN, _RECENT = access.ScopeKind.SPAN.value, access.ScopeKind.RECENT.value
_ISSUE, _ARTICLE = access.ScopeKind.ISSUE.value, access.ScopeKind.ARTICLE.value


class Product(ClusterableModel):
    """Something a reader can buy: a scope of the archive for a term, with printed copies or without.

    A single issue or article is the one the reader came from. Only these two may be sold without a term: what was
    paid for by the piece then stays open.
    """

    SCOPES = [
        (_ARCHIVE, "The whole archive"),
        (_TITLE, "One title"),
        (_SPAN, "A span of cover dates"),
        (_RECENT, "The last years"),
        (_ISSUE, "One issue: the one the reader came from"),
        (_ARTICLE, "One article: the one the reader came from"),
    ]

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    scope = models.CharField(max_length=16, choices=SCOPES, default=_ARCHIVE)
    title = models.ForeignKey(
        "archive.Title",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: every title. For a single issue or article it says of which title they are sold.",
    )
    first_date = models.DateField(
        "first cover date", null=True, blank=True, help_text="Empty: from the first issue on."
    )
    last_date = models.DateField(
        "last cover date", null=True, blank=True, help_text="Inclusive. Empty: to the latest issue."
    )
    years = models.PositiveSmallIntegerField(
        "how many years", null=True, blank=True, help_text="This year included: 1 is the current year only."
    )
    term_months = models.PositiveSmallIntegerField("term in months", null=True, blank=True)
    term_days = models.PositiveSmallIntegerField(
        "or in days", null=True, blank=True, help_text="Days of 24 hours, from the payment."
    )
    keeps_term = models.BooleanField(
        "after the end, the issues of the paid term stay open",
        default=False,
        help_text="Those with a cover date within the term. Only for a term in months.",
    )
    is_print = models.BooleanField(
        "with printed copies", default=False, help_text="A postal address is asked for."
    )
    issues = models.PositiveSmallIntegerField(
        "printed issues in a term",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Copies are sent until so many issues have been. Empty: those whose cut-off lies within the dates of the term.",
    )
    print_percent = models.DecimalField(
        "share of the price that is for the printed copies, in per cent",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="Of copies and online access sold together; the invoice parts the price, for each may be taxed at a rate of its own. "
        "Empty: all of it is for the copies.",
    )
    renews = models.BooleanField(
        "renews by itself",
        default=False,
        help_text="When the term is over, the same card or account is charged for the next, until the reader stops it. Needs a term in months.",
    )
    first_months = models.PositiveSmallIntegerField(
        "months of a first term",
        null=True,
        blank=True,
        help_text="Of something that renews: a first term of another length, at the first price. Empty: as long as every other.",
    )
    is_group = models.BooleanField(
        "for a group",
        default=False,
        help_text="For a class, a society, a small library: its buyer invites who takes the seats. Needs a term in months.",
    )
    seats_from = models.PositiveSmallIntegerField("seats, from", null=True, blank=True)
    seats_to = models.PositiveSmallIntegerField(
        "to", null=True, blank=True, validators=[MaxValueValidator(1000)], help_text="At most 1,000."
    )
    per_seat = models.BooleanField(
        "the price is for one seat",
        default=True,
        help_text="The buyer says how many, from and to what stands above. Not ticked: the price is for all of them together.",
    )
    only_for = models.CharField(
        "only for e-mail addresses that end in",
        max_length=300,
        blank=True,
        help_text="For students and the like: ac.uk, edu. Empty: for everybody.",
    )

    class Given(models.TextChoices):
        NO = "no", "No"
        ALSO = "also", "Yes: for oneself, or as a gift"
        ONLY = "only", "Only as a gift"

    given = models.CharField(
        "may be bought as a gift",
        max_length=4,
        choices=Given,
        default=Given.NO,
        help_text="A gift is one term at the full price; it never renews. Needs a term in months, and is for everybody.",
    )
    offered_to = models.JSONField("at the gate only to", default=list, blank=True)
    for_sale = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "name")
        constraints = [
            models.CheckConstraint(
                condition=~Q(scope=_TITLE) | Q(title__isnull=False),
                name="product_names_its_title",
                violation_error_message="Say which title it opens.",
            ),
            models.CheckConstraint(
                condition=~Q(scope=_SPAN)
                | Q(first_date__isnull=False, last_date__isnull=True)
                | Q(first_date__isnull=True, last_date__isnull=False)
                | Q(first_date__isnull=False, last_date__isnull=False, first_date__lte=F("last_date")),
                name="product_span_has_a_date",
                violation_error_message="Give the span a first or a last cover date, in this order.",
            ),
            models.CheckConstraint(
                condition=~Q(scope=_RECENT) | Q(years__isnull=False, years__gte=1),
                name="product_of_years_says_how_many",
                violation_error_message="Say how many years it opens.",
            ),
            models.CheckConstraint(
                condition=Q(term_months__isnull=False, term_months__gte=1, term_days__isnull=True)
                | Q(term_months__isnull=True, term_days__isnull=False, term_days__gte=1)
                | Q(term_months__isnull=True, term_days__isnull=True, scope__in=[_ISSUE, _ARTICLE]),
                name="term_has_length",
                violation_error_message="Give it a term, in months or in days.",
            ),
            models.CheckConstraint(
                condition=(Q(keeps_term=False) & Q(is_print=False))
                | (Q(term_months__isnull=False) & ~Q(scope__in=[_ISSUE, _ARTICLE])),
                name="copies_and_kept_issues_need_months",
                violation_error_message="Printed copies, and issues that stay open, need a term in months.",
            ),
            models.CheckConstraint(
                condition=Q(print_percent__isnull=True)
                | Q(is_print=True, print_percent__gte=0, print_percent__lte=100),
                name="a_print_share_is_of_copies",
                violation_error_message="Only what has printed copies has a share for them, of 0 to 100 per cent.",
            ),
            models.CheckConstraint(
                condition=Q(renews=False) | (Q(term_months__isnull=False) & ~Q(scope__in=[_ISSUE, _ARTICLE])),
                name="what_renews_needs_months",
                violation_error_message="What renews needs a term in months.",
            ),
            models.CheckConstraint(
                condition=Q(is_group=False)
                | Q(
                    ~Q(scope__in=[_ISSUE, _ARTICLE]),
                    term_months__isnull=False,
                    is_print=False,
                    keeps_term=False,
                    first_months__isnull=True,
                    seats_from__gte=1,
                    seats_to__gte=F("seats_from"),
                ),
                name="a_group_has_seats_and_months",
                violation_error_message="A group has seats and a term in months; no copies, no first term, nothing that stays open.",
            ),
            models.CheckConstraint(
                condition=Q(first_months__isnull=True) | Q(renews=True, first_months__gte=1),
                name="a_first_term_is_of_what_renews",
                violation_error_message="Only what renews has a first term, of one month or more.",
            ),
            models.CheckConstraint(
                condition=Q(given="no")
                | (Q(term_months__isnull=False, only_for="") & ~Q(scope__in=[_ISSUE, _ARTICLE])),
                name="what_is_given_needs_months_and_is_for_everybody",
                violation_error_message="A gift needs a term in months, and is for everybody.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """What the constraints say, beside the field it is about."""
        wrong = {field: advice for is_wrong, field, advice in self._mistakes() if is_wrong}
        if wrong:
            raise ValidationError(wrong)

    def _mistakes(self) -> list[tuple[bool, str, str]]:
        """Of two about one field the later is shown."""
        first, last = self.first_date, self.last_date
        is_span, needs_months = self.scope == _SPAN, "This needs a term in months"
        return [
            (self.scope == _TITLE and self.title_id is None, "title", "Say which title it opens."),
            (is_span and first is None and last is None, "first_date", "Give a first cover date, or a last."),
            (is_span and bool(first and last and first > last), "last_date", "It lies before the first."),
            (self.scope == _RECENT and not self.years, "years", "Say how many years it opens: 1 or more."),
            (self.term_months == 0, "term_months", "At least one month."),
            (self.term_days == 0, "term_days", "At least one day."),
            (bool(self.term_months and self.term_days), "term_days", "Months or days: leave one empty."),
            (
                self.term_months is None and self.term_days is None and not self.is_by_the_piece,
                "term_months",
                "Give it a term. Only a single issue or article may be without one.",
            ),
            (
                self.keeps_term and not self.is_subscription,
                "keeps_term",
                f"{needs_months}, and more than one piece.",
            ),
            (
                self.is_print and not self.is_subscription,
                "is_print",
                f"{needs_months}, and more than one piece.",
            ),
            (bool(self.issues) and not self.is_print, "issues", "Only printed copies are counted in issues."),
            (
                self.renews and not self.is_subscription,
                "renews",
                f"{needs_months}, and more than one piece.",
            ),
            (
                self.given != self.Given.NO and not self.is_subscription,
                "given",
                f"{needs_months}, and more than one piece.",
            ),
            (self.given != self.Given.NO and bool(self.only_for), "given", "A gift is for everybody."),
            (self.given != self.Given.NO and self.is_group, "given", "What is for a group cannot be given."),
            (
                self.print_percent is not None and not self.is_print,
                "print_percent",
                "Only what has printed copies has a share for them.",
            ),
            (
                self.is_group
                and (not self.is_subscription or self.is_print or self.keeps_term or bool(self.first_months)),
                "is_group",
                f"{needs_months}, and no copies, first term or issues that stay open.",
            ),
            (self.is_group and not self.seats_from, "seats_from", "Say how many seats at least: 1 or more."),
            (
                self.is_group and (self.seats_to or 0) < (self.seats_from or 1),
                "seats_to",
                "Say how many seats at most; not fewer than at least.",
            ),
            (self.first_months == 0, "first_months", "At least one month."),
            (
                bool(self.first_months) and not self.renews,
                "first_months",
                "Only what renews has a first term.",
            ),
        ]

    def scope_on(self, *, article: int | None, issue: int | None) -> access.Scope:
        """Promise: what buying it opens for a reader who came from that article of that issue.

        A single piece of nothing names nothing: the rule finds it malformed, and it opens nothing.
        """
        if self.scope == _ISSUE:
            return access.Scope(access.ScopeKind.ISSUE, issue=issue)
        if self.scope == _ARTICLE:
            return access.Scope(access.ScopeKind.ARTICLE, article=article)
        return access.Scope(
            access.ScopeKind(self.scope),
            title=self.title_id,
            first_date=self.first_date,
            last_date=self.last_date,
            years=self.years,
        )

    @property
    def is_by_the_piece(self) -> bool:
        """A single issue or article, named by where the reader came from."""
        return self.scope in {_ISSUE, _ARTICLE}

    @property
    def is_subscription(self) -> bool:
        return bool(self.term_months) and not self.is_by_the_piece

    def seats_for(self, wanted: int) -> int:
        """Promise: how many seats are sold to who wants so many; 0 of what is for no group."""
        if not self.is_group:
            return 0
        return (
            min(max(wanted, self.seats_from or 1), self.seats_to or 1)
            if self.per_seat
            else self.seats_to or 1
        )

    def cost(self, minor: int, seats: int) -> int:
        """Promise: what so many seats cost by a price of so many minor units; of what is for no group, the price."""
        return minor * seats if self.is_group and self.per_seat else minor

    @property
    def print_share(self) -> int | None:
        """In basis points, as tax is parted by it; None where the product says none."""
        return None if self.print_percent is None else int(self.print_percent * 100)

    @property
    def months_at_first(self) -> int:
        """How long the term is that is paid for when it is bought; 0 for a term in days or none."""
        return self.first_months or self.term_months or 0

    def is_for(self, email: str) -> bool:
        """Whether somebody with this e-mail address may buy it."""
        domain = email.rpartition("@")[2].lower()
        endings = [ending.strip().lstrip("@.").lower() for ending in self.only_for.split(",")]
        wanted = [ending for ending in endings if ending]
        return not wanted or any(domain == ending or domain.endswith(f".{ending}") for ending in wanted)

    @property
    def piece(self) -> str:
        """What a single piece is called; empty for anything larger."""
        return {_ISSUE: "issue", _ARTICLE: "article"}.get(self.scope, "")

    @property
    def term(self) -> str:
        """As a reader says it: "a month", "a year", "for 6 months", "a day", "for 3 days"; without end "this article"."""
        if self.term_months:
            return {1: "a month", 12: "a year"}.get(self.term_months, f"for {self.term_months} months")
        if self.term_days:
            return "a day" if self.term_days == 1 else f"for {self.term_days} days"
        return f"this {self.piece}" if self.piece else ""

    @property
    def label(self) -> str:
        """As it stands on receipts: "Online access, yearly"; a "One-day pass" says how long it is itself."""
        if self.term_months:
            how_long = {1: "monthly", 12: "yearly"}.get(self.term_months, f"{self.term_months} months")
        elif self.term_days == 1:
            how_long = "" if "day" in self.name.lower() else "one day"
        else:
            how_long = f"{self.term_days} days" if self.term_days else ""
        return f"{self.name}, {how_long}" if how_long else self.name


class Price(models.Model):
    """What a product costs in a region, in minor units of the currency."""

    product = ParentalKey(Product, on_delete=models.CASCADE, related_name="prices")
    region = models.CharField(max_length=12, choices=Region, default=Region.ANYWHERE)
    minor = models.PositiveIntegerField("amount in minor units", validators=[MinValueValidator(1)])
    currency = models.CharField(max_length=3, default="GBP")
    first_minor = models.PositiveIntegerField(
        "first price in minor units", null=True, blank=True, validators=[MinValueValidator(1)]
    )

    class Meta:
        ordering = ("product", "minor")
        constraints = [
            models.UniqueConstraint(fields=["product", "region"], name="one_price_per_region"),
            models.CheckConstraint(condition=Q(minor__gt=0), name="price_is_more_than_nothing"),
            models.CheckConstraint(
                condition=Q(first_minor__isnull=True) | Q(first_minor__gt=0),
                name="first_price_is_more_than_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} ({self.get_region_display()})"

    @property
    def amount(self) -> Amount:
        return Amount(self.minor, self.currency)

    @property
    def at_first(self) -> Amount:
        """What is paid when it is bought: the first price where there is one, and what renews has it."""
        has_one = self.product.renews and self.first_minor is not None
        return Amount(self.first_minor or 0, self.currency) if has_one else self.amount


class Voucher(models.Model):
    """A code that takes something off what is paid when somebody buys: an amount of its currency, or a share of the price.

    `limit` counts everybody's uses; each reader has one. Times are instants, `valid_until` exclusive. No product: all of them.
    """

    code = models.CharField(
        max_length=40,
        help_text="What the reader types; capitals or not is the same. Letters, figures and hyphens.",
        validators=[RegexValidator(r"^[A-Za-z0-9-]+\Z", "Letters, figures and hyphens only.")],
    )
    note = models.CharField(max_length=200, blank=True, help_text="What it is for; readers do not see it.")
    minor = models.PositiveIntegerField(
        "amount off, in minor units", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    currency = models.CharField(max_length=3, default="GBP")
    share = models.PositiveSmallIntegerField(
        "share off, in per cent",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    every_term = models.BooleanField(
        "off every term",
        default=False,
        help_text="Of what renews: each renewal costs less too. Otherwise only the first term does.",
    )
    products = models.ManyToManyField(
        Product, blank=True, related_name="+", help_text="What it is for. None chosen: everything."
    )
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField("valid until, exclusive", null=True, blank=True)
    limit = models.PositiveIntegerField(
        "how often in all",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Empty: without limit. Each reader uses it once, in any case.",
    )

    class Meta:
        ordering = ("code",)
        constraints = [
            models.UniqueConstraint(
                Lower("code"),
                name="one_voucher_of_a_code",
                violation_error_message="There is a voucher of this code.",
            ),
            models.CheckConstraint(
                condition=Q(minor__isnull=False, minor__gte=1, share__isnull=True)
                | Q(minor__isnull=True, share__isnull=False, share__gte=1, share__lte=100),
                name="voucher_takes_an_amount_or_a_share",
                violation_error_message="Give it an amount or a share.",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_from__lt=F("valid_until")),
                name="voucher_begins_before_it_ends",
                violation_error_message="It ends before it begins.",
            ),
            models.CheckConstraint(
                condition=Q(limit__isnull=True) | Q(limit__gte=1),
                name="voucher_may_be_used",
                violation_error_message="At least once; or leave it empty.",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """What the constraints say, beside the field it is about."""
        if (self.minor is None) == (self.share is None):
            raise ValidationError({"share": "An amount or a share: one of the two."})
        if self.valid_from and self.valid_until and self.valid_from >= self.valid_until:
            raise ValidationError({"valid_until": "It ends before it begins."})

    @property
    def off(self) -> str:
        """As staff and readers see it: "£5 off", "20% off"."""
        return f"{Amount(self.minor, self.currency)} off" if self.minor else f"{self.share}% off"
