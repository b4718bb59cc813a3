"""The publisher's word to crawlers. The database itself tells every door of a change: see the migration."""

from django.db import models
from django.db.models import Q

from backnumber.edge.page.crawlers import Stance

STANCES = [(stance.value, stance.value) for stance in Stance]


class CrawlerStance(models.Model):
    """What is said to one crawler. One that has no row has been told nothing: see `edge.page.crawlers.filled`."""

    token = models.CharField(max_length=64, unique=True)
    stance = models.CharField(max_length=8, choices=STANCES)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stance__in=[stance.value for stance in Stance]), name="crawler_stance_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.token}: {self.stance}"


class CrawlerTerms(models.Model):
    """What a crawler that is to pay is told. One row at most."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    words = models.TextField(blank=True)
    address = models.CharField(max_length=500, blank=True)
    licence_address = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = "crawlers and their terms"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_row_of_crawler_terms")]

    def __str__(self) -> str:
        return "Crawlers and their terms"
