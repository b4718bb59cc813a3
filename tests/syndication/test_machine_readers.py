"""Articles for programs, as Markdown and JSON: the page's own rule, its headers, and no word that the page would not show."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from lxml import html

from backnumber.access import Scope, ScopeKind
from backnumber.archive.blocks import Heading, Note, Paragraph, PictureRef, Table, Timeline
from backnumber.archive.models import Article, Correction, FreeWindow, Issue, OldAddress, Picture
from backnumber.archive.pictures import Rights
from backnumber.edge.page.usage import LEDGER
from backnumber.readers.models import Reader
from tests import making
from tests.institutions import campus

pytestmark = pytest.mark.django_db

ENDINGS = (".md", ".json")
CANARIES = (
    "firstcanary1", "middlecanary7", "lastcanary60", "gatedheadcanary", "notecanary", "tablecanary", "timelinecanary",
    "captioncanary", "altcanary", "correctioncanary",
)  # fmt: skip
OPEN = "opencanary1"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30" viewBox="0 0 40 30"><path d="M0 0h40"/></svg>'
PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def picture() -> Picture:
    made = Picture(
        title="Plan", alt="altcanary", caption="captioncanary", file=ContentFile(DRAWING, name="plan.svg")
    )
    made.save()
    return made


@pytest.fixture
def piece(picture: Picture) -> Article:
    making.products()
    body = [
        *making.body_with_canaries(),
        Paragraph('An end<sup><a href="#note-1">1</a></sup>'),
        PictureRef(picture.pk),
        Table("tablecanary", (("a", "b"), ("tablecanary", "1"))),
        Timeline("timelinecanary", (("1900", "timelinecanary"),)),
        Heading("gatedheadcanary"),
        Note("1", "notecanary"),
    ]
    made = making.article(
        "The Fortress *of* Stars", body=body, slug="fortress", first_page="12", last_page="19"
    )
    Correction.objects.create(article=made, text="correctioncanary", made_on=date(2026, 3, 5))
    return made


def at(article: Article, ending: str) -> str:
    return article.get_absolute_url().rstrip("/") + ending


def asked(article: Article, ending: str, reader: Reader | None = None, **headers: str) -> HttpResponse:
    client = Client()
    if reader is not None:
        client.force_login(reader)
    return client.get(at(article, ending), headers={"user-agent": PERSON, **headers})  # type: ignore[arg-type, return-value]


def told(article: Article, reader: Reader | None = None) -> dict[str, Any]:
    return dict(json.loads(asked(article, ".json", reader).content))


def words(response: HttpResponse) -> str:
    return response.content.decode().lower()


# Who gets how much.


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("who", ["nobody", "dan", "ben"])
def test_who_may_not_read_gets_the_lead_in(
    piece: Article, dan: Reader, ben: Reader, who: str, ending: str
) -> None:
    answer = asked(piece, ending, {"nobody": None, "dan": dan, "ben": ben}[who])
    assert answer.status_code == 200
    assert OPEN in words(answer)
    assert [canary for canary in CANARIES if canary in words(answer)] == []


@pytest.mark.parametrize("ending", ENDINGS)
def test_control_who_may_read_gets_all_of_it(piece: Article, ada: Reader, ending: str) -> None:
    answer = asked(piece, ending, ada)
    assert [canary for canary in (OPEN, *CANARIES) if canary not in words(answer)] == []


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_open_or_free_is_whole_for_anyone(piece: Article, ending: str) -> None:
    now = timezone.now()
    FreeWindow.objects.create(
        article=piece,
        starts=now - timedelta(days=1),
        until=now + timedelta(seconds=30),
        why="this week's long read",
    )
    answer = asked(piece, ending)
    assert "lastcanary60" in words(answer)
    seconds = int(answer["Cache-Control"].removeprefix("public, max-age="))
    assert 0 < seconds <= 30


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_metered_read_is_a_persons_and_is_neither_counted_nor_opened(
    piece: Article, dan: Reader, ada: Reader, ending: str
) -> None:
    Article.objects.filter(pk=piece.pk).update(policy="metered")
    page = Client().get(piece.get_absolute_url(), headers={"user-agent": PERSON})
    assert "lastcanary60" in page.content.decode()  # the control: the page opens by the meter
    for reader in (None, dan):
        answer = asked(piece, ending, reader)
        assert "canary60" not in words(answer).replace("opencanary60", "")
        assert "reads" not in answer.cookies
    assert "lastcanary60" in words(asked(piece, ending, ada))


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_library_opens_it_and_no_shared_cache_keeps_that(piece: Article, ending: str) -> None:
    school = campus.institution("The Grammar School", campus.ASHDOWN)
    campus.licence(school, starts=timezone.now() - timedelta(days=1), until=None)
    assert "lastcanary60" not in words(campus.at("203.0.113.9").get(at(piece, ending)))  # type: ignore[arg-type]
    answer: HttpResponse = campus.at(campus.CLEOS_ADDRESS).get(at(piece, ending))  # type: ignore[assignment]
    assert "lastcanary60" in words(answer)
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_right_to_another_issue_opens_nothing(piece: Article, dan: Reader, ending: str) -> None:
    other = making.issue(date(1998, 9, 1))
    making.grant(dan, scope=Scope(ScopeKind.ISSUE, issue=other.pk))
    assert "canary60" not in words(asked(piece, ending, dan)).replace("opencanary60", "")
    making.grant(dan, scope=Scope(ScopeKind.ISSUE, issue=piece.issue_id))
    assert "lastcanary60" in words(asked(piece, ending, dan))


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_not_published_is_not_there(piece: Article, ada: Reader, ending: str) -> None:
    draft = making.article("Draftcanary", live=False)
    nothing = at(draft, ending).replace("draftcanary", "nothing-here")
    for reader in (None, ada):
        assert asked(draft, ending, reader).status_code == 404
        client = Client()
        assert client.get(nothing).status_code == 404
    Issue.objects.filter(pk=piece.issue_id).update(live=False)
    assert asked(piece, ending, ada).status_code == 404


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_has_moved_is_sent_on(piece: Article, ending: str) -> None:
    OldAddress.objects.create(path="/archive/the-hourglass/1999/september/older/", article=piece)
    answer = Client().get("/archive/the-hourglass/1999/september/older" + ending)
    assert (answer.status_code, answer["Location"]) == (301, at(piece, ending))
    padded = at(piece, ending).replace("/1999/", "/01999/")
    assert Client().get(padded)["Location"] == at(piece, ending)
    assert Client().get(f"/archive/the-hourglass/1999/september/never{ending}").status_code == 404


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_picture_whose_right_has_ended_leaves_no_trace(
    piece: Article, picture: Picture, ada: Reader, ending: str
) -> None:
    assert "/pictures/" in words(asked(piece, ending, ada))
    Picture.objects.filter(pk=picture.pk).update(rights=Rights.UNTIL, rights_until=date(2020, 1, 1))
    answer = words(asked(piece, ending, ada))
    assert "/pictures/" not in answer
    assert "captioncanary" not in answer


# Headers, and what else is kept.


@pytest.mark.parametrize("ending", ENDINGS)
def test_it_is_kept_out_of_what_a_search_finds_and_names_its_page(piece: Article, ending: str) -> None:
    answer = asked(piece, ending)
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Link"] == f'<{settings.ADDRESS}{piece.get_absolute_url()}>; rel="canonical"'
    assert (
        answer["Content-Type"] == {".md": "text/markdown; charset=utf-8", ".json": "application/json"}[ending]
    )


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_shared_cache_keeps_nobodys_and_no_other(piece: Article, ada: Reader, ending: str) -> None:
    shared = asked(piece, ending)
    assert shared["Cache-Control"] == "public, max-age=60"
    assert "Cookie" in shared["Vary"]
    assert not shared.cookies
    assert asked(piece, ending, ada)["Cache-Control"] == "private, no-store"
    assert asked(piece, ending, cookie="anything=at-all")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("ending", ENDINGS)
def test_only_reading_is_answered(piece: Article, ending: str) -> None:
    client = Client()
    assert client.head(at(piece, ending)).status_code == 200
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert client.generic(method, at(piece, ending)).status_code in {403, 405}


def test_it_is_noted_as_a_use_as_the_page_is(piece: Article, ada: Reader) -> None:
    LEDGER.take(1_000)
    asked(piece, ".md", ada)
    asked(piece, ".json")
    Client().head(at(piece, ".md"))
    noted = [use.split("\t") for use in LEDGER.take(10)]
    assert [(kind, article) for _, kind, article, *_ in noted] == [
        ("request", str(piece.pk)),
        ("denial", str(piece.pk)),
    ]
    assert noted[0][8] != noted[1][8]  # two readers


def test_the_page_names_both(piece: Article) -> None:
    page = html.fromstring(Client().get(piece.get_absolute_url()).content)
    found = {link.get("type"): link.get("href") for link in page.xpath('//head/link[@rel="alternate"]')}
    assert found["text/markdown"] == at(piece, ".md")
    assert found["application/json"] == at(piece, ".json")


# What it says.


def test_markdown_says_where_it_stood_how_much_it_is_and_what_opens_the_rest(piece: Article) -> None:
    text = asked(piece, ".md").content.decode()
    lines = text.splitlines()
    withheld = told(piece)["words_withheld"]
    assert lines[:8] == [
        "# The Fortress \\*of\\* Stars",
        "",
        "The standfirst of The Fortress \\*of\\* Stars.",
        "",
        "- By Eleanor Marsh",
        "- In The Hourglass, Volume 49, Issue 9, September 1999, pp. 12–19",
        f"- Address: <{settings.ADDRESS}{piece.get_absolute_url()}>",
        f"- This is the opening of the article. {withheld:,} words of it are withheld.",
    ]
    assert withheld > 180
    gate = text.rpartition("\n---\n")[2]
    assert "A subscription opens all of it" in gate
    assert f"- Online access: [£48 a year]({settings.ADDRESS}/buy/online-yearly/?article={piece.pk})" in gate
    assert f"{settings.ADDRESS}/account/sign-in/?next=" in gate
    assert settings.HELP_EMAIL in gate


def test_markdown_of_the_whole_says_so_and_has_no_gate(piece: Article, ada: Reader) -> None:
    text = asked(piece, ".md", ada).content.decode()
    assert "- This is the whole article.\n" in text
    assert "withheld" not in text
    assert "[^1]: notecanary" in text
    assert "An end[^1]" in text
    assert "## Corrections\n\n- 5 March 2026: correctioncanary\n" in text
    assert f"](https://{settings.ADDRESS.partition('//')[2]}/pictures/" in text.replace("http://", "https://")


def test_json_has_the_documented_shape(piece: Article, ada: Reader) -> None:
    closed, whole = told(piece), told(piece, ada)
    same = {
        "version", "address", "headline", "standfirst", "byline", "contributors", "section", "title", "issue", "first_page",
        "last_page", "language", "published", "changed", "isAccessibleForFree", "is_whole", "words_withheld", "corrections",
        "gate",
    }  # fmt: skip
    assert set(closed) == same | {"lead_in"}
    assert set(whole) == same | {"text"}
    assert (closed["is_whole"], whole["is_whole"]) == (False, True)
    assert (closed["isAccessibleForFree"], whole["isAccessibleForFree"]) == (False, False)
    assert (whole["gate"], whole["words_withheld"]) == (None, 0)
    assert whole["corrections"] == [{"day": "2026-03-05", "text": "correctioncanary"}]
    assert closed["corrections"] == []
    assert set(closed["gate"]) == {"reason", "why", "follows", "offers", "sign_in", "help", "reference"}
    assert closed["gate"]["reason"] == "no-account"
    assert {"name": "Online access", "price": "£48", "is_from": False, "term": "a year",
            "address": f"{settings.ADDRESS}/buy/online-yearly/?article={piece.pk}"} in closed["gate"]["offers"]  # fmt: skip
    assert closed["gate"]["sign_in"].startswith(f"{settings.ADDRESS}/account/sign-in/?next=")
    assert closed["issue"]["date"] == "1999-09-01"
    assert closed["contributors"] == [
        {"name": "Eleanor Marsh", "address": f"{settings.ADDRESS}/contributors/eleanor-marsh/"}
    ]


def test_who_has_signed_in_is_not_told_to(piece: Article, dan: Reader) -> None:
    assert told(piece, dan)["gate"]["sign_in"] is None
    assert told(piece, dan)["gate"]["reason"] == "no-grant"


def test_json_agrees_with_what_the_page_tells_search_engines(piece: Article, ada: Reader) -> None:
    for policy, free in (("open", True), ("sign-in", False), ("metered", False), ("subscribers", False)):
        Article.objects.filter(pk=piece.pk).update(policy=policy)
        assert told(piece)["isAccessibleForFree"] is free
        page = html.fromstring(Client().get(piece.get_absolute_url()).content)
        data = json.loads(page.xpath('//head/script[@type="application/ld+json"]/text()')[0])
        assert data["isAccessibleForFree"] is free, policy
