"""The pages of the magazine: empty, full, and as each kind of reader meets them."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.test import Client, override_settings
from django.utils import timezone

from backnumber.archive.models import Article
from backnumber.demo import loading, pages
from backnumber.gifts.service import revoke_gift
from backnumber.institutions import service as institutions
from backnumber.institutions.models import Institution, Licence
from backnumber.readers.models import Reader
from backnumber.search import service as search
from tests import making
from tests.gifts.links import token_of
from tests.gifts.test_gift_pages import FIREFOX, make
from tests.institutions.campus import ASHDOWN, CLEOS_ADDRESS, licence
from tests.states.filling import fill, long_reads
from tests.states.visiting import State, Visitor, nobody, signed_in, undone

EMPTY = [
    "/", "/archive/", "/sections/", "/contributors/", "/weekly/", "/search/?q=fortress", "/feeds/", "/subscribe/", "/demo/post/",
    "/past/", "/past/timeline/", "/past/map/", "/past/places/", "/past/on-this-day/", "/past/questions/",
]  # fmt: skip
FULL = [
    "/", "/archive/", "/archive/decades/1990s/", "/archive/the-hourglass/", "/archive/the-hourglass/1999/",
    "/archive/the-hourglass/1999/september/", "/archive/the-hourglass/1951/december/", "/sections/", "/sections/war-and-strategy/",
    "/sections/war-and-strategy/?page=2", "/contributors/", "/contributors/?letter=M", "/contributors/eleanor-marsh/", "/search/",
    "/search/?q=piece", "/search/?q=zzzz", "/search/?q=", "/search/?q=-", "/search/?q=piece&title=none", "/search/?q=piece&page=99",
    "/search/?q=began", "/past/", "/past/timeline/", "/past/timeline/?from=1810&to=1820", "/past/timeline/?from=44+BC&to=1812",
    "/past/map/", "/past/people/", "/past/on-this-day/", "/past/on-this-day/10-25/", "/past/questions/",
    "/past/places/", "/past/places/paris/", "/past/people/vauban/", "/past/map/?view=europe&from=1810&to=1820", "/past/map/?from=1&to=9",
    "/weekly/", "/help/", "/feeds/", "/information/terms/",
]  # fmt: skip
OF_A_READER = ["/", "/archive/the-hourglass/1999/september/", "/search/?q=began", "/help/why/"]
DEMO = [
    "/", "/archive/", "/archive/the-hourglass/", "/archive/the-hourglass/1999/september/", "/weekly/", "/demo/", "/demo/post/",
    "/archive/the-hourglass/1999/september/the-fortress-that-never-fired/", "/sections/diplomacy/", "/contributors/", "/subscribe/",
    "/search/?q=fortress", *(f"/information/{page.slug}/" for page in pages.sources()),
]  # fmt: skip


def empty() -> Iterator[State]:
    for path in EMPTY:
        yield nobody().sees(path, state="empty")


def filled(dan: Reader, ada: Reader, ben: Reader) -> Iterator[State]:
    """A magazine with enough in it, as every kind of reader meets it; each part begins where the first began."""
    piece = fill()
    yield from _full(piece, [dan, ada, ben])
    for part in (_free_and_shut(piece, dan), _on_a_campus(piece), _given_away(piece, ada, dan)):
        with undone():
            yield from part


def _full(piece: Article, readers: list[Reader]) -> Iterator[State]:
    for path in FULL:
        yield nobody().sees(path)
    for visitor in (nobody(), *map(signed_in, readers)):
        yield visitor.sees(piece.get_absolute_url())
        yield visitor.sees(f"/help/why/?article={piece.pk}")
    for reader in readers:
        for path in OF_A_READER:
            yield signed_in(reader).sees(path)
    yield nobody().sees("/help/why/?article=nothing-we-know", status=404)
    yield nobody().sees("/past/timeline/?from=soon&to=1820", status=400)
    yield nobody().sees("/past/people/nobody/", status=404)


def _free_and_shut(piece: Article, dan: Reader) -> Iterator[State]:
    """By policy, by the week's choice, before the issue is on sale, and when the meter is spent."""
    yield nobody().sees(long_reads().get_absolute_url(), state="the week's long read")
    yield nobody().sees("/weekly/", state="with a long read")
    for policy in ("sign-in", "metered", "open"):
        Article.objects.filter(pk=piece.pk).update(policy=policy)
        yield nobody().sees(piece.get_absolute_url(), state=f"policy {policy}", **{"user-agent": FIREFOX})
        yield signed_in(dan).sees(piece.get_absolute_url(), state=f"policy {policy}")
    Article.objects.filter(pk=piece.pk).update(policy="metered")
    with override_settings(METER_READERS=0, METER_NOBODY=0):
        yield signed_in(dan).sees(piece.get_absolute_url(), state="meter spent")
    coming = making.issue(
        date(2026, 12, 1), of=making.title(), on_sale=timezone.now() + timedelta(days=3), slug="coming"
    )
    shut = making.article("Not on sale yet", of=coming)
    for visitor in (nobody(), signed_in(dan)):
        yield visitor.sees(shut.get_absolute_url(), state="embargoed")
        yield visitor.sees(f"/help/why/?article={shut.pk}", state="embargoed")


