"""The mark of an article that anyone may read now, as lists, feeds and the front page show it. Pure."""

from backnumber.access import Decision, Reason
from backnumber.edge.page.slots import is_of_a_day


def mark(decision: Decision) -> str:
    """Promise: "Free this week", "Free today", "Free while new", "Open to all", or nothing."""
    match decision.reason:
        case Reason.OPEN | Reason.FREE_BY_AGE:
            return "Open to all"
        case Reason.FREE_WHILE_NEW:
            return "Free while new"
        case Reason.FREE_NOW:
            return "Free today" if decision.window and is_of_a_day(decision.window) else "Free this week"
    return ""
