"""Part 4: how soon what is published, or taken back, is so at every door; how soon a server that starts gives its first page."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from door import accounting, imports, readers, servers
from door.asking import Answer, Connection, wait_for
from door.plan import Plan
from door.readers import AS_IT_IS
from door.servers import Served
from door.site import VAR, BenchSite, Desk
from door.tables import Verdict, table, verdicts

POLLED_EVERY = 0.003  # seconds
LONGEST = 20.0  # seconds a change is waited for
CANARY = b'id="gate"'
IsNew = Callable[[Answer], bool]


@dataclass(slots=True)
class Watch:
    """A process, by a connection that is known to be its own, and how long each change took to be seen there, in seconds."""

    name: str
    connection: Connection
    published: list[float] = field(default_factory=list)
    revoked: list[float] = field(default_factory=list)
    went_back: int = 0

    def until(
        self, address: str, headers: Mapping[str, str], is_new: IsNew, found: "dict[str, float]"
    ) -> None:
        """Puts down when the first new answer had come; then a few more, for none may be an old one again."""
        until = time.monotonic() + LONGEST
        while time.monotonic() < until:
            if is_new(self.connection.ask(address, headers)):
                found[self.name] = time.monotonic()
                break
            time.sleep(POLLED_EVERY)
        self.went_back += sum(not is_new(self.connection.ask(address, headers)) for _ in range(5))


def measure(plan: Plan) -> str:
    site = plan.rendered(plan.sizes[0])
    with (
        servers.ours(site, workers=2) as two,
        servers.ours(site) as one,
        site.desk() as desk,
    ):
        watches = [*_watches(two, 2), *_watches(one, 1)]
        for number in range(plan.publishes):
            _publish(site, desk, watches, number)
            _revoke(site, desk, watches, one)
        for watch in watches:
            watch.connection.close()
    starts = [_start(site, site.addresses[number]) for number in range(plan.starts)]
    return _section(watches, starts, imports.profile(site))


def _watches(served: Served, workers: int) -> list[Watch]:
    """One for each process that answers: which one it is, the kernel says."""
    found: dict[int, Connection] = {}
    for _ in range(400):
        connection = Connection(served.port)
        client = connection.open()
        connection.ask("/", {})
        holder = accounting.holder_of(served.port, client, accounting.family(served.root))
        if holder is None or holder in found:
            connection.close()
        else:
            found[holder] = connection
        if len(found) == workers:
            break
    else:
        raise RuntimeError(f"{len(found)} of {workers} processes could be reached")
    return [Watch(f"port {served.port}, process {pid}", connection) for pid, connection in found.items()]


@contextmanager
def _watched(
    watches: list[Watch], address: str, headers: Mapping[str, str], is_new: IsNew
) -> Iterator[dict[str, float]]:
    """While the block makes the change, each front is asked over and over; gives when each first had it."""
    found: dict[str, float] = {}
    threads = [
        threading.Thread(target=watch.until, args=(address, headers, is_new, found)) for watch in watches
    ]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    yield found
    for thread in threads:
        thread.join()
    if len(found) < len(watches):
        raise RuntimeError(f"after {LONGEST:g} seconds some front had not heard of it")


def _publish(site: BenchSite, desk: Desk, watches: list[Watch], number: int) -> None:
    at = number % site.count
    mark = f"mark-{time.monotonic_ns()}"
    for watch in watches:
        readers.expect(watch.connection.ask(site.addresses[at], AS_IT_IS))
    with _watched(
        watches, site.addresses[at], AS_IT_IS, lambda answer: mark.encode() in answer.body
    ) as found:
        committed = desk.ask("publish", article=site.keys[at], mark=mark)["committed"]
    for watch in watches:
        watch.published.append(found[watch.name] - committed)


def _revoke(site: BenchSite, desk: Desk, watches: list[Watch], one: Served) -> None:
    """The subscriber's only right is taken back while each front still gives her the whole text; then she has a new one."""
    held = {**AS_IT_IS, **readers.subscriber(site, one.port)}
    address = site.addresses[0]
    for watch in watches:
        _whole(watch, address, held)
    with _watched(watches, address, held, lambda answer: CANARY in answer.body) as found:
        committed = desk.ask("revoke", evidence=site.cast["evidence"])["committed"]
    for watch in watches:
        watch.revoked.append(found[watch.name] - committed)
    site.cast["evidence"] = desk.ask("grant", reader=site.cast["subscriber"])["evidence"]


def _whole(watch: Watch, address: str, held: Mapping[str, str]) -> None:
    answer = readers.expect(watch.connection.ask(address, held))
    if CANARY in answer.body:
        raise RuntimeError(f"{watch.name} shows the subscriber a gate")


def _start(site: BenchSite, address: str) -> tuple[float, float]:
    """Seconds from the start of the command to the first page, whole at the reader, and of them the processor's."""
    port = servers.free_port()
    with (VAR / "start.log").open("ab") as log:
        began = time.monotonic()
        process = subprocess.Popen(servers.serve_command(port), env=site.environment, stdout=log, stderr=log)
        try:
            readers.expect(wait_for(port, address, AS_IT_IS))
            return time.monotonic() - began, accounting.processor_seconds(process.pid)
        finally:
            servers.stop(process)


def _section(watches: list[Watch], starts: list[tuple[float, float]], profile: str) -> str:
    until, used = zip(*starts, strict=True)
    rows = [
        [f"{what}, {watch.name}", *_three(seconds), str(len(seconds))]
        for what in ("published", "revoked")
        for watch in watches
        for seconds in [watch.published if what == "published" else watch.revoked]
    ]
    rows.append(["cold start to first page", *_three(until), str(len(starts))])
    rows.append(["the same, processor time of all its processes", *_three(used), str(len(starts))])
    targets = [
        Verdict(
            "published to visible at every front, longest", max(max(w.published) for w in watches), 1, " s"
        ),
        Verdict("revoked to shut at every front, longest", max(max(w.revoked) for w in watches), 1, " s"),
        Verdict("cold start to first page, longest", max(until), 2, " s"),
    ]
    return f"""### Publish to visible, and cold start

{len(watches)} doors over one database: one server with two processes, another with one. Each is asked for the same page every
{POLLED_EVERY * 1000:g} ms over a connection of its own, from before the change on; what counts is the time from the commit to the whole of
the first new answer. “Revoked”: a subscriber who reads the whole text by session and pass loses her only right, and has the gate
instead. Answers that were old again after a new one: {sum(watch.went_back for watch in watches)}.
Cold start: from the start of `backnumber serve` to the whole of an article's page, which is in the store; the database is up.

{table(["", "median, s", "longest, s", "shortest, s", "times"], rows)}

{verdicts(targets)}

{profile}"""


def _three(seconds: Sequence[float]) -> list[str]:
    return [f"{median(seconds):.3f}", f"{max(seconds):.3f}", f"{min(seconds):.3f}"]
