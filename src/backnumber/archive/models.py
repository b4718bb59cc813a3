"""The archive as tables: titles, volumes, issues, sections, articles, contributors, corrections, old addresses.

Nothing outside this room reads `Article.body`; text leaves through `queries.readable` (see `readable.py`).
"""

from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.db.models import lookups
from django.utils import timezone
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.fields import StreamField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    Revision,
    RevisionMixin,
    WorkflowMixin,
)

from backnumber.access import Policy
from backnumber.archive.addresses import address_of
from backnumber.archive.appearances import Appearance
from backnumber.archive.blocks import from_stream, words_in
from backnumber.archive.body import BodyBlock
from backnumber.archive.filing import filed_as
from backnumber.archive.pictures import Picture, Rendition, Rights
from backnumber.archive.rules import FIRST_DAY, LAST_DAY
from backnumber.archive.windows import Anniversary, FreeWindow

__all__ = [
    "Anniversary",
    "Appearance",
    "Article",
    "Authorship",
    "Contributor",
    "Correction",
    "FreeWindow",
    "Issue",
    "OldAddress",
    "Picture",
    "Rendition",
    "Rights",
    "Section",
    "Title",
    "Volume",
]

POLICIES = [
    (Policy.OPEN.value, "Open: anyone may read"),
    (Policy.SIGN_IN.value, "Sign-in: anyone with an account may read"),
    (Policy.METERED.value, "Metered: subscribers, and anyone else while the meter has reads left"),
    (Policy.SUBSCRIBERS.value, "Subscribers: a right to the archive is needed"),
]


def policy_field(*, blank: bool = True, default: str = "") -> "models.CharField[str, str]":
    """Blank: as the next more general thing says (article, issue, section, title)."""
    return models.CharField(max_length=16, choices=POLICIES, blank=blank, default=default)


_AS_ABOVE = "as the next more general thing says (issue, section, title)"


def paid_after_weeks_field(*, empty: str = _AS_ABOVE) -> "models.PositiveSmallIntegerField[Any, Any]":
    return models.PositiveSmallIntegerField(
        "paid after weeks",
        null=True,
        blank=True,
        help_text=f"Anyone may read for this many weeks from the cover date; then the policy holds. 0: no such wall here. Empty: {empty}.",
    )


def free_after_years_field(*, empty: str = _AS_ABOVE) -> "models.PositiveSmallIntegerField[Any, Any]":
    return models.PositiveSmallIntegerField(
        "free after years",
        null=True,
        blank=True,
        help_text=f"Anyone may read from this many years after the cover date on. 0: no such wall here. Empty: {empty}.",
    )


