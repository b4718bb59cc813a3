"""Who may be sent an answer that was made for somebody else. One rule for the door, Django and every cache between; closed by default."""

from backnumber.access.types import Decision, Reason

ANYONE = frozenset({Reason.OPEN, Reason.FREE_NOW, Reason.FREE_BY_AGE, Reason.FREE_WHILE_NEW})
_SHUT_FOR_ALL = frozenset({Reason.NO_ACCOUNT, Reason.EMBARGOED, Reason.UNKNOWN_POLICY})


def is_free(decision: Decision) -> bool:
    """Promise: whether the whole text is open to anyone at this moment, whoever they are."""
    return decision.allowed and decision.reason in ANYONE


def may_be_shared(decision: Decision) -> bool:
    """Promise: whether everybody without an account, wherever they are, gets this answer, so that a shared cache may keep it. A reason
    that is not named here is nobody else's: one reader's right, gift, library or meter, and any reason still to be thought of.
    """
    if decision.place is not None:
        return False
    return decision.reason in (ANYONE if decision.allowed else _SHUT_FOR_ALL)
