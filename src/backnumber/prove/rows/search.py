"""Rows of the search: its snippets, what it tells by answering at all, and what it offers to type."""

import re
import time
from datetime import datetime, timedelta
from urllib.parse import quote

from django.utils import timezone

from backnumber.prove.asking import Answer
from backnumber.prove.row import Findings, Site, row
from backnumber.readers.models import Reader
from backnumber.search import service
from backnumber.search.models import Tally

BUILT_WITHIN = 20  # seconds, for a search index that is made at its first question
_FILTERS = ("", "&page=2", "&decade=1400s&order=-body", "&title=1&sort=relevance")
# Few of those who may not read ask here: their searches are counted together, and with everybody's of this network.
_ASKERS = ("nobody", "lapsed")


@row(11, "search snippet of a phrase found only in the body", "the hit, with a snippet of open text")
def snippets(site: Site, found: Findings) -> None:
    piece = site.piece()
    address = _search(f'"{piece.planted.question}"')
    _wait_for_the_index(site, address)
    for who in _ASKERS:
        answer = site.get(address, who)
        found.withheld(answer, piece, who)
        found.expect(not answer.may_be_shared, f"{who}: {answer.header('Cache-Control')}")
        found.control(piece.path in answer.text, f"{who}: the article is not found ({answer.status})")
    answer = site.get(address, "entitled")
    shown = piece.planted.gated["middle paragraph"] in answer.text
    found.control(shown, "entitled: the snippet does not show the words beside the phrase")


@row(12, "search as an oracle: phrase bisection, counts, ordering, facets", "counted; no reconstruction of the body",
     tests="tests/search")  # fmt: skip
def oracle(site: Site, found: Findings) -> None:
    """A gated word is found, and that is all: what stands beside it is never shown. Searches are counted, which makes a
    reconstruction word by word endless: here by a throw-away reader whose number is used up.
    """
    piece = site.piece()
    asked = piece.planted.question.split()
    for more in _FILTERS:
        found.withheld(site.get(_search(" ".join(asked[:2])) + more), piece, more)
    for phrase in (f'"{" ".join(asked[1:])}"', f'"{asked[0]}" -{asked[1]}', f'"{asked[4]} {asked[0]}"'):
        found.withheld(site.get(_search(phrase)), piece, phrase)
    entitled = site.browser("entitled")
    seen = entitled.get(_search(f'"{piece.planted.question}"'))
    found.control(piece.path in seen.text, "entitled: the article is not found")
    _use_up(site.tested.readers["entitled"], timezone.now())
    status = entitled.get(_search("lantern")).status
    found.expect(status == 429, f"one search more than is allowed in a minute: {status}")


def _use_up(reader: Reader, now: datetime) -> None:
    """As if the reader had searched as often as one may: in this minute, and in the next, which may begin meanwhile."""
    this = now.replace(second=0, microsecond=0)
    for since in (this, this + timedelta(minutes=1)):
        Tally.objects.update_or_create(
            who=f"reader {reader.pk}",
            seconds=service.MINUTE,
            since=since,
            defaults={"searches": service.ALLOWED[service.MINUTE]},
        )


@row(13, "autocomplete, did-you-mean", "words of open text only")
def suggestions(site: Site, found: Findings) -> None:
    piece = site.piece()
    start = piece.planted.gated["middle paragraph"][:-3]
    for endpoint in ("/search/suggest/", "/search/autocomplete/", "/autocomplete/", "/suggest/", "/search/"):
        found.withheld(site.get(f"{endpoint}?q={start}&term={start}"), piece, endpoint)
    whole = piece.planted.gated["middle paragraph"]
    answer = site.get(_search(whole), "giver")
    found.control(piece.path in answer.text and _beside(answer, whole), "entitled: the word is not found")


def _search(words: str) -> str:
    return f"/search/?q={quote(words)}"


def _beside(answer: Answer, word: str) -> bool:
    """Whether the word is shown in a result, not only where it was typed."""
    return bool(re.search(rf"<mark>\s*{word}", answer.text))


def _wait_for_the_index(site: Site, address: str) -> None:
    until = time.monotonic() + BUILT_WITHIN
    while site.get(address, "giver").status == 503 and time.monotonic() < until:
        time.sleep(1)


ROWS = (snippets, oracle, suggestions)