class Title(models.Model):
    """A magazine in the archive. Several may share one archive."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=100, unique=True)
    strapline = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    issn = models.CharField("ISSN", max_length=9, blank=True)
    founded = models.PositiveSmallIntegerField("founded in", null=True, blank=True)
    language = models.CharField(max_length=16, default="en-GB")
    policy = policy_field(blank=False, default=Policy.SUBSCRIBERS.value)
    paid_after_weeks = paid_after_weeks_field(empty="none")
    free_after_years = free_after_years_field(empty="none")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("title", self.slug)


class Volume(models.Model):
    """A volume of a title, as printed: usually a year."""

    title = models.ForeignKey(Title, on_delete=models.PROTECT, related_name="volumes")
    number = models.CharField(max_length=20)
    years = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("title", "number")
        constraints = [models.UniqueConstraint(fields=["title", "number"], name="one_volume_per_number")]

    def __str__(self) -> str:
        return f"{self.title}, volume {self.number}"


class Section(models.Model):  # type: ignore[django-manager-missing]  # Article has untyped mixins
    """A department of the magazine; over the years and titles it keeps its name."""

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=100, unique=True)
    description = models.TextField(blank=True)
    policy = policy_field()
    paid_after_weeks = paid_after_weeks_field()
    free_after_years = free_after_years_field()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("section", self.slug)


class Contributor(models.Model):
    """Somebody who wrote. `variants` are the other forms of the name that stand in print, one a line.

    Unless `filed_by_hand`, `sort_name` is what `filing.filed_as` makes of the name.
    """

    name = models.CharField(max_length=200)
    sort_name = models.CharField(
        max_length=200,
        blank=True,
        help_text="As in an index: surname, forename. Empty: filed by its surname.",
    )
    filed_by_hand = models.BooleanField(default=False, editable=False)
    slug = models.SlugField(max_length=120, unique=True)
    note = models.TextField("note on the author", blank=True)
    variants = models.TextField("name variants", blank=True, help_text="Other forms of the name, one a line.")

    class Meta:
        ordering = ("sort_name",)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Files whom nobody has filed."""
        self.sort_name = self.sort_name or filed_as(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return address_of("contributor", self.slug)


def _plausible(field: str, name: str) -> models.CheckConstraint:
    """A date far from any magazine's would break pages that list by year: the database takes none."""
    return models.CheckConstraint(
        condition=models.Q(
            (f"{field}__range", (FIRST_DAY, LAST_DAY)), (f"{field}__isnull", True), _connector="OR"
        ),
        name=name,
        violation_error_message=f"Choose a day from {FIRST_DAY.year} to {LAST_DAY.year}.",
    )


def _writes(arguments: dict[str, Any], *fields: str) -> bool:
    """Whether a save writes one of the fields: keeping a draft beside what is published writes none of them."""
    written = arguments.get("update_fields")
    return written is None or bool(set(fields) & set(written))


class Issue(  # type: ignore[django-manager-missing]  # Article has untyped mixins
    WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, models.Model
):
    """One number of a title: the unit of right and record."""

    title = models.ForeignKey(Title, on_delete=models.PROTECT, related_name="issues")
    volume = models.ForeignKey(Volume, on_delete=models.PROTECT, null=True, blank=True, related_name="issues")
    number = models.CharField(max_length=20, blank=True)
    cover_date = models.CharField(max_length=60, help_text='As printed: "Christmas 1951", "May/June 1999".')
    sort_date = models.DateField(help_text="The first day the cover date stands for.")
    slug = models.SlugField(max_length=60, help_text="Unique within the title and the year.")
    online_date = models.DateField(null=True, blank=True)
    on_sale = models.DateTimeField(
        "on sale from",
        null=True,
        blank=True,
        help_text=(
            "Until this moment nobody reads beyond the openings, subscribers neither; only a right given by staff "
            "opens more. Empty: no embargo."
        ),
    )
    cover = models.ForeignKey(Picture, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    cover_lines = models.TextField(blank=True, help_text="Up to three, one a line; for the drawn cover.")
    first_page = models.CharField(max_length=10, blank=True)
    last_page = models.CharField(max_length=10, blank=True)
    policy = policy_field()
    paid_after_weeks = paid_after_weeks_field()
    free_after_years = free_after_years_field()

    revisions = GenericRelation(Revision, related_query_name="issue")

    class Meta:
        ordering = ("-sort_date", "-id")
        constraints = [
            models.UniqueConstraint(
                "title", models.functions.ExtractYear("sort_date"), "slug", name="one_issue_per_address"
            ),
            _plausible("sort_date", "issue_of_a_plausible_date"),
            _plausible("online_date", "issue_online_on_a_plausible_date"),
        ]
        indexes = [models.Index(fields=["title", "sort_date"]), models.Index(fields=["sort_date"])]

    def __str__(self) -> str:
        return f"{self.title}, {self.cover_date}"

    @transaction.atomic
    def publish(self, *args: Any, **kwargs: Any) -> Any:
        """All or nothing, with what whoever hears of it (`edge.render`) writes."""
        return super().publish(*args, **kwargs)

    @property
    def year(self) -> int:
        return self.sort_date.year

    def get_absolute_url(self) -> str:
        return address_of("issue", self.title.slug, self.sort_date.year, self.slug)

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        return []


class Article(
    WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel
):
    """One piece of an issue. `online_date` is when it came online; the cover date is its issue's."""

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="articles")
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="articles"
    )
    position = models.PositiveIntegerField(default=0, help_text="Place in the running order.")
    headline = models.CharField(max_length=500)
    slug = models.SlugField(max_length=120)
    standfirst = models.TextField(blank=True)
    byline = models.CharField(max_length=500, blank=True, help_text="The names as printed.")
    body = StreamField(BodyBlock(), blank=True)
    lead_in_ends_after = models.PositiveIntegerField(
        "lead-in ends after block",
        null=True,
        blank=True,
        help_text="How many blocks anyone may read. Empty: whole paragraphs up to about 150 words.",
    )
    words = models.PositiveIntegerField(default=0, editable=False)
    first_page = models.CharField(max_length=10, blank=True)
    last_page = models.CharField(max_length=10, blank=True)
    language = models.CharField(max_length=16, blank=True, help_text="Empty: the title's.")
    policy = policy_field()
    paid_after_weeks = paid_after_weeks_field()
    free_after_years = free_after_years_field()
    online_date = models.DateField(default=timezone.localdate)

    revisions = GenericRelation(Revision, related_query_name="article")

    class Meta:
        ordering = ("issue", "position", "id")
        constraints = [
            models.UniqueConstraint(fields=["issue", "slug"], name="one_article_per_address"),
            _plausible("online_date", "article_online_on_a_plausible_date"),
        ]
        indexes = [
            models.Index(fields=["issue", "position"]),
            models.Index(fields=["section", "live"]),
            models.Index(fields=["live", "-online_date"]),
        ]

    def __str__(self) -> str:
        return self.headline

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        return [("nobody", "As nobody in particular"), ("subscriber", "As a subscriber")]

    def get_preview_template(self, request: Any, _mode_name: str) -> str:
        """The website brings this template; it takes `object` and `preview_mode`."""
        return "website/preview.html"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Counts the words."""
        if _writes(kwargs, "body"):
            self.words = words_in(from_stream(self.body.raw_data))
        super().save(*args, **kwargs)

    @transaction.atomic
    def publish(self, *args: Any, **kwargs: Any) -> Any:
        """All or nothing, with what whoever hears of it (`edge.render`) writes."""
        return super().publish(*args, **kwargs)

    def get_absolute_url(self) -> str:
        issue = self.issue
        return address_of("article", issue.title.slug, issue.sort_date.year, issue.slug, self.slug)


class Authorship(models.Model):
    """A contributor's part in an article, in the order of the byline."""

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="authorships")
    contributor = models.ForeignKey(Contributor, on_delete=models.PROTECT, related_name="authorships")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = [models.UniqueConstraint(fields=["article", "contributor"], name="one_authorship_each")]

    def __str__(self) -> str:
        return self.contributor.name


