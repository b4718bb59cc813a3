"""The article page: who sees what, what caches may keep, and how an address answers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backnumber.archive.blocks import Note, Paragraph, PictureRef
from backnumber.archive.models import Article, Correction, FreeWindow, OldAddress, Picture, Rights
from backnumber.circulation.models import Claim, PrintSubscription
from backnumber.readers.models import Reader
from tests import making
from tests.website.pictures import a_picture

pytestmark = pytest.mark.django_db
GATED = ("Gatedheadcanary", "firstcanary", "middlecanary", "lastcanary")


def page_for(reader: Reader | None, article: Article) -> str:
    client = Client()
    if reader is not None:
        client.force_login(reader)
    return client.get(article.get_absolute_url()).content.decode()


def test_nobody_sees_the_lead_in_and_the_gate(gated: Article) -> None:
    page = page_for(None, gated)
    assert "opencanary1 " in page
    assert not [word for word in GATED if word in page]
    assert 'id="gate"' in page


def test_a_subscriber_sees_all_of_it_and_no_gate(gated: Article, ada: Reader) -> None:
    page = page_for(ada, gated)
    assert [word for word in GATED if word in page] == list(GATED)
    assert 'id="gate"' not in page


def test_a_lapsed_reader_sees_the_lead_in_and_when_it_ended(gated: Article, ben: Reader) -> None:
    page = page_for(ben, gated)
    assert not [word for word in GATED if word in page]
    assert "Your access ended on" in page
    assert "Renew" in page


def test_a_reader_without_a_right_is_not_told_to_sign_in(gated: Article, dan: Reader) -> None:
    page = page_for(dan, gated)
    assert not [word for word in GATED if word in page]
    assert "Sign in" not in page


def test_a_print_subscriber_is_pointed_to_the_claim(gated: Article, dan: Reader) -> None:
    PrintSubscription.objects.create(
        number="HG1",
        name="Dan",
        surname="Dan",
        email=dan.email,
        country="GB",
        starts_on="2020-01-01",
        ends_on="2050-01-01",
    )
    assert "You take the printed magazine" in page_for(dan, gated)


def test_a_pending_claim_is_spoken_of(gated: Article, dan: Reader) -> None:
    Claim.objects.create(
        reader=dan,
        number="1",
        surname="Dan",
        state=Claim.State.PENDING,
        reference="C1",
        made_at=timezone.now(),
    )
    assert "We are looking at your claim" in page_for(dan, gated)


def test_this_weeks_long_read_is_open_and_says_so_and_last_weeks_is_not(gated: Article) -> None:
    now = timezone.now()
    window = FreeWindow.objects.create(
        article=gated,
        starts=now - timedelta(days=1),
        until=now + timedelta(days=6),
        why="this week's long read",
    )
    page = page_for(None, gated)
    assert "lastcanary" in page
    assert "Free this week" in page
    FreeWindow.objects.filter(pk=window.pk).update(
        starts=now - timedelta(days=8), until=now - timedelta(seconds=1)
    )
    page = page_for(None, gated)
    assert "lastcanary" not in page
    assert "Free this week" not in page


def test_descriptions_tell_the_standfirst_and_never_the_body(gated: Article, ada: Reader) -> None:
    for reader in (None, ada):
        head = page_for(reader, gated).split("</head>")[0]
        assert '<meta property="og:description" content="The standfirst of The Fortress.">' in head
        assert "canary" not in head


def test_what_everybody_sees_may_be_kept_for_a_minute(gated: Article) -> None:
    response = Client().get(gated.get_absolute_url())
    assert response["Cache-Control"] == "public, max-age=60"
    assert "Cookie" in response["Vary"]
    assert not response.cookies


def test_a_free_week_is_not_kept_beyond_its_end(gated: Article) -> None:
    now = timezone.now()
    FreeWindow.objects.create(
        article=gated, starts=now - timedelta(days=7), until=now + timedelta(seconds=20), why="w"
    )
    kept = int(Client().get(gated.get_absolute_url())["Cache-Control"].rpartition("=")[2])
    assert 0 <= kept <= 20


@pytest.mark.parametrize("who", ["ada", "ben", "dan"])
def test_a_signed_in_readers_page_is_kept_by_nobody(
    gated: Article, who: str, request: pytest.FixtureRequest
) -> None:
    client = Client()
    client.force_login(request.getfixturevalue(who))
    response = client.get(gated.get_absolute_url())
    assert response["Cache-Control"] == "private, no-store"
    assert "Cookie" in response["Vary"]


def test_a_draft_a_withdrawn_issue_and_nothing_answer_alike(gated: Article) -> None:
    client = Client()
    address = gated.get_absolute_url()
    nothing = client.get(address.replace("the-fortress", "xxx-xxxxxxxx"))
    Article.objects.filter(pk=gated.pk).update(live=False)
    draft = client.get(address)
    Article.objects.filter(pk=gated.pk).update(live=True)
    type(gated.issue).objects.update(live=False)
    withdrawn = client.get(address)
    assert nothing.status_code == draft.status_code == withdrawn.status_code == 404
    assert nothing.content == draft.content == withdrawn.content
    assert b"canary" not in draft.content


def test_a_draft_is_not_there_for_staff_and_subscribers_either(
    gated: Article, ada: Reader, staff: Reader
) -> None:
    Article.objects.filter(pk=gated.pk).update(live=False)
    for reader in (ada, staff):
        client = Client()
        client.force_login(reader)
        assert client.get(gated.get_absolute_url()).status_code == 404


def test_an_old_address_leads_to_the_new_one_for_good_with_its_query(gated: Article) -> None:
    OldAddress.objects.create(path="/archive/the-hourglass/1999/september/fortress/", article=gated)
    response = Client().get("/archive/the-hourglass/1999/september/fortress/?next=https://evil.example")
    moved_to = f"{gated.get_absolute_url()}?next=https://evil.example"
    assert (response.status_code, response["Location"]) == (301, moved_to)


def test_a_year_written_otherwise_is_sent_to_the_one_address(gated: Article) -> None:
    response = Client().get(gated.get_absolute_url().replace("/1999/", "/01999/"))
    assert (response.status_code, response["Location"]) == (301, gated.get_absolute_url())


def test_head_answers_as_get_without_a_body(gated: Article) -> None:
    response = Client().head(gated.get_absolute_url())
    assert (response.status_code, response.content) == (200, b"")
    assert response["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_other_methods_are_refused(gated: Article, method: str) -> None:
    response = getattr(Client(), method)(gated.get_absolute_url())
    assert response.status_code == 405
    assert b"canary" not in response.content


def test_a_picture_without_the_right_is_withheld_and_the_article_stays(ada: Reader) -> None:
    shown, withheld = (
        a_picture(alt="shownalt"),
        a_picture(alt="withheldalt", rights=Rights.PRINT_ONLY, caption="withheldcaption"),
    )
    article = making.article(
        "Maps",
        body=[Paragraph("Before."), PictureRef(shown.pk), PictureRef(withheld.pk), Paragraph("After.")],
    )
    page = page_for(ada, article)
    assert "shownalt" in page
    assert "withheldalt" not in page
    assert "withheldcaption" not in page
    assert "After." in page


def test_a_picture_whose_right_has_ended_is_withheld(ada: Reader) -> None:
    picture = a_picture(
        alt="endedalt", rights=Rights.UNTIL, rights_until=timezone.now().date() - timedelta(days=1)
    )
    article = making.article("Maps", body=[Paragraph("Before."), PictureRef(picture.pk), Paragraph("After.")])
    assert "endedalt" not in page_for(ada, article)
    Picture.objects.filter(pk=picture.pk).update(rights_until=timezone.now().date() + timedelta(days=1))
    assert "endedalt" in page_for(ada, article)


def test_a_note_stands_after_the_paragraph_that_cites_it(ada: Reader) -> None:
    body = [
        Paragraph('Cited.<sup><a href="#note-1">1</a></sup>'),
        Paragraph("Next paragraph."),
        Note("1", "The note itself."),
    ]
    page = page_for(ada, making.article("Notes", body=body))
    assert page.index("Cited.") < page.index("The note itself.") < page.index("Next paragraph.")


def test_corrections_are_shown_dated_to_whoever_reads_the_whole(gated: Article, ada: Reader) -> None:
    Correction.objects.create(article=gated, made_on="2026-03-02", text="correctioncanary")
    page = page_for(ada, gated)
    assert "correctioncanary" in page
    assert "2 March 2026" in page
    assert "correctioncanary" not in page_for(None, gated)


def test_byline_issue_line_and_citation_are_as_printed(gated: Article) -> None:
    Article.objects.filter(pk=gated.pk).update(first_page="12", last_page="19")
    page = " ".join(page_for(None, gated).split())
    assert '<a href="/contributors/eleanor-marsh/">Eleanor Marsh</a>' in page
    assert "Volume 49, Issue 9, September 1999</a>, pp. 12–19" in page
    assert (
        "Eleanor Marsh, “The Fortress”, The Hourglass, vol. 49, no. 9 (September 1999), pp. 12–19, http"
        in page
    )


def test_what_stands_before_and_after_in_the_issue_is_linked(gated: Article) -> None:
    after = making.article("The One After", of=gated.issue)
    page = page_for(None, gated)
    assert f'href="{after.get_absolute_url()}" rel="next"' in page
    assert f'href="{gated.get_absolute_url()}" rel="prev"' in page_for(None, after)


def test_more_of_the_section_comes_from_other_issues_and_never_a_draft(gated: Article) -> None:
    elsewhere = making.issue(gated.issue.sort_date - timedelta(days=400))
    making.article("Earlier Siege", of=elsewhere)
    making.article("Unprinted Siege", of=elsewhere, live=False)
    page = page_for(None, gated)
    assert "Earlier Siege" in page
    assert "Unprinted Siege" not in page


def test_the_number_of_queries_is_small_and_does_not_grow(gated: Article, ada: Reader, dan: Reader) -> None:
    making.products()
    few = {reader: queries_of(reader, gated) for reader in (None, ada, dan)}
    pictures = [PictureRef(a_picture(alt=f"p{n}").pk) for n in range(5)]
    for year in range(1960, 1975):
        of = making.issue(gated.issue.sort_date.replace(year=year))
        for n in range(3):
            making.article(f"Siege {year} {n}", of=of)
    many = making.article("The Long Siege", of=gated.issue, body=[*making.body_with_canaries(), *pictures])
    for reader, count in few.items():
        assert (
            count <= 13
        )  # two of them of the past: what the article tells of, and the others that it leads to
        assert queries_of(reader, many) <= min(count + 1, 13)


def queries_of(reader: Reader | None, article: Article) -> int:
    client = Client()
    if reader is not None:
        client.force_login(reader)
    client.get("/help/")  # the first request of a device is noted, and brings the pass
    with CaptureQueriesContext(connection) as counted:
        client.get(article.get_absolute_url())
    return len(counted)


def test_who_reads_by_a_right_of_their_own_may_give_the_article_away(gated: Article, ada: Reader) -> None:
    assert "Give this article to a friend" in page_for(ada, gated)
    assert "Give this article to a friend" not in page_for(None, gated)
    Article.objects.filter(pk=gated.pk).update(policy="open")
    assert "Give this article to a friend" not in page_for(None, gated)
