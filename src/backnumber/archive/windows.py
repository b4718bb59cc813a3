"""When a piece is open to anyone for a time: once, or on a day of every year."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.dates import MONTHS
from modelcluster.fields import ParentalKey

from backnumber.access import holds
from backnumber.archive.rules import is_day_of_some_year


class FreeWindow(models.Model):
    """From `starts` until just before `until`, anyone may read the article. `why` is shown to readers."""

    article = models.ForeignKey("archive.Article", on_delete=models.CASCADE, related_name="free_windows")
    starts = models.DateTimeField()
    until = models.DateTimeField()
    why = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts__lt=models.F("until")), name="window_has_length")
        ]
        indexes = [models.Index(fields=["article", "until"])]

    def __str__(self) -> str:
        return f"{self.why}: {self.article}"

    def is_open(self, now: datetime) -> bool:
        return holds(self.starts, self.until, now)


class Anniversary(models.Model):
    """On this day of every year, from midnight to midnight by the publisher's clock, anyone may read the article."""

    article = ParentalKey("archive.Article", on_delete=models.CASCADE, related_name="anniversaries")
    month = models.PositiveSmallIntegerField(choices=list(MONTHS.items()))
    day = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(31)])
    why = models.CharField(
        max_length=60, help_text="Shown to readers, after “it is”: the anniversary of the battle."
    )

    class Meta:
        ordering = ("month", "day", "id")
        verbose_name_plural = "anniversaries"
        constraints = [
            models.UniqueConstraint(fields=["article", "month", "day"], name="one_anniversary_a_day"),
            models.CheckConstraint(
                condition=Q(month__range=(1, 12), day__range=(1, 29))
                | Q(month__in=(1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), day=30)
                | Q(month__in=(1, 3, 5, 7, 8, 10, 12), day=31),
                name="anniversary_is_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.get_month_display()}, {self.why}: {self.article}"

    def clean(self) -> None:
        if self.month and self.day and not is_day_of_some_year(self.month, self.day):
            raise ValidationError({"day": f"No year has a {self.day} {self.get_month_display()}."})
