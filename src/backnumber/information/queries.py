"""Reads of the information pages: one page, where one has moved, and what menus and the checkout link."""

from collections.abc import Iterable
from dataclasses import dataclass

from backnumber.archive.addresses import address_of
from backnumber.information.models import FormerSlug, InformationPage, Menu, Purpose

FOR_BUYERS = (Purpose.TERMS, Purpose.PRIVACY, Purpose.REFUNDS)
WANTED_IN_PRODUCTION = (*FOR_BUYERS, Purpose.CONTACT)


@dataclass(frozen=True, slots=True)
class PageLink:
    """A published page as a link shows it."""

    title: str
    address: str
    purpose: str
    menu: str


@dataclass(frozen=True, slots=True)
class LivePages:
    """Every published page, in the order of the menus."""

    links: tuple[PageLink, ...] = ()

    @property
    def main(self) -> tuple[PageLink, ...]:
        return tuple(link for link in self.links if link.menu == Menu.MAIN)

    @property
    def footer(self) -> tuple[PageLink, ...]:
        return tuple(link for link in self.links if link.menu == Menu.FOOTER)

    @property
    def for_buyers(self) -> tuple[PageLink, ...]:
        """What one may want to read before one pays: terms, privacy, refunds, in that order."""
        return tuple(link for purpose in FOR_BUYERS for link in self.links if link.purpose == purpose)


def live_pages() -> LivePages:
    """Promise: all of them; one query, and no body."""
    rows = InformationPage.objects.filter(live=True).order_by("position", "title", "pk")
    return LivePages(
        tuple(
            PageLink(title, address_of("information", slug), purpose, menu)
            for title, slug, purpose, menu in rows.values_list("title", "slug", "purpose", "menu")
        )
    )


def page_at(slug: str) -> InformationPage | None:
    """Promise: the published page at that address; a draft is not there."""
    return InformationPage.objects.filter(slug=slug, live=True).first()


def moved_to(slug: str) -> str | None:
    """Promise: where the page that stood there is published now; None when it is not, or none ever did."""
    former = FormerSlug.objects.select_related("page").filter(slug=slug, page__live=True).first()
    return former.page.get_absolute_url() if former else None


def missing(purposes: Iterable[Purpose] = WANTED_IN_PRODUCTION) -> list[Purpose]:
    """Promise: those of the purposes that no published page has."""
    there = set(InformationPage.objects.filter(live=True).values_list("purpose", flat=True))
    return [purpose for purpose in purposes if purpose not in there]
