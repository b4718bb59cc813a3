"""A crawler that the publisher lets in for money only is told so before anything else is looked at; nobody else is."""

from typing import Any

import pytest

from backnumber.edge.door.app import Door
from backnumber.edge.door.crawlers import Crawlers
from backnumber.edge.door.request import Request, Scope
from backnumber.edge.page.crawlers import LONGEST_NAME, Stance, Stances, filled
from tests import loops

GPTBOT = (
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)"
)
APPLEBOT = (
    "Mozilla/5.0 (Macintosh) Version/17.4 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PAYING = Stances(
    {
        "GPTBot": Stance.PAID,
        "Applebot-Extended": Stance.PAID,
        "Applebot": Stance.WELCOME,
        "CCBot": Stance.REFUSED,
    },
    terms="£1 a page, by arrangement.",
    terms_address="https://archive.example/terms/?for=“robots”",
    terms_path="/terms/",
)


def asked(
    agent: str | bytes | None, address: str = "/archive/t/1999/september/x/", method: str = "GET"
) -> Request:
    name = agent.encode() if isinstance(agent, str) else agent
    return Request(method, address, b"", {} if name is None else {b"user-agent": name}, "192.0.2.1")


def door(stances: Stances = PAYING) -> Crawlers:
    made = Crawlers([(b"x-frame-options", b"SAMEORIGIN")])
    made.set(stances)
    return made


def headers(answer: Any) -> dict[bytes, bytes]:
    return dict(answer.start["headers"])


def test_who_is_to_pay_is_told_the_terms_with_402() -> None:
    terms = door().refusal(asked(GPTBOT))
    assert terms is not None
    assert terms.start["status"] == 402
    assert "£1 a page, by arrangement.\nhttps://archive.example/terms/" in terms.body["body"].decode()
    assert headers(terms)[b"content-length"] == str(len(terms.body["body"])).encode()
    assert headers(terms)[b"cache-control"] == b"private, no-store"
    assert headers(terms)[b"x-frame-options"] == b"SAMEORIGIN"
    link = headers(terms)[b"link"]
    assert link == b'<https://archive.example/terms/?for=%E2%80%9Crobots%E2%80%9D>; rel="terms-of-service"'


@pytest.mark.parametrize(
    "agent",
    [
        FIREFOX,
        "",
        None,
        APPLEBOT,
        "CCBot/2.0",
        "Googlebot/2.1",
        "SomethingNobodyKnows/1.0",
        b"\xff\xfe\x00\x80",
    ],
    ids=[
        "a browser",
        "an empty name",
        "no name",
        "a welcome crawler",
        "a refused one",
        "Google",
        "unknown",
        "no text",
    ],
)
def test_nobody_else_is_turned_away(agent: str | bytes | None) -> None:
    assert door().refusal(asked(agent)) is None


@pytest.mark.parametrize("agent", ["gptbot/1.2", "GPTBOT", "x GpTbOt y"])
def test_capitals_are_no_matter(agent: str) -> None:
    assert door().refusal(asked(agent)) is not None


def test_the_longer_name_is_another_crawler() -> None:
    assert door().refusal(asked("Applebot-Extended/0.1")) is not None
    assert door().refusal(asked("Applebot/0.1")) is None
    turned = door(Stances({"Applebot": Stance.PAID, "Applebot-Extended": Stance.WELCOME}))
    assert turned.refusal(asked("Applebot-Extended/0.1")) is None
    assert turned.refusal(asked(APPLEBOT)) is not None


@pytest.mark.parametrize("address", ["/robots.txt", "/llms.txt", "/terms/"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_policy_and_the_terms_are_always_open(address: str, method: str) -> None:
    assert door().refusal(asked(GPTBOT, address, method)) is None


@pytest.mark.parametrize(
    "address", ["/", "/robots.txt/", "//robots.txt", "/ROBOTS.TXT", "/terms", "/archive/../robots.txt"]
)
def test_control_nothing_else_is(address: str) -> None:
    assert door().refusal(asked(GPTBOT, address)) is not None


def test_without_terms_of_ones_own_no_address_is_open() -> None:
    bare = door(Stances({"GPTBot": Stance.PAID}))
    terms = bare.refusal(asked(GPTBOT, ""))
    assert terms is not None
    assert b"paying programs only" in terms.body["body"]
    assert b"link" not in headers(terms)


def test_a_very_long_name_is_read_to_its_limit_and_kept_no_longer() -> None:
    made = door()
    assert made.refusal(asked("GPTBot " + "x" * 100_000)) is not None
    assert made.refusal(asked("x" * 100_000 + "GPTBot")) is None
    assert max(map(len, made._is_to_pay)) <= LONGEST_NAME


def test_no_flood_of_names_fills_the_memory() -> None:
    made = door()
    for number in range(10_000):
        made.refusal(asked(f"Name/{number}"))
    held = made._is_to_pay
    assert 0 < sum(len(name) for name in held) <= held.held_bytes <= held.most_bytes
    assert made.refusal(asked(GPTBOT)) is not None


def test_a_new_word_counts_at_once() -> None:
    made = door()
    assert made.refusal(asked(GPTBOT)) is not None
    made.set(Stances(filled({"GPTBot": Stance.WELCOME})))
    assert made.refusal(asked(GPTBOT)) is None
    made.set(PAYING)
    assert made.refusal(asked(GPTBOT)) is not None


def test_terms_cannot_write_headers_of_their_own() -> None:
    forged = Stances(
        {"GPTBot": Stance.PAID}, terms_address='https://x.example/>; rel="next"\r\nSet-Cookie: a=b'
    )
    link = headers(door(forged).refusal(asked(GPTBOT)))[b"link"]
    assert b"\r" not in link
    assert b"\n" not in link
    assert link.count(b">") == 1


class Elsewhere:
    """Any part of the door that must not be asked."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} was asked for")


@pytest.mark.parametrize(("method", "has_body"), [("GET", True), ("HEAD", False), ("POST", True)])
def test_it_is_told_before_any_page_is_looked_at(method: str, has_body: bool) -> None:
    nowhere: Any = Elsewhere()
    answers = Door(
        django=nowhere, askers=nowhere, responder=nowhere, cache=nowhere, store=nowhere, changes=nowhere, usage=nowhere,
        rendering=nowhere, crawlers=door(), hosts=frozenset(),
    )  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> None:
        raise AssertionError("nothing is read")

    scope: Scope = {
        "type": "http", "method": method, "path": "/", "raw_path": b"/", "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"user-agent", GPTBOT.encode())], "client": ("192.0.2.1", 1),
    }  # fmt: skip
    loops.run(answers(scope, receive, send))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert sent[0]["status"] == 402
    assert bool(sent[1]["body"]) is has_body
    assert dict(sent[0]["headers"])[b"content-length"] != b"0"
