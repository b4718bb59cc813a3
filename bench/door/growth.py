"""Part 3: what a hundred times the articles cost a request, and the memory of a process."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from door import accounting, load, readers, servers
from door.load import Asks
from door.plan import Plan
from door.readers import AS_IT_IS, BR
from door.servers import Served
from door.site import BenchSite
from door.tables import Verdict, middle, table, verdicts

MEMORY = 256  # MB a process
GROWTH = 1.2
WARM_UP = 3
FILE = bytes(25_225)  # as long as a whole page
LAWS = {"Zipf": load.zipf, "uniform": load.uniform}


@dataclass(slots=True)
class Archive:
    """So many pages, and a server that has been asked for each of them once. `heads` are asked for anew in each round."""

    what: str
    served: Served
    addresses: Sequence[str]
    heads: Callable[[], Sequence[Mapping[str, str]]]
    costs: dict[str, list[float]] = field(default_factory=lambda: {law: [] for law in LAWS})
    memories: list[tuple[float, float]] = field(default_factory=list)
    asked_once: float = 0.0
    draw: int = 0

    @property
    def count(self) -> int:
        return len(self.addresses)

    def ask_for_all(self) -> None:
        asks = Asks(self.addresses, self.heads()[:1], range(self.count))
        done = load.put_once(self.served.port, asks)
        if done.errors:
            raise RuntimeError(f"{done.errors} of {done.requests} pages could not be had")
        self.asked_once = done.seconds

    def measure(self, law: str, seconds: float) -> None:
        """From idle to idle."""
        heads = self.heads()
        self.draw += 2  # no round asks for what another has asked for already, but as the law has it
        load.put(self.served.port, self._asks(heads, law, self.draw), WARM_UP)
        asks = self._asks(heads, law, self.draw + 1)
        accounting.settle([self.served.root])
        before = accounting.processor_seconds(self.served.root)
        done = load.put(self.served.port, asks, seconds)
        accounting.settle([self.served.root])
        if done.errors:
            raise RuntimeError(f"{done.errors} errors in {done.requests} requests")
        used = accounting.processor_seconds(self.served.root) - before
        self.costs[law].append(used / done.requests * 1000)
        self.memories.append(accounting.memory(self.served.root))
        print(f"{self.what}, {self.count:,}, {law}: {self.costs[law][-1]:.4f} ms, {self.memories[-1]} MB")

    def _asks(self, heads: Sequence[Mapping[str, str]], law: str, draw: int) -> Asks:
        return Asks(self.addresses, heads, LAWS[law](self.count, draw))


def measure(plan: Plan) -> str:
    with ExitStack() as stack:
        sizes = plan.sizes[0], plan.sizes[-1]
        archives = [_ours(plan.rendered(size), stack) for size in sizes]
        archives += [one for size in sizes if (one := _files(size, stack)) is not None]
        for archive in archives:
            archive.ask_for_all()
        for law in LAWS:  # the worst case last: it empties what the other has gathered
            for _ in range(plan.rounds):
                for archive in archives:
                    archive.measure(law, plan.seconds)
    return _section(plan, archives)


def _ours(site: BenchSite, stack: ExitStack) -> Archive:
    """Nobody and a subscriber in turn."""
    front = stack.enter_context(servers.ours(site))
    heads = lambda: [BR, {**BR, **readers.subscriber(site, front.port)}]  # noqa: E731
    return Archive("the door", front, site.addresses, heads)


def _files(count: int, stack: ExitStack) -> Archive | None:
    """What as many files cost nginx."""
    nginx = stack.enter_context(servers.nginx(FILE, count))
    return (
        Archive("nginx, files", nginx, [servers.copy(n) for n in range(count)], lambda: [AS_IT_IS])
        if nginx
        else None
    )


def _section(plan: Plan, archives: list[Archive]) -> str:
    small, large = archives[:2]
    rows = [_row(archives, at, law) for law in LAWS for at in range(len(archives))]
    head = [
        "",
        "pages",
        "asked for",
        "ms a request: median (lowest to highest)",
        "× of the small one: median (lowest to highest)",
        "memory now",
        "at its peak",
        "all asked once in",
    ]
    peak = max(peak for archive in (small, large) for _, peak in archive.memories)
    ratios = {law: median(_times(large, small, law)) for law in LAWS}
    few, many = f"{small.count:,}", f"{large.count:,}"
    targets = [
        Verdict(f"processor time a request, {many} of {few} articles, Zipf", ratios["Zipf"], GROWTH, " ×"),
        Verdict("the same, uniform (the worst case)", ratios["uniform"], GROWTH, " ×"),
        Verdict("memory of a process at its peak", peak, MEMORY, " MB"),
    ]
    return f"""### From {few} to {many} articles

Every page was rendered, and asked for once, before. Then {plan.rounds} rounds of {plan.seconds:g} seconds for each archive in turn, nobody
and a subscriber with a pass in turn, all articles drawn by Zipf's law (weight 1 by rank) or all alike. What grows is judged
round by round. nginx sends as many files of 25 kB, for comparison. Memory is what is resident of the largest process of the server.

{table(head, rows)}

{verdicts(targets)}"""


def _times(large: Archive, small: Archive, law: str) -> list[float]:
    """Round by round, for the machine's pace changes from one to the next."""
    return [one / other for one, other in zip(large.costs[law], small.costs[law], strict=True)]


def _row(archives: list[Archive], at: int, law: str) -> list[str]:
    archive = archives[at]
    memories = archive.memories[: len(archive.costs[law])] if law == "Zipf" else archive.memories
    return [
        archive.what,
        f"{archive.count:,}",
        law,
        middle(archive.costs[law]),
        middle(_times(archive, archives[at - 1], law), ".2f") if at % 2 else "",
        f"{memories[-1][0]:.0f} MB",
        f"{memories[-1][1]:.0f} MB",
        f"{archive.asked_once:,.0f} s" if law == "Zipf" else "",
    ]
