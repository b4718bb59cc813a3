"""From an article to others: by what they share, and by what happened elsewhere at the same time."""

import pytest
from django.test import Client
from django.utils import timezone

from backnumber.archive.models import Article
from backnumber.edge.render import queries as pages
from backnumber.edge.render import service as rendering
from tests import making
from tests.past.finding import person, place, record

pytestmark = pytest.mark.django_db

ROME = place("Rome", "Rome", 41.9, 12.5)


def piece(headline: str, standfirst: str, years: tuple[int, int] | None = None) -> Article:
    made = making.article(
        headline, standfirst=standfirst, body=making.paragraphs("Word", "More"), section=None
    )
    named = [ROME, place("Lima", "Lima", -12.0, -77.0), person("Petrarch", "Petrarch")]
    record(made, named, [("then", f"{years[0]}", years)] if years else [])
    return made


@pytest.fixture
def pieces() -> list[Article]:
    making.issue()
    return [
        piece("Petrarch crowned", "Petrarch in Rome, then.", (1341, 1342)),
        piece("Letters", "What Petrarch wrote in Rome, then.", (1345, 1346)),
        piece("Gold", "In Lima, then.", (1341, 1343)),
        piece("Steam", "In Lima, then.", (1841, 1843)),
    ]


def shown(article: Article) -> str:
    response = Client().get(article.get_absolute_url())
    assert response.status_code == 200
    return str(response.content.decode())


def section(page: str, anchor: str) -> str:
    return page.partition(f'aria-labelledby="{anchor}"')[2].partition("</section>")[0]


def test_what_shares_people_and_places_is_named_with_the_reason(pieces: list[Article]) -> None:
    crowned, letters, gold, _ = pieces
    next_ones = section(shown(crowned), "next-by-subject-heading")
    assert letters.get_absolute_url() in next_ones
    assert "Also about Petrarch and Rome" in next_ones
    assert gold.get_absolute_url() not in next_ones


def test_what_happened_elsewhere_meanwhile_is_named_with_place_and_time(pieces: list[Article]) -> None:
    crowned, letters, gold, steam = pieces
    meanwhile = section(shown(crowned), "meanwhile-heading")
    assert gold.get_absolute_url() in meanwhile
    assert "Lima, 1341" in meanwhile
    assert letters.get_absolute_url() not in meanwhile
    assert steam.get_absolute_url() not in meanwhile


def test_an_article_leads_to_the_pages_of_what_it_is_about(pieces: list[Article]) -> None:
    about = section(shown(pieces[0]), "subjects-heading")
    for address in ("/past/people/petrarch/", "/past/places/rome/", "/past/timeline/?from=1341"):
        assert address in about


def test_its_stored_page_is_void_when_what_it_is_about_changes_and_not_when_it_is_read_the_same(
    pieces: list[Article],
) -> None:
    crowned = pieces[0]
    address = crowned.get_absolute_url()
    rendering.render_page(address, timezone.now())
    assert pages.fetch(address) is not None
    record(crowned, [ROME, person("Petrarch", "Petrarch")], [("then", "1341", (1341, 1342))])
    assert pages.fetch(address) is not None
    record(crowned, [ROME], [("then", "1341", (1341, 1342))])
    assert pages.fetch(address) is None


def test_what_is_withdrawn_is_named_no_more(pieces: list[Article]) -> None:
    crowned, letters, *_ = pieces
    Article.objects.filter(pk=letters.pk).update(live=False)
    assert letters.get_absolute_url() not in section(shown(crowned), "next-by-subject-heading")