def _on_a_campus(piece: Article) -> Iterator[State]:
    """By an institution's address: with a licence that runs, with none, and on nobody's network."""
    now = timezone.now()
    yield nobody(REMOTE_ADDR="203.0.113.9").sees("/library/?next=/", state="of no library")
    place = institutions.write(Institution(name="Ashdown University Library"), ASHDOWN, by=None, now=now)
    cleo = Visitor("cleo", Client(REMOTE_ADDR=CLEOS_ADDRESS))
    yield cleo.sees("/library/", state="without a licence")
    given = licence(place, starts=now - timedelta(days=100), until=now + timedelta(days=265))
    for path in ("/", piece.get_absolute_url(), "/search/?q=began", "/library/", "/subscribe/"):
        yield cleo.sees(path, state="on campus")
    Licence.objects.filter(pk=given.pk).update(until=now - timedelta(days=1))
    yield cleo.sees("/library/", state="after the licence")
    yield cleo.sees(piece.get_absolute_url(), state="after the licence")


def _given_away(piece: Article, ada: Reader, dan: Reader) -> Iterator[State]:
    """Gift links: made, opened, ended, used up, refused."""
    now = timezone.now()
    address, new = piece.get_absolute_url(), f"/gifts/new/?article={piece.pk}"
    giver, friend = signed_in(ada), nobody()
    yield giver.sees(new)
    yield giver.sees("/account/gifts/", state="none")
    made = make(giver.client, piece)
    yield giver.shown(made, "/gifts/make/", 200, "made")
    token = token_of(ada, piece, now)
    friend.client.get(f"{address}?gift={token}", headers={"user-agent": FIREFOX})
    yield friend.sees(address, state="by a gift link")
    yield giver.sees("/account/gifts/", state="some")
    for link in ada.gift_links.all():
        revoke_gift(link.pk, ada, timezone.now())
    yield giver.sees("/account/gifts/", state="ended")
    yield friend.sees(address, state="by a gift link that has ended")
    yield signed_in(dan).sees(new, state="without a subscription")
    with override_settings(GIFTS=1):
        yield giver.sees(new, state="all used up")
        yield giver.sees("/account/gifts/", state="all used up")
    with override_settings(GIFTS=0):
        yield giver.sees(new, state="when gifts are off")
    guesser = nobody(REMOTE_ADDR="203.0.113.5", HTTP_USER_AGENT=FIREFOX)
    for number in range(30):
        guesser.client.get(f"{address}?gift=guess{number}")
    yield guesser.sees(f"{address}?gift=guess", status=429)


def the_demo(dan: Reader) -> Iterator[State]:
    """The demo magazine: real text, drawn covers, two titles."""
    now = timezone.now()
    loading.load(now, lambda line: None)
    loading.choose_long_reads(now)
    search.rebuild()
    for path in DEMO:
        yield nobody().sees(path, state="in the demo")
    piece = "/archive/the-hourglass/1999/september/the-fortress-that-never-fired/"
    making.grant(dan, starts=now - timedelta(days=1), until=now + timedelta(days=9))
    yield signed_in(dan).sees(piece, state="whole, in the demo")
