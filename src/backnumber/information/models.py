"""Information pages as tables, and the addresses they once had."""

from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.utils.safestring import SafeString, mark_safe
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, Revision, RevisionMixin

from backnumber.archive.addresses import address_of
from backnumber.archive.blocks import from_stream
from backnumber.archive.rendering import blocks_to_html
from backnumber.information.body import InformationBlock


class Purpose(models.TextChoices):
    """What a page is for, so that others find it whatever it is called: the checkout its terms, `doctor` what is missing."""

    TERMS = "terms", "Terms of sale and use"
    PRIVACY = "privacy", "Privacy"
    REFUNDS = "refunds", "Refunds and cancellation"
    ABOUT = "about", "About the magazine"
    CONTACT = "contact", "Contact"
    ACCESSIBILITY = "accessibility", "Accessibility"
    MASTHEAD = "masthead", "Masthead: who makes the magazine"
    OTHER = "other", "Other"


class Menu(models.TextChoices):
    NONE = "none", "In no menu"
    MAIN = "main", "Main menu, after the ways into the archive"
    FOOTER = "footer", "Footer of every page"


class InformationPage(DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, models.Model):
    """A page that staff write. Of each purpose but `other` there is one, published or not: two drafts of one purpose could not
    both be published at their time.
    """

    title = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    summary = models.CharField(
        max_length=300,
        blank=True,
        help_text="A sentence or two under the title, and what search engines show.",
    )
    body = StreamField(InformationBlock(), blank=True)
    purpose = models.CharField(
        max_length=16,
        choices=Purpose.choices,
        default=Purpose.OTHER,
        help_text="Terms, privacy and refunds are linked where one pays, as soon as they are published.",
    )
    menu = models.CharField(
        max_length=8,
        choices=Menu.choices,
        default=Menu.NONE,
        help_text="Menus stand on every page of the site: a change of theirs has all of them rendered anew.",
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Place in its menu; the lowest first.")

    revisions = GenericRelation(Revision, related_query_name="information_page")

    class Meta:
        ordering = ("position", "title")
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"],
                condition=~models.Q(purpose=Purpose.OTHER),
                name="one_page_of_each_purpose",
                violation_error_message=(
                    "There is a page of this purpose already, published or not. Edit that one, or choose the purpose “Other”."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @transaction.atomic
    def publish(self, *args: Any, **kwargs: Any) -> Any:
        """All or nothing, with what whoever hears of it writes."""
        return super().publish(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return address_of("information", self.slug)

    @property
    def html(self) -> SafeString:
        """Promise: the body as HTML, cleaned."""
        return mark_safe(blocks_to_html(from_stream(self.body.raw_data)))

    def get_preview_template(self, _request: Any, _mode_name: str) -> str:
        return "information/page.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        return {**super().get_preview_context(request, mode_name), "page": self}


class FormerSlug(models.Model):
    """A slug under which a page was published; its address leads to where the page is now, however often it moves.

    A trigger of the database writes these rows, whoever changes the slug, or withdraws the page before changing it.
    """

    slug = models.SlugField(max_length=60, unique=True)
    page = models.ForeignKey(InformationPage, on_delete=models.CASCADE, related_name="former_slugs")

    def __str__(self) -> str:
        return self.slug
