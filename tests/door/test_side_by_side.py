"""The door and Django are asked the same by the same, and never differ: in the text, its slots, and who may keep it."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from backnumber.access import Evidence, Gift, Policy, Read, Scope, ScopeKind
from backnumber.archive.models import Anniversary, Article, FreeWindow
from backnumber.edge.door.credentials import AskerFinder, Keys
from backnumber.edge.door.page_cache import PageCache
from backnumber.edge.door.request import read
from backnumber.edge.door.responding import Responder, Response
from backnumber.edge.door.usage_writer import UsageWriter
from backnumber.edge.page import tokens
from backnumber.edge.page.places import PlaceTable
from backnumber.edge.page.seals import keyring
from backnumber.edge.page.usage import Ledger
from backnumber.edge.render import service as rendering
from backnumber.gifts.models import GiftLink
from backnumber.institutions.models import Institution, Licence
from backnumber.institutions.service import write
from backnumber.readers.keyrings import keyring_of
from backnumber.readers.models import Reader
from tests import making
from tests.door_state import startup_state

pytestmark = pytest.mark.django_db
AGENTS = ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Googlebot/2.1", "")
CAMPUS, ELSEWHERE = "198.51.100.7", "192.0.2.9"
TURNS = 100


@dataclass(frozen=True)
class Case:
    """One way of asking: how, from where, with which cookies."""

    method: str
    peer: str
    agent: str
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[tuple[str, str], ...]


class DoorAlone:
    """The door as `asgi.site_door` puts it together, without its server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.open()

    def open(self) -> None:
        rings = Keys(*(keyring(purpose, (project.SECRET_KEY,)) for purpose in ("pass", "meter", "gift")))
        self.askers = AskerFinder(
            rings, project.SESSION_COOKIE_NAME, (), project.METER_NOBODY, timedelta(days=project.METER_DAYS)
        )
        self.askers.places = startup_state().places
        self.cache = PageCache(1 << 22, self.folder)
        uses = UsageWriter(lambda: "", b"key", Ledger())
        self.responder = Responder(self.askers, self.cache, uses, [], is_secure=False)

    def ask(self, address: str, case: Case) -> Response | None:
        now = timezone.now()
        stored = rendering.render_page(address, now)
        assert stored is not None
        page = self.cache.put(address, stored.content, self.cache.heard)
        headers = [(b"host", b"testserver"), (b"user-agent", case.agent.encode())]
        headers += [(name.lower().encode(), value.encode()) for name, value in case.headers]
        if case.cookies:
            headers.append((b"cookie", "; ".join(f"{name}={value}" for name, value in case.cookies).encode()))
        scope = {
            "method": case.method,
            "path": address,
            "raw_path": address.encode(),
            "headers": headers,
            "client": (case.peer, 1),
        }
        return self.responder.respond(read(scope), page, now)


def ask_django(address: str, case: Case) -> HttpResponse:
    client = Client()
    for name, value in case.cookies:
        client.cookies[name] = value
    headers = {"user-agent": case.agent, **dict(case.headers)}
    answer: HttpResponse = client.generic(case.method, address, REMOTE_ADDR=case.peer, headers=headers)
    return answer


def header(answer: Response, name: bytes) -> str:
    return next((value.decode() for found, value in answer.start["headers"] if found == name), "")


@pytest.fixture
def campus(db: None, staff: Reader) -> Institution:
    now = timezone.now()
    made = Institution.objects.create(name="Ashdown", slug="ashdown")
    write(made, "198.51.100.0/24", by=staff, now=now)
    return made


def arrange(draw: random.Random, article: Article, campus: Institution, now: object) -> None:
    """Facts of every kind, some of which open the article and some not."""
    today = timezone.localdate()
    article.policy = draw.choice([*(policy.value for policy in Policy), "", "nonsense"])
    article.paid_after_weeks = draw.choice([None, None, 1, 2000])
    article.free_after_years = draw.choice([None, None, 1, 100])
    article.save()
    issue = article.issue
    issue.on_sale = draw.choice(
        [None, None, None, timezone.now() + timedelta(days=3), timezone.now() - timedelta(days=3)]
    )
    issue.save()
    FreeWindow.objects.filter(article=article).delete()
    Anniversary.objects.filter(article=article).delete()
    if draw.random() < 0.25:
        begins = timezone.now() + timedelta(days=draw.choice([-2, 2]))
        why = draw.choice(["this week’s long read", "a gift for the <New> Year"])
        FreeWindow.objects.create(article=article, starts=begins, until=begins + timedelta(days=3), why=why)
    if draw.random() < 0.15:
        day = draw.choice([today, today + timedelta(days=40)])
        Anniversary.objects.create(article=article, month=day.month, day=day.day, why="on the day")
    Licence.objects.filter(institution=campus).delete()
    if draw.random() < 0.6:
        Licence.objects.create(
            institution=campus, scope="archive", starts=timezone.now() - timedelta(days=9), label="Campus",
            until=draw.choice([None, timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=9)]), evidence_key="A-1",
        )  # fmt: skip


