"""What feeds follow, and the pieces of each."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from backnumber.archive.addresses import address_of
from backnumber.archive.models import Article, Authorship, Contributor, Section, Title
from backnumber.archive.queries import articles_for_lists

_MODELS: dict[str, type[Title | Section | Contributor]] = {
    "titles": Title,
    "sections": Section,
    "contributors": Contributor,
}
_OF_SOMETHING_PUBLISHED = {"authorships__article__live": True, "authorships__article__issue__live": True}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a feed follows: everything (kind and slug empty), the weekly long reads (no slug), a title, a section or a contributor."""

    kind: str
    slug: str
    name: str
    home: str

    def address(self, form: str) -> str:
        if self.slug:
            return address_of("feed_of", self.kind, self.slug, form)
        return address_of("feed_of_weeks" if self.kind else "feed", form)

    @property
    def atom(self) -> str:
        return self.address("atom")

    @property
    def rss(self) -> str:
        return self.address("rss")

    @property
    def json(self) -> str:
        return self.address("json")


def everything() -> Subject:
    return Subject("", "", settings.SITE_NAME, "/")


def weekly() -> Subject:
    return Subject("weekly", "", f"The weekly long read · {settings.SITE_NAME}", reverse("weekly"))


def subject(kind: str, slug: str) -> Subject | None:
    """Promise: None for what is not there, and for a contributor of whom nothing is published, alike."""
    published = _OF_SOMETHING_PUBLISHED if kind == "contributors" else {}
    thing = _MODELS[kind]._default_manager.filter(slug=slug, **published).first()
    if thing is None:
        return None
    name = thing.name if kind == "titles" else f"{thing.name} · {settings.SITE_NAME}"
    return Subject(kind, slug, name, thing.get_absolute_url())


def subjects() -> list[Subject]:
    """Promise: everything and the long reads, then the titles and sections that have a feed. Contributors' stand on their own
    pages.
    """
    live = {"articles__live": True, "articles__issue__live": True}
    sections = Section.objects.filter(**live).distinct()
    return [
        everything(),
        weekly(),
        *titles(),
        *(Subject("sections", s.slug, s.name, s.get_absolute_url()) for s in sections),
    ]


def titles() -> list[Subject]:
    """Promise: the titles of which something is published; one query."""
    published = Title.objects.filter(issues__articles__live=True, issues__live=True).distinct()
    return [Subject("titles", t.slug, t.name, t.get_absolute_url()) for t in published]


def pieces_of(kind: str, slug: str) -> "QuerySet[Article]":
    """Promise: the published pieces of a title, a section or a contributor, or all of them. A contributor's are looked up first:
    one query, and one join less in every other.
    """
    found = articles_for_lists()
    if kind == "contributors":
        written = Authorship.objects.filter(contributor__slug=slug).values_list("article", flat=True)
        return found.filter(pk__in=list(written))
    filters = {"titles": "issue__title__slug", "sections": "section__slug"}
    return found.filter(**{filters[kind]: slug}) if kind else found
