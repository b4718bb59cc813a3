"""Part 1: processor time a request, side by side: a bare application, the door, Django, nginx."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from door import accounting, load, readers, servers
from door.asking import ask
from door.bare import signed
from door.plan import Plan
from door.readers import AS_IT_IS, BR
from door.servers import Served
from door.site import VAR, BenchSite, postmaster
from door.tables import Verdict, middle, table, verdicts
from door.words import METERED

BARE, NGINX = "bare ASGI application, 25 kB as it is", "nginx, the same 25 kB file"
LEAD, LEAD_AS_IS = "lead-in for nobody", "lead-in for nobody, as it is"
FULL, FULL_AS_IS = "full text, session and pass", "full text, session and pass, as it is"
DJANGO_NOBODY, DJANGO_READER = "Django: lead-in for nobody", "Django: full text for a subscriber"
Headers = Callable[[], Mapping[str, str]]


@dataclass(slots=True)
class Contender:
    """`headers` are asked for anew in each round: a pass lasts five minutes."""

    what: str
    served: Served
    address: str
    headers: Headers
    status: int = 200
    is_fronts: bool = False
    least: int = 0
    is_slow: bool = False
    costs: list[float] = field(default_factory=list)
    of_bare: list[float] = field(default_factory=list)
    of_database: list[float] = field(default_factory=list)
    paces: list[float] = field(default_factory=list)
    size: int = 0

    def measure(self, seconds: float) -> float:
        """One round, in ms a request: warmed up, then from idle to idle, so that whatever a request leaves to be done later is
        counted.
        """
        headers = self.headers()
        answer = ask(self.served.port, self.address, headers)
        readers.expect(answer, status=self.status, front=self.is_fronts, least=self.least)
        self.size = len(answer.body)
        asks = load.Asks([self.address], [headers])
        load.put(self.served.port, asks, 1, to_the_last=self.is_slow)
        accounting.settle([self.served.root, postmaster()])
        before = self._used()
        done = load.put(self.served.port, asks, seconds, to_the_last=self.is_slow)
        accounting.settle([self.served.root, postmaster()])
        after = self._used()
        if done.errors:
            raise RuntimeError(f"{self.what}: {done.errors} errors in {done.requests} requests")
        self.costs.append((after[0] - before[0]) / done.requests * 1000)
        self.of_database.append((after[1] - before[1]) / done.requests * 1000)
        self.paces.append(done.requests / done.seconds)
        return self.costs[-1]

    def _used(self) -> tuple[float, float]:
        return accounting.processor_seconds(self.served.root), accounting.processor_seconds(postmaster())

    @property
    def times_bare(self) -> float:
        return median(self.of_bare)


def measure(plan: Plan) -> str:
    site = plan.rendered(plan.sizes[0])
    with ExitStack() as stack:
        front = stack.enter_context(servers.ours(site))
        contenders = [*_fronts(site, front), *_others(site, front, stack)]
        bare = next(one for one in contenders if one.what == BARE)
        for number in range(plan.rounds):
            print(f"round {number + 1}")
            _round([one for one in contenders if one is not bare], bare, plan.seconds)
    return _section(plan, {one.what: one for one in contenders})


def _round(contenders: list[Contender], bare: Contender, seconds: float) -> None:
    """The bare application before and after each: a machine that changes its pace meanwhile changes it for both."""
    before = bare.measure(seconds)
    for one in contenders:
        cost = one.measure(seconds)
        after = bare.measure(seconds)
        one.of_bare.append(cost / ((before + after) / 2))
        bare.of_bare.append(after / before)
        before = after
        print(f"{one.what}: {cost:.4f} ms, {one.of_bare[-1]:.2f} x bare")


def _fronts(site: BenchSite, front: Served) -> list[Contender]:
    address, port = site.addresses[0], front.port
    meter = site.addresses[METERED]
    subscriber: Headers = lambda: readers.subscriber(site, port)  # noqa: E731
    etag = readers.expect(ask(port, address, BR)).headers["etag"]
    least = 20_000

    def contender(
        what: str, headers: Headers, address: str = address, status: int = 200, least: int = 0
    ) -> Contender:
        return Contender(what, front, address, headers, status, True, least)

    return [
        contender(LEAD, lambda: BR),
        contender(LEAD_AS_IS, lambda: AS_IT_IS),
        contender(FULL, lambda: {**BR, **subscriber()}),
        contender(FULL_AS_IS, lambda: {**AS_IT_IS, **subscriber()}, least=least),
        contender("full text by the meter, nobody", lambda: {**BR, **readers.metered(meter, port)}, meter),
        contender("full text by a gift link, nobody", lambda: {**BR, **readers.gifted(site, port)}),
        contender("not changed (304), nobody", lambda: {**BR, "If-None-Match": etag}, status=304),
    ]


def _others(site: BenchSite, front: Served, stack: ExitStack) -> list[Contender]:
    page = VAR / "page.html"
    subscriber = {**AS_IT_IS, **readers.subscriber(site, front.port)}
    page.write_bytes(readers.expect(ask(front.port, site.addresses[0], subscriber), least=20_000).body)
    held = readers.cookie(session=signed("reader-1"))
    bare = stack.enter_context(
        servers.beside("bare", "door.bare:application", site, "/", held, BENCH_PAGE=str(page))
    )
    django = stack.enter_context(
        servers.beside("django", "door.django_alone:application", site, site.addresses[0])
    )
    nginx = stack.enter_context(servers.nginx(page.read_bytes()))
    address, port = site.addresses[0], django.port
    return [
        Contender(BARE, bare, "/", lambda: held, least=20_000),
        *([Contender(NGINX, nginx, "/page.html", lambda: AS_IT_IS, least=20_000)] if nginx else []),
        Contender(DJANGO_NOBODY, django, address, lambda: BR, is_slow=True),
        Contender(
            DJANGO_READER,
            django,
            address,
            lambda: readers.subscriber(site, port),
            least=20_000,
            is_slow=True,
        ),
    ]


def _section(plan: Plan, by_name: dict[str, Contender]) -> str:
    nginx = by_name.get(NGINX)
    head = [
        "",
        "ms a request: median (lowest to highest)",
        "× bare: median (lowest to highest)",
        "× nginx",
        "bytes of body",
        "requests a second",
    ]
    rows = [
        [
            one.what,
            middle(one.costs),
            middle(one.of_bare, ".2f"),
            f"{one.times_bare / nginx.times_bare:.1f}" if nginx else "–",
            f"{one.size:,}",
            f"{median(one.paces):,.0f}",
            f"{median(one.of_database):.4f}",
        ]
        for one in by_name.values()
    ]
    return f"""### Processor time a request

