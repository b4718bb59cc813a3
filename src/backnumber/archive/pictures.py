"""Pictures and their rights. A picture without the right is withheld; its article stays."""

from datetime import datetime

from django.db import models
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class Rights(models.TextChoices):
    CLEARED = "cleared", "May be shown online"
    UNTIL = "until", "May be shown online until the day below"
    PRINT_ONLY = "print-only", "Cleared for print only: withheld online"


class Picture(AbstractImage):
    """A picture with its credit and its right. Wagtail's image with what an archive needs to know of it."""

    alt = models.CharField("alternative text", max_length=500, blank=True, help_text="What a person who cannot see it needs to know.")
    caption = models.CharField(max_length=500, blank=True)
    credit = models.CharField(max_length=255, blank=True)
    rights = models.CharField(max_length=16, choices=Rights, default=Rights.CLEARED)
    rights_until = models.DateField(
        "shown online until", null=True, blank=True, help_text="The last day, inclusive; only with the choice above."
    )

    admin_form_fields = (*Image.admin_form_fields, "alt", "caption", "credit", "rights", "rights_until")

    @property
    def default_alt_text(self) -> str:
        return self.alt

    def may_be_shown(self, now: datetime) -> bool:
        """Promise: whether the right holds on the day of `now`. A right "until" without its day is none."""
        if self.rights == Rights.UNTIL:
            return self.rights_until is not None and now.date() <= self.rights_until
        return self.rights == Rights.CLEARED


class Rendition(AbstractRendition):
    """A size of a picture, made when first asked for."""

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