class Correction(models.Model):
    """What was put right after printing, shown with its date at the foot of the article, to whoever may read it."""

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="corrections")
    made_on = models.DateField(default=timezone.localdate)
    text = models.TextField()

    class Meta:
        ordering = ("made_on", "id")

    def __str__(self) -> str:
        return f"{self.made_on}: {self.text[:60]}"


def _leads_to(thing: type[models.Model]) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        thing, on_delete=models.CASCADE, null=True, blank=True, related_name="old_addresses"
    )


class OldAddress(models.Model):
    """A path that once led to something published, and leads there for ever. It names the thing, not its next address, so
    that there are no chains and no loops.

    Triggers of the database write these rows (migration 0005), whoever changes a slug, also many at once. An import adds
    the addresses its articles had elsewhere.
    """

    path = models.CharField(max_length=400, unique=True)
    article = _leads_to(Article)
    issue = _leads_to(Issue)
    title = _leads_to(Title)
    section = _leads_to(Section)
    contributor = _leads_to(Contributor)

    class Meta:
        verbose_name_plural = "old addresses"
        constraints = [
            models.CheckConstraint(
                condition=lookups.Exact(
                    models.Func(
                        "article",
                        "issue",
                        "title",
                        "section",
                        "contributor",
                        function="num_nonnulls",
                        output_field=models.IntegerField(),
                    ),
                    1,
                ),
                name="leads_to_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.path
