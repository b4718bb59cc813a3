"""Commands of syndication: what crawlers are told."""

from collections.abc import Mapping

from django.db import transaction
from wagtail.log_actions import log

from backnumber.edge.page.crawlers import Stance
from backnumber.readers.models import Reader
from backnumber.syndication.models import CrawlerStance, CrawlerTerms


@transaction.atomic
def tell_crawlers(said: Mapping[str, Stance], terms: CrawlerTerms, *, by: Reader | None) -> None:
    """Promise: these stances and terms and no others, logged; every door hears of them when they are committed."""
    before = dict(CrawlerStance.objects.values_list("token", "stance"))
    CrawlerStance.objects.exclude(token__in=said).delete()
    CrawlerStance.objects.bulk_create(
        [CrawlerStance(token=token, stance=stance.value) for token, stance in said.items()],
        update_conflicts=True,
        unique_fields=["token"],
        update_fields=["stance"],
    )
    kept, _ = CrawlerTerms.objects.update_or_create(
        id=1,
        defaults={
            "words": terms.words,
            "address": terms.address,
            "licence_address": terms.licence_address,
        },
    )
    changed = [f"{token}: {stance}" for token, stance in said.items() if before.get(token) != stance.value]
    what = "\n".join(changed) or "The terms alone"
    log(instance=kept, action="syndication.crawlers", user=by, data={"what": what})