def signed_in(reader: Reader) -> tuple[tuple[str, str], ...]:
    client = Client()
    client.force_login(reader)
    client.get("/help/")
    return tuple((name, morsel.value) for name, morsel in client.cookies.items())


def case_of(
    draw: random.Random, article: Article, gift: GiftLink, sessions: list[tuple[tuple[str, str], ...]]
) -> Case:
    cookies = list(draw.choice([(), (), *sessions]))
    now = timezone.now()
    if draw.random() < 0.3:
        articles = draw.sample([article.pk, 10**6, 10**6 + 1, 10**6 + 2], draw.randint(0, 4))
        reads = [Read(key, now - timedelta(days=draw.choice([1, 60]))) for key in articles]
        cookies.append((tokens.METER_COOKIE, tokens.reads_cookie(reads, keyring_of("meter"))))
    if draw.random() < 0.25:
        credentials = Gift(gift.pk, draw.choice([article.pk, 5]), now + timedelta(days=draw.choice([-1, 1])))
        cookies.append((tokens.GIFT_COOKIE, tokens.gift_cookie(credentials, keyring_of("gift"))))
    if draw.random() < 0.1:
        cookies.append((draw.choice(["pass", "sessionid", "reads", "gift"]), "forged"))
    headers = draw.choice(
        [
            (),
            (),
            (),
            (("Sec-Purpose", "prefetch"),),
            (("Range", "bytes=-100"),),
            (("X-Forwarded-For", CAMPUS),),
        ]
    )
    return Case(
        draw.choice(["GET", "GET", "GET", "HEAD"]),
        draw.choice([CAMPUS, ELSEWHERE]),
        draw.choice(AGENTS),
        headers,
        tuple(cookies),
    )


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_asked_by_whomever_both_give_the_same(
    seed: int,
    tmp_path: Path,
    settings: Settings,
    gated: Article,
    campus: Institution,
    ada: Reader,
    ben: Reader,
    dan: Reader,
) -> None:
    settings.METER_NOBODY = 3
    draw = random.Random(seed)
    kept = making.reader("kim")
    making.grant(kept, scope=Scope(ScopeKind.SPAN, first_date=date(1990, 1, 1)), evidence=Evidence.GIFT)
    gift = GiftLink.objects.create(
        reader=ada, article=gated, token_digest="0" * 64, made_at=timezone.now(), until=timezone.now() + timedelta(days=9),
        revoked_at=timezone.now() if seed % 2 else None,
    )  # fmt: skip
    address = gated.get_absolute_url()
    sessions = [signed_in(reader) for reader in (ada, ben, dan, kept)]
    door = DoorAlone(tmp_path)
    answered = whole = 0
    for _ in range(TURNS // 4):
        arrange(draw, gated, campus, None)
        door.open()
        door.askers.revoked.gifts = {gift.pk} if gift.revoked_at else set()
        for _ in range(4):
            case = case_of(draw, gated, gift, sessions)
            ours = door.ask(address, case)
            if ours is None:
                continue
            answered += 1
            theirs = ask_django(address, case)
            assert ours.start["status"] == theirs.status_code == 200, case
            assert ours.body["body"].decode() == theirs.content.decode(), case
            whole += "middlecanary1" in theirs.content.decode()
            assert (
                header(ours, b"cache-control").split(",")[0] == theirs.headers["Cache-Control"].split(",")[0]
            ), case
            assert bool(header(ours, b"set-cookie")) is (tokens.METER_COOKIE in theirs.cookies), case
    assert answered > TURNS // 3
    assert whole > TURNS // 20


def test_control_a_front_that_forgets_a_fact_is_found(
    tmp_path: Path, gated: Article, campus: Institution
) -> None:
    """Without the table of places the two part, and this test's comparison would say so."""
    Licence.objects.create(
        institution=campus,
        scope="archive",
        starts=timezone.now() - timedelta(days=9),
        label="Campus",
        evidence_key="A-1",
    )
    case = Case("GET", CAMPUS, AGENTS[0], (), ())
    address = gated.get_absolute_url()
    door = DoorAlone(tmp_path)
    same, theirs = door.ask(address, case), ask_django(address, case)
    assert same is not None
    assert same.body["body"] == theirs.content
    door.askers.places = PlaceTable()
    other = door.ask(address, case)
    assert other is not None
    assert other.body["body"] != theirs.content
