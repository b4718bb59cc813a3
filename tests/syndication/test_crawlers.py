"""What the publisher says to crawlers: the table, its form in the admin, robots.txt and llms.txt made of it."""

import re
from urllib.robotparser import RobotFileParser

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from llms_txt import parse_llms_file
from wagtail.models import ModelLogEntry

from backnumber.archive.models import Article
from backnumber.edge.page.crawlers import (
    DEFAULTS,
    KNOWN,
    Purpose,
    Stance,
    Stances,
    all_of,
    crawler_of,
    filled,
)
from backnumber.readers.models import Reader
from backnumber.syndication import service
from backnumber.syndication.crawlers import stances
from backnumber.syndication.forms import PRESETS
from backnumber.syndication.models import CrawlerStance, CrawlerTerms
from backnumber.syndication.robots import robots_txt
from tests import making

ADMIN = "/admin/crawlers/"
TRAINERS = [crawler.token for crawler in KNOWN if crawler.purpose is Purpose.TRAINING]
AI = [crawler.token for crawler in KNOWN if crawler.purpose is not Purpose.SEARCH]
GOOGLE = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def say(preset: str, **terms: str) -> None:
    service.tell_crawlers(all_of(PRESETS[preset].by_purpose), CrawlerTerms(**terms), by=None)


def posted(preset: str, **changed: str) -> dict[str, str]:
    said = all_of(PRESETS[preset].by_purpose)
    fields = {f"crawler-{token}": stance.value for token, stance in said.items()}
    return {**fields, "words": "", "address": "", "licence_address": "", **changed}


def robots(client: Client) -> tuple[str, RobotFileParser]:
    text = client.get("/robots.txt").content.decode()
    parser = RobotFileParser()
    parser.parse(text.splitlines())
    return text, parser


# The table.


def test_before_anything_is_said_search_and_answers_are_welcome_and_training_is_refused(db: None) -> None:
    said = stances()
    assert {said.of(crawler) for crawler in KNOWN if crawler.purpose is Purpose.TRAINING} == {Stance.REFUSED}
    assert {said.of(crawler) for crawler in KNOWN if crawler.purpose is not Purpose.TRAINING} == {
        Stance.WELCOME
    }


def test_it_takes_two_queries(db: None) -> None:
    say("ai-pays", words="£1")
    with CaptureQueriesContext(connection) as made:
        said = stances()
    assert len(made) <= 2
    assert (said.towards("GPTBot/1.2"), said.terms) == (Stance.PAID, "£1")


def test_a_crawler_that_came_with_a_later_version_is_told_what_the_others_of_its_kind_are(db: None) -> None:
    say("everybody")
    CrawlerStance.objects.filter(token="CCBot").delete()
    assert stances().by_token["CCBot"] is Stance.WELCOME
    CrawlerStance.objects.filter(token="GPTBot").update(stance="refused")  # now the others differ
    assert stances().by_token["CCBot"] is DEFAULTS[Purpose.TRAINING]


def test_one_that_is_no_longer_known_is_not_told_of(db: None) -> None:
    CrawlerStance.objects.create(token="Forgotten", stance="paid")
    assert "Forgotten" not in stances().by_token


@pytest.mark.parametrize("terms", [{"address": "/help/"}, {"address": f"{settings.ADDRESS}/help/?a=b"}])
def test_terms_on_this_site_have_a_path_and_others_have_none(db: None, terms: dict[str, str]) -> None:
    say("ai-pays", **terms)
    assert stances().terms_path == "/help/"
    assert stances().terms_address.startswith(f"{settings.ADDRESS}/help/")
    say("ai-pays", address=f"{settings.ADDRESS}.elsewhere.example/help/")
    assert stances().terms_path == ""


def test_what_the_rule_does_not_know_cannot_be_kept(db: None) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        CrawlerStance.objects.create(token="GPTBot", stance="perhaps")
    with pytest.raises(DatabaseError), transaction.atomic():
        CrawlerTerms.objects.create(id=2)


def test_who_never_comes_is_refused_where_others_pay() -> None:
    assert all_of(PRESETS["ai-pays"].by_purpose)["Google-Extended"] is Stance.REFUSED
    assert filled({"Google-Extended": Stance.PAID})["Google-Extended"] is Stance.REFUSED
    assert "Google-Extended" in {one.token for one in Stances({"Google-Extended": Stance.PAID}).kept_out()}


@pytest.mark.parametrize(
    ("agent", "token"),
    [
        (GOOGLE, "Googlebot"), ("applebot-extended", "Applebot-Extended"), ("Applebot/0.1", "Applebot"), (PERSON, None),
        ("", None), ("x" * 600 + "GPTBot", None), ("meta-externalagent/1.1", "meta-externalagent"),
    ],
)  # fmt: skip
def test_a_crawler_is_known_by_its_name(agent: str, token: str | None) -> None:
    found = crawler_of(agent)
    assert (found.token if found else None) == token


