"""What processes have used, by the kernel's own accounting (proc(5)). Linux."""

import os
import time
from collections.abc import Iterable
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def family(root: int) -> list[int]:
    """Promise: the process and all that come from it."""
    children: dict[int, list[int]] = {}
    for pid, facts in _all():
        children.setdefault(int(facts[1]), []).append(pid)
    found, todo = [], [root]
    while todo:
        one = todo.pop()
        found.append(one)
        todo += children.get(one, [])
    return found


def _all() -> Iterable[tuple[int, list[str]]]:
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            facts = _facts(int(entry))
            if facts:
                yield int(entry), facts


def _facts(pid: int) -> list[str]:
    """From the state on: [0] state, [1] parent, [11] to [14] utime, stime, cutime, cstime."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def processor_seconds(root: int) -> float:
    """Promise: user and system time of the process, all that come from it, and those of them that have ended."""
    facts = [_facts(pid) for pid in family(root)]
    return sum(sum(map(int, one[11:15])) for one in facts if one) / TICK


def memory(root: int) -> tuple[float, float]:
    """Promise: resident memory now and at its peak, in MB, of the largest process of the family."""
    return max(_memory_of(pid) for pid in family(root))


def _memory_of(pid: int) -> tuple[float, float]:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0, 0.0
    kilobytes = {
        name: float(rest.split()[0]) for name, _, rest in (li.partition(":") for li in lines) if "kB" in rest
    }
    return kilobytes.get("VmRSS", 0.0) / 1024, kilobytes.get("VmHWM", 0.0) / 1024


def settle(roots: list[int], most: float = 8.0) -> None:
    """Promise: returns when the processes have been idle for half a second: what waited is written down, nothing is queued."""
    until = time.monotonic() + most
    before = sum(map(processor_seconds, roots))
    while time.monotonic() < until:
        time.sleep(0.6)
        after = sum(map(processor_seconds, roots))
        if after - before <= 0.02:
            return
        before = after


def holder_of(port: int, client: int, pids: list[int]) -> int | None:
    """Promise: which of the processes has accepted the connection from our `client` port; None while none has."""
    wanted = f":{port:04X} ", f":{client:04X} "
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        parts = line.split()
        if f"{parts[1]} ".endswith(wanted[0]) and f"{parts[2]} ".endswith(wanted[1]):
            return next((pid for pid in pids if _has(pid, f"socket:[{parts[9]}]")), None)
    return None


def _has(pid: int, link: str) -> bool:
    folder = f"/proc/{pid}/fd"
    for name in os.listdir(folder):
        try:
            if os.readlink(f"{folder}/{name}") == link:
                return True
        except FileNotFoundError:
            continue
    return False
