"""A page that staff wrote stands at its address, says what it is to machines, and leads on when it moves."""

import json
import re
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backnumber.archive.blocks import Heading, Listing, Paragraph, Table
from backnumber.edge.render import queries as stored
from backnumber.edge.render import service as rendering
from backnumber.information import queries
from backnumber.information.models import FormerSlug, InformationPage
from tests import making

pytestmark = pytest.mark.django_db
TERMS = "/information/terms/"


def page_of(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_kind_of_block_is_shown_and_what_could_run_is_not() -> None:
    blocks = [
        Paragraph('Write to <a href="mailto:us@example.org">us</a>, or see <a href="/help/">help</a>.'),
        Paragraph('<script>alert(1)</script><a href="javascript:alert(1)">here</a>'),
        Heading("How it <ends>"),
        Listing("<ul><li>One <em>thing</em></li></ul>"),
        Table("Days", (("What", "Days"), ("Changing your mind", "14"))),
    ]
    making.information_page("Terms", body=blocks, summary="What you buy.")
    page = page_of(TERMS)
    assert '<a href="mailto:us@example.org">us</a>, or see <a href="/help/">help</a>' in page
    assert "<h2>How it &lt;ends&gt;</h2>" in page
    assert "<li>One <em>thing</em></li>" in page
    assert '<th scope="col">Days</th>' in page
    assert '<p class="lede">What you buy.</p>' in page
    assert 'Last changed on <time datetime="2026-11-18">18 November 2026</time>' in page
    assert "alert(1)" not in page


def test_a_draft_answers_like_what_was_never_there() -> None:
    making.information_page("Terms", live=False)
    answers = [Client().get(path) for path in (TERMS, "/information/other/")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content.replace(b"terms", b"other") == answers[1].content
    InformationPage.objects.update(live=True)
    assert Client().get(TERMS).status_code == 200, "the control"


def test_an_old_address_leads_to_the_page_however_often_it_moved() -> None:
    page = making.information_page("Terms")
    for slug in ("conditions", "terms-of-sale"):
        InformationPage.objects.filter(pk=page.pk).update(slug=slug)
    for old in (TERMS, "/information/conditions/", "/information/terms"):
        answer = Client().get(f"{old}?from=mail")
        assert answer.status_code == 301, old
        if old.endswith("/"):
            assert answer.headers["Location"] == "/information/terms-of-sale/?from=mail"
    making.information_page("Other terms", slug="terms")
    assert "Other terms" in page_of(TERMS), "what stands there now goes before what stood there"


def test_an_old_address_leads_to_nothing_that_is_withdrawn_or_was_never_seen() -> None:
    page, draft = making.information_page("Terms"), making.information_page("Draft", live=False)
    InformationPage.objects.filter(pk=draft.pk).update(slug="draft-two", live=False)
    assert not FormerSlug.objects.filter(page=draft).exists()
    InformationPage.objects.filter(pk=page.pk).update(live=False)
    InformationPage.objects.filter(pk=page.pk).update(slug="conditions")
    assert Client().get(TERMS).status_code == 404
    InformationPage.objects.filter(pk=page.pk).update(live=True)
    assert Client().get(TERMS).headers["Location"] == "/information/conditions/"


@pytest.mark.parametrize("live", [True, False])
def test_the_database_takes_one_page_of_a_purpose_and_any_number_of_others(live: bool) -> None:
    making.information_page("Terms", purpose="terms", live=live)
    making.information_page("House rules")
    making.information_page("Jobs")
    with pytest.raises(IntegrityError, match="one_page_of_each_purpose"), transaction.atomic():
        making.information_page("More terms", purpose="terms", live=live)


def test_search_engines_are_told_what_kind_of_page_it_is() -> None:
    for title, purpose, kind in (
        ("Us", "about", "AboutPage"),
        ("Write", "contact", "ContactPage"),
        ("Terms", "terms", "WebPage"),
    ):
        written = making.information_page(title, purpose=purpose, summary=f"Of {title}.")
        page = page_of(written.get_absolute_url())
        found: list[Any] = [
            json.loads(text)
            for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
        ]
        address = settings.ADDRESS + written.get_absolute_url()
        assert (found[0]["@type"], found[0]["url"], found[0]["description"]) == (
            kind,
            address,
            f"Of {title}.",
        )
        assert found[1]["itemListElement"][-1]["item"] == address
        assert f'<meta property="og:title" content="{title}">' in page
        assert f'<meta property="og:description" content="Of {title}.">' in page
        assert f'<link rel="canonical" href="{address}">' in page


def test_sitemaps_name_what_is_published_and_when_it_changed() -> None:
    making.information_page("Terms")
    making.information_page("Draft", live=False)
    told = Client().get("/sitemaps/pages.xml").content.decode()
    address = f"{settings.ADDRESS}{TERMS}"
    assert f"<loc>{address}</loc><lastmod>2026-11-18" in re.sub(r">\s+<", "><", told)
    assert "/information/draft/" not in told


def test_the_page_is_stored_and_void_once_it_changes() -> None:
    page = making.information_page("Terms")
    other = making.information_page("Privacy")
    for path in (TERMS, "/information/privacy/"):
        assert rendering.render_page(path, timezone.now()) is not None
    InformationPage.objects.filter(pk=page.pk).update(summary="Otherwise.")
    assert stored.fetch(TERMS) is None
    assert stored.fetch(other.get_absolute_url()) is not None
    InformationPage.objects.filter(pk=page.pk).update(live=False)
    assert rendering.render_page(TERMS, timezone.now()) is None


def test_the_purposes_that_no_published_page_has_are_named() -> None:
    making.information_page("Terms", purpose="terms")
    making.information_page("Privacy", purpose="privacy", live=False)
    assert queries.missing() == ["privacy", "refunds", "contact"]


def test_all_links_of_a_page_take_one_query() -> None:
    for n in range(5):
        making.information_page(f"Page {n}", menu="footer")
    with CaptureQueriesContext(connection) as made:
        assert len(queries.live_pages().footer) == 5
    assert len(made) == 1
