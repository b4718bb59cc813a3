"""Part 3: what a hundred times the articles cost a request, and the memory of a process."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from door import accounting, load, readers, servers
from door.ground import Ground
from door.load import Asks
from door.plan import Plan
from door.readers import BR
from door.servers import Served
from door.tables import Verdict, middle, table, verdicts

MEMORY = 256  # MB a process
GROWTH = 1.2
WARM_UP = 3
LAWS = {"Zipf": load.zipf, "uniform": load.uniform}


@dataclass(slots=True)
class Archive:
    """An archive of one size and the server that has been asked for each of its pages once."""

    ground: Ground
    served: Served
    costs: dict[str, list[float]] = field(default_factory=lambda: {law: [] for law in LAWS})
    memories: list[tuple[float, float]] = field(default_factory=list)
    asked_once: float = 0.0
    draw: int = 0

    def ask_for_all(self) -> None:
        asks = Asks(self.ground.addresses, [BR], range(self.ground.count))
        done = load.put_once(self.served.port, asks)
        if done.errors:
            raise RuntimeError(f"{done.errors} of {done.requests} pages could not be had")
        self.asked_once = done.seconds

    def measure(self, law: str, seconds: float) -> None:
        """Nobody and a subscriber in turn; from idle to idle."""
        heads = [BR, {**BR, **readers.subscriber(self.ground, self.served.port)}]
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
        print(f"{self.ground.count:,} articles, {law}: {self.costs[law][-1]:.4f} ms, {self.memories[-1]} MB")

    def _asks(self, heads: Sequence[Mapping[str, str]], law: str, draw: int) -> Asks:
        return Asks(self.ground.addresses, heads, LAWS[law](self.ground.count, draw))


def measure(plan: Plan) -> str:
    with ExitStack() as stack:
        archives = []
        for size in (plan.sizes[0], plan.sizes[-1]):
            ground = plan.printed(size)
            archives.append(Archive(ground, stack.enter_context(servers.ours(ground))))
        for archive in archives:
            archive.ask_for_all()
        for law in LAWS:  # the worst case last: it empties what the other has gathered
            for _ in range(plan.rounds):
                for archive in archives:
                    archive.measure(law, plan.seconds)
    return _section(plan, *archives)


def _section(plan: Plan, small: Archive, large: Archive) -> str:
    rows = [_row(archive, law) for law in LAWS for archive in (small, large)]
    head = [
        "articles",
        "asked for",
        "ms a request: median (lowest to highest)",
        "memory now",
        "at its peak",
        "all asked once in",
    ]
    peak = max(peak for archive in (small, large) for _, peak in archive.memories)
    ratios = {law: _times(large.costs[law], small.costs[law]) for law in LAWS}
    few, many = f"{small.ground.count:,}", f"{large.ground.count:,}"
    targets = [
        Verdict(f"processor time a request, {many} of {few} articles, Zipf", ratios["Zipf"], GROWTH, " ×"),
        Verdict("the same, uniform (the worst case)", ratios["uniform"], GROWTH, " ×"),
        Verdict("memory of a process at its peak", peak, MEMORY, " MB"),
    ]
    return f"""### From {few} to {many} articles

Every page was printed, and asked for once, before. Then {plan.rounds} rounds of {plan.seconds:g} seconds for each archive in turn, nobody
and a subscriber with a pass in turn, all articles drawn by Zipf's law (weight 1 by rank) or all alike. What grows is judged
round by round. Memory is what is resident of the largest process of the server.

{table(head, rows)}

{verdicts(targets)}"""


def _times(those: Sequence[float], these: Sequence[float]) -> float:
    """Round by round, for the machine's pace changes from one to the next."""
    return median(one / other for one, other in zip(those, these, strict=True))


def _row(archive: Archive, law: str) -> list[str]:
    memories = archive.memories[: len(archive.costs[law])] if law == "Zipf" else archive.memories
    return [
        f"{archive.ground.count:,}",
        law,
        middle(archive.costs[law]),
        f"{memories[-1][0]:.0f} MB",
        f"{memories[-1][1]:.0f} MB",
        f"{archive.asked_once:,.0f} s" if law == "Zipf" else "",
    ]
