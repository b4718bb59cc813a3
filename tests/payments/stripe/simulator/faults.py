"""What can go wrong between us and Stripe: each fault waits for a request that it fits."""

import threading
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["500", "429", "409", "cut-before", "cut-after", "silent", "nonsense"]


@dataclass(slots=True)
class Fault:
    """`cut-…`: the line breaks before or after it was done. `silent`: done, and the answer comes too late. `path`: a part of the
    address it waits for; `times`: how often.
    """

    kind: Kind
    path: str = ""
    method: str = ""
    times: int = 1


@dataclass(slots=True)
class Faults:
    waiting: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: Kind, path: str = "", *, method: str = "", times: int = 1) -> None:
        self.waiting.append(Fault(kind, path, method, times))

    def take(self, method: str, path: str) -> Kind | None:
        """Promise: the fault this request meets, used up by one."""
        with self.lock:
            for one in self.waiting:
                if one.times > 0 and one.path in path and one.method in {"", method}:
                    one.times -= 1
                    return one.kind
        return None
