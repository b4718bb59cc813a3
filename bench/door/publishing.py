"""Part 2: how long readers wait at 32 connections while an editor publishes once a second."""

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from statistics import median
from urllib.parse import urlencode

from door import accounting, load, readers, servers
from door.asking import Connection
from door.load import Asks, Load
from door.plan import Plan
from door.readers import BR
from door.servers import Served
from door.site import BenchSite, Desk
from door.tables import Verdict, table, verdicts
from door.words import MARK, MORE

MOST_READ = 10  # articles, which are published in turn
PAUSE = 20  # milliseconds a connection rests on average: some 1,500 requests a second
Took = list[float]  # seconds of each publication


def measure(plan: Plan) -> str:
    site = plan.rendered(plan.sizes[0])
    rows: list[list[str]] = []
    found: dict[str, Load] = {}
    with servers.ours(site) as front, site.desk() as desk:
        desk.ask("publish", article=_most_read(site)[0], mark="mark-warm")
        for what, pause, publishing in _cases(site, front, desk, plan.while_publishing):
            load.put_once(front.port, _asks(site, front, once=True))
            accounting.settle([front.root])
            with publishing() as took:
                done = load.put(front.port, _asks(site, front), plan.while_publishing, pause=pause)
            found[what] = done
            rows.append(_row(what, done, took))
            print(f"{what}: p99 {done.p99:.2f} ms, {len(took)} published")
    return _section(plan, rows, found)


def _most_read(site: BenchSite) -> list[int]:
    """The keys of the articles that are asked for most."""
    counted: dict[int, int] = {}
    for number in load.zipf(site.count):
        counted[number] = counted.get(number, 0) + 1
    return [site.keys[number] for number in sorted(counted, key=lambda one: -counted[one])[:MOST_READ]]


def _asks(site: BenchSite, front: Served, *, once: bool = False) -> Asks:
    """Nobody and a subscriber in turn."""
    order = range(site.count) if once else load.zipf(site.count)
    return Asks(site.addresses, [BR, {**BR, **readers.subscriber(site, front.port)}], order)


Publishing = Callable[[], AbstractContextManager[Took]]


def _cases(site: BenchSite, front: Served, desk: Desk, seconds: float) -> list[tuple[str, int, Publishing]]:
    articles = _most_read(site)
    forms = [desk.ask("form", article=one) for one in articles]
    elsewhere = lambda: _from_a_desk(desk, articles, seconds)  # noqa: E731
    within = lambda: _through_the_admin(front, site, articles, forms)  # noqa: E731
    return [
        ("nobody publishes", 0, _nobody),
        ("another process publishes", 0, elsewhere),
        ("the server's own admin publishes", 0, within),
        ("nobody publishes, at a pace", PAUSE, _nobody),
        ("another process publishes, at a pace", PAUSE, elsewhere),
        ("the server's own admin publishes, at a pace", PAUSE, within),
    ]


@contextmanager
def _nobody() -> Iterator[Took]:
    yield []


@contextmanager
def _from_a_desk(desk: Desk, articles: list[int], seconds: float) -> Iterator[Took]:
    took: Took = []
    desk.begin("publish_for", articles=articles, seconds=seconds)
    yield took
    took += desk.answer()["took"]


@contextmanager
def _through_the_admin(
    front: Served, site: BenchSite, articles: list[int], forms: list[Mapping[str, str]]
) -> Iterator[Took]:
    """The form that the editor's browser sends, once a second, to the very process that serves the readers."""
    took: Took = []
    over, failed = threading.Event(), []

    def publish() -> None:
        try:
            _send_forms(front, site, list(zip(articles, forms, strict=True)), over, took)
        except (OSError, RuntimeError) as error:
            failed.append(error)

    thread = threading.Thread(target=publish)
    thread.start()
    yield took
    over.set()
    thread.join()
    if failed:
        raise failed[0]


def _send_forms(
    front: Served,
    site: BenchSite,
    pairs: list[tuple[int, Mapping[str, str]]],
    over: threading.Event,
    took: Took,
) -> None:
    token = "".join(random.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=32))
    headers = {
        **readers.cookie(**{site.cast["cookie"]: site.cast["editor_session"], "csrftoken": token}),
        "Content-Type": "application/x-www-form-urlencoded",
        "X-CSRFToken": token,
    }
    connection, began = Connection(front.port), time.monotonic()
    while not over.wait(max(began + len(took) - time.monotonic(), 0)):
        article, fields = pairs[len(took) % len(pairs)]
        marked = _marked(fields, len(took) // len(pairs))
        sent = time.monotonic()
        answer = connection.ask(
            f"/admin/snippets/archive/article/edit/{article}/",
            headers,
            method="POST",
            body=urlencode(marked),
        )
        if answer.status != 302:
            raise RuntimeError(f"the admin did not publish: {answer.status}")
        took.append(time.monotonic() - sent)
    connection.close()


def _marked(fields: Mapping[str, str], before: int) -> dict[str, str]:
    """As the desk marks it: another word, and one more or one less than the time before."""
    words = f"mark-{time.monotonic_ns()}{f' {MORE}' * (before % 2)}"
    return {name: value.replace(MARK, words) for name, value in fields.items()}


def _row(what: str, done: Load, took: Took) -> list[str]:
    return [
        what,
        *(f"{one:.2f}" for one in (done.p50, done.p99, done.worst)),
        f"{done.requests / done.seconds:,.0f}",
        str(done.errors),
        str(len(took)),
        f"{median(took) * 1000:.0f} ms" if took else "–",
    ]


def _section(plan: Plan, rows: list[list[str]], found: dict[str, Load]) -> str:
    targets = [
        Verdict(f"p99 while {what}", done.p99, 10, " ms")
        for what, done in found.items()
        if not what.startswith("nobody")
    ]
    head = [
        "",
        "p50, ms",
        "p99, ms",
        "longest, ms",
        "requests a second",
        "errors",
        "published",
        "a publication took",
    ]
    return f"""### While an editor publishes

{plan.while_publishing:g} seconds each, over {plan.sizes[0]:,} articles, the {MOST_READ} most read of which are published in turn, one a
second: an article is loaded, its first paragraph changed by a word, a revision saved and published, which prints the page anew; that page
and those that show something of the article beside their own are void at that moment at every front. Nobody and a subscriber with a pass
ask in turn, by Zipf's law. The generator, the server, the editor and the database share the machine's cores. First as fast as answers
come, then “at a pace”: each connection rests {PAUSE} ms on average between two requests.

{table(head, rows)}

{verdicts(targets)}"""
