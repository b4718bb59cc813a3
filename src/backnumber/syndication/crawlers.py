"""Reads of the publisher's word to crawlers, as robots.txt, llms.txt and the front door have it."""

from urllib.parse import urlsplit

from django.conf import settings

from backnumber.pages.crawlers import Stance, Stances, filled
from backnumber.syndication.models import CrawlerStance, CrawlerTerms


def stances() -> Stances:
    """Promise: a stance for every crawler that is known, and the terms of those that are to pay; two queries."""
    said = {token: Stance(stance) for token, stance in CrawlerStance.objects.values_list("token", "stance")}
    terms = CrawlerTerms.objects.first() or CrawlerTerms()
    address = whole_address(terms.address)
    here = address.startswith(f"{settings.ADDRESS}/")
    return Stances(
        filled(said),
        terms.words,
        address,
        urlsplit(address).path if here else "",
        terms.licence_address,
    )


def whole_address(address: str) -> str:
    """Promise: the address as the rest of the world knows it; a path is one of this site."""
    return settings.ADDRESS + address if address.startswith("/") else address
