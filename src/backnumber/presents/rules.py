"""What may be done with a gift as it stands. Pure."""

from datetime import date, timedelta
from enum import Enum

from backnumber.presents.models import Present

State = Present.State
FARTHEST = timedelta(days=366)


class Refusal(Enum):
    """Why a code redeems nothing."""

    REDEEMED = "redeemed"
    TAKEN_BACK = "taken-back"
    CANCELLED = "cancelled"


def refusal(state: str) -> Refusal | None:
    """Promise: why a gift that was paid for cannot be redeemed; None when it can. A card may be redeemed before its day."""
    return {
        State.REDEEMED.value: Refusal.REDEEMED,
        State.TAKEN_BACK.value: Refusal.TAKEN_BACK,
        State.CANCELLED.value: Refusal.CANCELLED,
    }.get(str(state))


def may_change(state: str) -> bool:
    """Whether its donor may still say for whom it is, and where it goes."""
    return state in {State.UNPAID.value, State.WAITING.value, State.SENT.value}


def may_be_sent_again(present: Present) -> bool:
    return present.is_mailed and present.state == State.SENT


def day_problem(day: date, today: date) -> str:
    """Promise: a sentence when it cannot arrive on that day; else empty."""
    if day < today:
        return "Choose today or a later day."
    if day > today + FARTHEST:
        return "Choose a day within a year from now."
    return ""