# Every door hears of a change.


@pytest.mark.django_db(transaction=True)
def test_the_database_tells_the_fronts_when_it_is_committed_and_not_before() -> None:
    params = connection.get_connection_params()
    wanted = {key: params[key] for key in ("host", "port", "user", "password", "dbname") if params.get(key)}
    with psycopg.connect(**wanted, autocommit=True) as listening:
        listening.execute("LISTEN backnumber")
        with transaction.atomic():
            say("ai-pays", words="£1")
            assert [n.payload for n in listening.notifies(timeout=0.2)] == []
        heard = [n.payload for n in listening.notifies(timeout=1, stop_after=1)]
        assert heard == ["crawlers"]
        CrawlerTerms.objects.update(words="£2")
        assert [n.payload for n in listening.notifies(timeout=1, stop_after=1)] == ["crawlers"]
        CrawlerStance.objects.all().delete()
        assert [n.payload for n in listening.notifies(timeout=1, stop_after=1)] == ["crawlers"]


# The page in the admin.


def test_an_administrator_saves_all_at_once_and_it_is_logged(client: Client, staff: Reader) -> None:
    client.force_login(staff)
    page = client.get(ADMIN)
    assert page.status_code == 200
    assert all(crawler.token in page.content.decode() for crawler in KNOWN)
    answer = client.post(ADMIN, posted("ai-pays", words="£1 a page", address="/help/"))
    assert answer.status_code == 302
    assert {token for token, stance in stances().by_token.items() if stance is Stance.PAID} == {
        crawler.token for crawler in KNOWN if crawler.token in AI and crawler.comes
    }
    entry = ModelLogEntry.objects.get(action="syndication.crawlers")
    assert entry.user == staff
    assert "GPTBot: paid" in entry.data["what"]
    client.post(ADMIN, posted("everybody"))
    assert set(stances().by_token.values()) == {Stance.WELCOME}
    assert stances().terms == ""


def test_a_preset_fills_the_form_in_and_keeps_nothing(client: Client, staff: Reader) -> None:
    client.force_login(staff)
    for preset in PRESETS.values():
        page = client.get(ADMIN, {"preset": preset.name})
        assert f"“{preset.label}” is filled in" in page.content.decode()
        assert page.context["form"]["crawler-GPTBot"].value() == preset.by_purpose[Purpose.TRAINING].value
    assert not CrawlerStance.objects.exists()
    assert client.get(ADMIN, {"preset": "made up"}).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"crawler-GPTBot": "perhaps"},
        {"crawler-GPTBot": ""},
        {"crawler-Google-Extended": "paid"},
        {"crawler-GPTBot": "paid"},  # and no terms
        {"address": "javascript:alert(1)"},
        {"address": "//evil.example/"},
        {"address": "/two words"},
        {"licence_address": "/licence.xml"},
    ],
    ids=lambda wrong: "=".join(next(iter(wrong.items()))),
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    client: Client, staff: Reader, wrong: dict[str, str]
) -> None:
    client.force_login(staff)
    answer = client.post(ADMIN, posted("no-training", **wrong))
    assert answer.status_code == 200
    assert "error" in answer.content.decode()
    assert not CrawlerStance.objects.exists()


def test_nobody_but_an_administrator_sees_it(client: Client, dan: Reader) -> None:
    assert client.get(ADMIN).status_code == 302
    client.force_login(dan)
    assert client.get(ADMIN).status_code in {302, 403}
    assert client.post(ADMIN, posted("everybody")).status_code in {302, 403}
    assert not CrawlerStance.objects.exists()


# robots.txt.


def test_robots_txt_keeps_out_who_is_refused_and_nobody_else(client: Client, db: None) -> None:
    _, parser = robots(client)
    assert not any(parser.can_fetch(token, "/archive/") for token in TRAINERS)
    assert all(
        parser.can_fetch(crawler.token, "/archive/") for crawler in KNOWN if crawler.token not in TRAINERS
    )
    assert parser.can_fetch("GPTBot", "/llms.txt")
    assert not parser.can_fetch("Googlebot", "/account/")
    assert parser.site_maps() == [f"{settings.ADDRESS}/sitemap.xml"]


def test_everybody_welcome_names_nobody(client: Client, db: None) -> None:
    say("everybody")
    text, parser = robots(client)
    assert text.count("User-agent") == 1
    assert parser.can_fetch("GPTBot", "/archive/")


