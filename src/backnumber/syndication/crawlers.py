"""Reads of the publisher's word to crawlers, as robots.txt, llms.txt and the door have it."""

from django.conf import settings

from backnumber.edge.page.crawlers import Stance, Stances, stances_of
from backnumber.syndication.models import CrawlerStance, CrawlerTerms


def stances() -> Stances:
    """Promise: a stance for every crawler that is known, and the terms of those that are to pay; two queries."""
    said = {token: Stance(stance) for token, stance in CrawlerStance.objects.values_list("token", "stance")}
    terms = CrawlerTerms.objects.first() or CrawlerTerms()
    return stances_of(said, terms.words, terms.address, terms.licence_address, site=settings.ADDRESS)
