"""The meter: so many different articles in any period; reading one again is free."""

from datetime import datetime

from backnumber.access.types import Meter, Metered


def measure(meter: Meter, article: int, now: datetime) -> tuple[bool, Metered]:
    """Promise: whether `article` may be read at `now` by the meter, and what the meter then says.

    A read counts from its instant until just before `period` later. One from after `now` counts: a clock that went
    back must not give reads away.
    """
    counted = {read.article: read.at for read in meter.reads if read.at > now - meter.period}
    allowance = max(meter.allowance, 0)
    again = article in counted
    spends = not again and len(counted) < allowance
    left = max(allowance - len(counted) - spends, 0)
    frees_at = min(counted.values()) + meter.period if counted and left == 0 else None
    return again or spends, Metered(allowance, left, spends, frees_at)
