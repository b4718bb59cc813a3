"""The facts the rule is given, from the database, and its answer. Every page, feed and desk asks here."""

from collections.abc import Sequence
from datetime import datetime

from backnumber.access import Asker, Decision, decide
from backnumber.archive.models import Article
from backnumber.archive.queries import asked
from backnumber.circulation.queries import claim_state
from backnumber.passes.service import grants_for_pass
from backnumber.readers.models import Reader


def asker(reader: Reader | None) -> Asker:
    """Promise: what is known of who asks; two queries for a reader, none for nobody."""
    if reader is None:
        return Asker()
    claim = claim_state(reader)
    return Asker(reader.pk, grants_for_pass(reader), claim.claim_pending, claim.print_unclaimed)


def decision_for(article: Article, who: Asker, now: datetime) -> Decision:
    """Promise: the rule's answer for one article; one query."""
    return decisions_for([article], who, now)[article.pk]


def decisions_for(articles: Sequence[Article], who: Asker, now: datetime) -> dict[int, Decision]:
    """Promise: the rule's answer for each article, by its key; one query, however many there are."""
    return {key: decide(one, who, now) for key, one in asked(articles, now).items()}
