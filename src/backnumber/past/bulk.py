"""Reads many articles: what was never read, what has changed, and all of them after a change of the rules; on one core or on all."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from backnumber.edge.render.workers import Workers
from backnumber.past import queries, service
from backnumber.past.models import Finding
from backnumber.past.reading import rules_in_force
from backnumber.past.service import Read

AT_ONCE = 20
A_MINUTES_WORK = 1_000
EXAMPLES = 20
Progress = Callable[[int], None]


@dataclass(slots=True)
class Outcome:
    """What came of it. `found` and `lost` count findings by kind; `examples` are a few of both, as lines."""

    articles: int = 0
    found: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        self.articles += other.articles
        self.found += other.found
        self.lost += other.lost
        self.examples += other.examples[: EXAMPLES - len(self.examples)]


def follow() -> int:
    """Promise: up to a thousand articles that are out of date are read; how many were looked at. The next minute goes on."""
    done = 0
    for keys in _batches(rules_in_force(), after=0):
        service.read_articles(keys)
        done += len(keys)
        if done >= A_MINUTES_WORK:
            break
    if not done:
        service.entries_without_articles()
    return done


def read_again(workers: int, progress: Progress, *, everything: bool, only_report: bool) -> Outcome:
    """Promise: what is out of date is read, or every article with `everything`; with `only_report` nothing is written. Stopped and
    called again without `everything`, it goes on where it stopped: what is read is no longer out of date.

    Errors: workers.WorkerLost.
    """
    batches = _batches("" if everything else rules_in_force(), after=0)
    orders = ((keys, only_report) for keys in batches)
    done = Outcome()
    for one in _outcomes(orders, workers):
        done.add(one)
        progress(done.articles)
    return done


Order = tuple[list[int], bool]


def _outcomes(orders: Iterator[Order], workers: int) -> Iterator[Outcome]:
    if workers < 2:
        yield from map(_done, orders)
        return
    with Workers(workers, "backnumber.past.bulk:work") as processes:
        yield from processes.share_out(orders)


def work(orders: Connection) -> None:
    """Promise: reads what is ordered until there is nobody to order."""
    while True:
        orders.send(_done(orders.recv()))


def _done(order: Order) -> Outcome:
    keys, only_report = order
    before = _findings(keys)
    read = service.look_at(keys) if only_report else None
    if read is None:
        service.read_articles(keys)
        return _compared(keys, before, _findings(keys))
    return _compared(keys, before, {row for one in read for row in _as_rows(one)})


Row = tuple[int, int, int, int, str, str, str]


def _findings(keys: Sequence[int]) -> set[Row]:
    fields = ("article", "position", "start", "end", "kind", "key", "text")
    return set(Finding.objects.filter(article__in=keys).values_list(*fields))


def _as_rows(read: Read) -> Iterator[Row]:
    for one in read.found:
        yield (read.article.pk, one.position, one.start, one.end, one.kind, one.key, one.text)


def _compared(keys: Sequence[int], before: set[Row], after: set[Row]) -> Outcome:
    found, lost = after - before, before - after
    marked = sorted([(row, "+") for row in found] + [(row, "-") for row in lost])
    examples = [f"{sign} article {row[0]}: “{row[6]}” {row[4]} {row[5]}" for row, sign in marked]
    return Outcome(
        len(keys),
        Counter(row[4] for row in found),
        Counter(row[4] for row in lost),
        examples[:EXAMPLES],
    )


def _batches(rules: str, after: int) -> Iterator[list[int]]:
    """Promise: the keys of what is out of date, in their order; each once, whatever becomes of it meanwhile. No rules: of every article."""
    while keys := queries.unread(rules, after, AT_ONCE):
        yield keys
        after = keys[-1]
