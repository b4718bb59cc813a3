"""Who is counted: a person who opens a page, and nothing else."""

import pytest
from django.test import RequestFactory

from backnumber.edge.page.counting import is_a_person, is_counted
from backnumber.edge.page.usage import is_robot

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
PEOPLE = [
    FIREFOX,
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 YaBrowser/24.1 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 11; reeder P13) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36",
    "Lynx/2.9.0 libwww-FM/2.14",
]
PROGRAMS = [
    "",
    "   ",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) (compatible; Googlebot/2.1)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.23.20.0",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers)",
    "Tiny Tiny RSS/24.05 (https://tt-rss.org/)",
    "NetNewsWire (RSS Reader; https://netnewswire.com/)",
    "curl/8.5.0",
    "Wget/1.21.4",
    "python-requests/2.32.3",
    "Go-http-client/2.0",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36",
]


@pytest.mark.parametrize("name", PEOPLE)
def test_a_person_is_counted(name: str) -> None:
    assert is_counted("GET", {"user-agent": name})
    assert is_counted("GET", {"user-agent": name, "sec-fetch-dest": "document", "sec-fetch-mode": "navigate"})


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_not(name: str) -> None:
    assert not is_counted("GET", {"user-agent": name})
    assert not is_counted("GET", {"user-agent": name.upper()})


def test_who_gives_no_name_is_not() -> None:
    assert not is_counted("GET", {})


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS", "get", ""])
def test_only_get_is_counted(method: str) -> None:
    assert not is_counted(method, {"user-agent": FIREFOX})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Sec-Purpose", "prefetch"),
        ("Sec-Purpose", "prefetch;prerender"),
        ("Purpose", "Prefetch"),
        ("X-Moz", "prefetch"),
        ("Range", "bytes=0-100"),
        ("Range", ""),
        ("Sec-Fetch-Dest", "iframe"),
        ("Sec-Fetch-Dest", "empty"),
        ("Sec-Fetch-Dest", ""),
    ],
)
def test_what_is_no_opening_of_a_page_is_not(name: str, value: str) -> None:
    assert not is_counted("GET", {"user-agent": FIREFOX, name.lower(): value})
    request = RequestFactory().get("/", headers={"User-Agent": FIREFOX, name: value})
    assert not is_counted("GET", request.headers)


def test_control_django_s_own_headers_of_a_person_are_counted() -> None:
    request = RequestFactory().get("/", headers={"User-Agent": FIREFOX, "Sec-Fetch-Dest": "document"})
    assert is_counted("GET", request.headers)


def test_a_huge_name_is_read_in_no_time() -> None:
    assert is_counted("GET", {"user-agent": "Mozilla " * 1_000_000})


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko",
        "Mozilla/5.0 (Linux; Android 13; CUBOT X50) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36",
    ],
)
def test_a_persons_browser_is_in_no_list_of_robots(agent: str) -> None:
    assert is_a_person(agent)
    assert not is_robot(agent.encode())


@pytest.mark.parametrize("agent", ["Scrapy/2.11", "axios/1.6", "node-fetch", "Mozilla/5.0 (compatible; SeznamBot/4.0)"])  # fmt: skip
def test_a_program_that_only_the_kept_lists_know_is_none(agent: str) -> None:
    assert not is_a_person(agent)
    assert is_robot(agent.encode())


def test_counters_own_list_keeps_a_program_out_of_the_figures() -> None:
    lynx = "Lynx/2.9.0 libwww-FM/2.14"
    assert is_a_person(lynx), "a person reads, and the meter counts"
    assert is_robot(lynx.encode()), "and the reports do not"
