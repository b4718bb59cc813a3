"""Takes away all that a run has planted, by the names it gave: after a run, or after one that was killed."""

from django.contrib.sessions.models import Session
from django.db import transaction

from backnumber.archive.models import Article, Contributor, Issue, Picture, Section, Title
from backnumber.edge.render.models import PageRow
from backnumber.institutions.models import Institution
from backnumber.passes.models import Generation
from backnumber.prove.site_under_test import MAIL_HOST, named
from backnumber.readers.models import Reader
from backnumber.search.models import Tally
from backnumber.usage.models import Use

WRITTEN_WITHIN = 1.5  # seconds: what was used is written down in batches, half a second apart


@transaction.atomic
def clear(mark: str = "") -> int:
    """Promise: nothing that the run of this mark has planted is left, of any run without one; how many articles it was.

    What notes of a change the database keeps for a day (that a page is void, that a session ended) goes with its own sweep.
    """
    name = named(mark)
    _readers(f"{mark}-" if mark else "")
    Institution.objects.filter(slug__startswith=name).delete()
    titles = Title.objects.filter(slug__startswith=name)
    Use.objects.filter(title__in=list(titles.values_list("pk", flat=True))).delete()
    articles = Article.objects.filter(issue__title__in=titles)
    count = articles.count()
    articles.delete()
    Issue.objects.filter(title__in=titles).delete()
    titles.delete()
    for model in (Section, Contributor):
        model._default_manager.filter(slug__startswith=name).delete()
    Picture.objects.filter(title__startswith=name).delete()
    for place in ("archive", "sections", "contributors"):
        PageRow.objects.filter(address__startswith=f"/{place}/{name}").delete()
    return count


def _readers(prefix: str) -> None:
    readers = Reader.objects.filter(email__startswith=prefix, email__endswith=f"@{MAIL_HOST}")
    keys = list(readers.values_list("pk", flat=True))
    Session.objects.filter(device__reader__in=keys).delete()
    readers.delete()
    Generation.objects.filter(reader__in=keys).delete()
    Tally.objects.filter(who__in=[f"reader {key}" for key in keys]).delete()