def test_who_is_to_pay_is_let_come_to_be_told_and_reads_the_terms_in_a_comment(
    client: Client, db: None
) -> None:
    say("ai-pays", words="£1 a page.\nWrite to us.", address="/help/")
    text, parser = robots(client)
    assert parser.can_fetch("GPTBot", "/archive/")
    assert not parser.can_fetch("GPTBot", "/account/")
    assert not parser.can_fetch("Google-Extended", "/archive/")
    assert "# £1 a page.\n# Write to us.\n" in text
    assert f"# {settings.ADDRESS}/help/\n" in text
    assert "(402): GPTBot, ClaudeBot" in text


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028"])
def test_no_line_of_the_terms_becomes_a_rule(db: None, break_: str) -> None:
    forged = Stances(
        {"GPTBot": Stance.PAID}, f"a{break_}User-agent: *{break_}Disallow: /", f"x{break_}Disallow: /",
        licence_address=f"https://x.example/{break_}Disallow: /",
    )  # fmt: skip
    text = robots_txt(forged, "https://archive.example/sitemap.xml")
    assert not [
        line for line in text.splitlines() if line.startswith("Disallow: /") and line == "Disallow: /"
    ]
    assert len([line for line in text.splitlines() if line.startswith("User-agent")]) == 1


def test_a_licence_file_is_named_for_who_has_one(client: Client, db: None) -> None:
    assert "License:" not in robots(client)[0]
    say("no-training", licence_address="https://archive.example/licence.xml")
    assert "\nLicense: https://archive.example/licence.xml\n" in robots(client)[0]


def test_a_program_that_says_it_is_a_search_engine_gets_what_anyone_gets(client: Client, db: None) -> None:
    pieces = [making.article("The Fortress"), making.article("The Open Piece", policy="open")]
    client.get("/")  # the first page builds what all share
    for piece in pieces:
        for ending in ("/", ".md", ".json"):
            where = piece.get_absolute_url().rstrip("/") + ending
            answers = [
                client.get(where, headers={"user-agent": agent})
                for agent in (PERSON, GOOGLE, "bingbot/2.0", "")
            ]
            assert {answer.status_code for answer in answers} == {200}
            assert len({answer.content for answer in answers}) == 1, where
            for answer in answers:
                del answer.headers["X-Request-ID"]  # each has a number of its own
            assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1, where


# llms.txt.


def test_llms_txt_says_what_the_archive_is_how_to_read_it_and_on_what_terms(client: Client, db: None) -> None:
    piece = making.article("The Fortress", standfirst="standfirstcanary")
    making.article("Draftcanary", live=False)
    making.article(of=making.issue(of=making.title("Unpublishedcanary"), live=False))
    say("ai-pays", words="£1 a page. [x](https://evil.example)", address="/help/")
    answer = client.get("/llms.txt")
    text = answer.content.decode()
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert text.startswith(f"# {settings.SITE_NAME}\n\n> ")
    assert f"[{piece.issue.title.name}]({settings.ADDRESS}{piece.issue.title.get_absolute_url()})" in text
    for told in (
        "`.md`",
        "`.json`",
        "/sitemap.xml",
        "/feeds/",
        "/robots.txt",
        "GPTBot",
        f"[Terms]({settings.ADDRESS}/help/)",
    ):
        assert told in text
    assert "[x](https://evil.example)" not in text
    assert "canary" not in text.lower()


def test_llms_txt_is_what_the_parser_of_the_form_reads(client: Client, gated: Article) -> None:
    say("ai-pays", words="£1 a page.\nWrite to us.", address="/help/")
    found = parse_llms_file(client.get("/llms.txt").content.decode())
    assert found.title == settings.SITE_NAME
    assert list(found.sections) == ["Titles", "How to read it", "Terms"]
    assert [one.title for one in found.sections["Titles"]] == ["The Hourglass"]
    assert all(one.url.startswith("http") for links in found.sections.values() for one in links)
    assert "Crawlers that are to pay" in found.info


def test_crawlers_that_others_have_listed_are_known_and_kept_out_like_their_kind(
    client: Client, db: None
) -> None:
    listed = crawler_of("Mozilla/5.0 (compatible; DeepSeekBot/1.0)")
    assert listed is not None
    assert listed.purpose is Purpose.TRAINING
    assert "DeepSeekBot" in client.get("/robots.txt").content.decode()
    assert len({crawler.token.lower() for crawler in KNOWN}) == len(KNOWN) > 50
    assert not [c for c in KNOWN if not re.fullmatch("[A-Za-z0-9_-]+", c.token)], "RFC 9309"
    for browser in (
        PERSON,
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0",
    ):
        assert crawler_of(browser) is None
