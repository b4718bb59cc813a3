"""The demo is a whole magazine, and each of its people may do what their list says."""

import re
from collections import Counter

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from backnumber.archive.blocks import Paragraph
from backnumber.archive.models import Article, Issue
from backnumber.demo import given, loading, people, source
from backnumber.demo.people import PEOPLE
from backnumber.presents.models import Present
from backnumber.readers.models import Reader

FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"}
READ_WHOLE = {
    "ada": {"the-hourglass", "1999-09", "hourglass-student"},
    "cleo": {"the-hourglass", "1999-09", "hourglass-student"},
    "flora": {"1999-09", "hourglass-student"},
    "ben": {"hourglass-student"},
    "percy": {"hourglass-student"},
    "dan": {"hourglass-student"},
    "edith": {"hourglass-student"},
    "hugo": {"hourglass-student"},
    "carl": {"hourglass-student"},
    "sue": {"hourglass-student"},
}
OF_EACH = {
    "the-hourglass": "the-bishop-and-the-purple",
    "1999-09": "the-fortress-that-never-fired",
    "hourglass-student": "security-at-any-price",
}


@pytest.fixture(autouse=True)
def demo(db: None) -> None:
    now = timezone.now()
    loading.load(now, lambda line: None)
    people.load(now)


def read_whole(client: Client, slug: str) -> bool:
    """Whether the page has the last words of the article."""
    printed = next(one for one in source.articles() if one.slug == slug)
    last = [block for block in printed.body if isinstance(block, Paragraph)][-1]
    words = re.split(r"<[^>]+>|&\w+;", last.html)[-1].strip()[-40:]
    assert len(words) > 15, f"{slug} ends in too few plain words to be told by"
    page = client.get(Article.objects.get(slug=slug).get_absolute_url(), headers=FIREFOX)
    assert page.status_code == 200
    return words in page.content.decode()


def test_it_is_a_magazine_of_seventy_years_and_loading_it_again_adds_nothing() -> None:
    articles = Article.objects.filter(live=True)
    assert len([one for one in articles if 700 <= one.words <= 1_800]) >= 24
    assert {issue.year for issue in Issue.objects.all()} >= {1951, 1963, 1974, 1986, 1999, 2011, 2026}
    assert len(set(articles.values_list("section", flat=True))) >= 6
    counts = Counter(articles.values_list("issue__title__slug", flat=True))
    assert counts["hourglass-student"] > 3, "more than the meter gives, so that its end can be seen"
    now = timezone.now()
    assert (loading.load(now, lambda line: None), people.load(now)) == (0, 0)


def test_each_of_its_people_reads_what_they_may() -> None:
    assert {person.key: whole_articles_of(person) for person in PEOPLE} == READ_WHOLE


def whole_articles_of(person: people.Person) -> set[str]:
    client = Client()
    client.force_login(Reader.objects.get(email=person.email))
    return {name for name, slug in OF_EACH.items() if read_whole(client, slug)}


def test_nobody_reads_as_many_of_the_student_magazine_as_the_meter_gives(
    client: Client, settings: Settings
) -> None:
    assert str(settings.METER_NOBODY) in people.what_nobody_may()
    of_students = Article.objects.filter(issue__title__slug="hourglass-student").values_list(
        "slug", flat=True
    )
    found = [read_whole(client, slug) for slug in of_students]
    assert found == [True] * settings.METER_NOBODY + [False] * (len(found) - settings.METER_NOBODY)
    assert not read_whole(client, OF_EACH["the-hourglass"])


def test_a_gift_waits_for_its_day() -> None:
    now = timezone.now()
    assert (given.load(now), given.load(now)) == (True, False)
    present = Present.objects.get()
    assert (present.state, present.sent_to, present.arrives_on.day) == ("waiting", "percy@example.com", 24)
    ada = Client()
    ada.force_login(Reader.objects.get(email="ada@example.com"))
    assert "For Percy" in ada.get("/account/").content.decode()
    assert "Give the whole archive, a year" in ada.get("/subscribe/").content.decode()