{plan.rounds} rounds of {plan.seconds:g} seconds for each, one after the other in turn, and the bare application before and after each: “× bare” is of the
mean of these two, for the machine's pace changes from one minute to the next (what it changed by between two of them stands in the
bare application's own row). Each server is one process with the options of `backnumber serve`; what is not marked “as it is” is
sent compressed with brotli, and nginx has one worker. “Django” is the same program with the door holding nothing, so that
Django answers the same page from its four threads; its last answers are waited for, so our own generator asks. Uses are written down all the while, and the database's own time for that stands in the last column.

{table([*head, "database, ms a request"], rows)}

{verdicts(_targets(by_name))}"""


def _targets(by_name: dict[str, Contender]) -> list[Verdict]:
    found = []
    for what, django in (
        (LEAD, DJANGO_NOBODY),
        (FULL, DJANGO_READER),
        (LEAD_AS_IS, None),
        (FULL_AS_IS, None),
    ):
        cost = by_name[what].times_bare
        found.append(Verdict(f"{what}, of the bare application", cost, 1.5, " ×"))
        if NGINX in by_name:
            found.append(Verdict(f"{what}, of nginx", cost / by_name[NGINX].times_bare, 6, " ×"))
        if django:
            times = by_name[django].times_bare / cost
            found.append(Verdict(f"{what}, Django costs more", times, 50, " ×", at_least=True))
    return found
