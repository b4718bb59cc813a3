"""A server whose processes are started again whenever one ends, however often. It must not know Django.

Granian itself gives up when a process ends twice within five seconds: two kills for want of memory would end the whole site.
"""

import time
from typing import Any

from granian import Granian

PAUSES = (
    0.0,
    0.0,
    1.0,
    2.0,
    4.0,
    8.0,
    15.0,
    30.0,
)  # seconds before one is started again, the last again and again
CALM_AFTER = 60.0  # seconds in which none has ended; then the first pause is due again


class Server(Granian):  # type: ignore[valid-type, misc]  # which class that is depends on the build of Python
    """Tested against Granian as it is locked: `_respawn_workers` and `respawned_wrks` are its own affair."""

    _ends: int = 0
    _ended_at: float = float("-inf")

    def _respawn_workers(self, workers: list[int], *args: Any, **kwargs: Any) -> None:
        """Promise: they are started again after a pause that grows while they keep ending; not once the server is told to stop."""
        self.main_loop_interrupt.wait(self._pause())  # another that ends, or a signal, cuts it short
        if self.interrupt_signal:
            return
        super()._respawn_workers(workers, *args, **kwargs)
        self.respawned_wrks.clear()  # by which it would find a loop of crashes, and end
        self._look_for_silent_ends()

    def _pause(self) -> float:
        now = time.monotonic()
        self._ends = 0 if now - self._ended_at > CALM_AFTER else self._ends
        self._ends, self._ended_at = self._ends + 1, now
        return PAUSES[min(self._ends, len(PAUSES)) - 1]

    def _look_for_silent_ends(self) -> None:
        """One that ended in the moment in which Granian takes note of another is known to nobody."""
        for worker in self.wrks:
            if not worker.is_alive() and worker.idx not in self.interrupt_children:
                self.interrupt_children.append(worker.idx)
                self.main_loop_interrupt.set()
