"""What money means for a gift that was bought. Everything here runs within `service.settle`, under the locks of the donor's order."""

from datetime import datetime

from backnumber.checkout import present_mails
from backnumber.presents import codes
from backnumber.presents.models import Present
from backnumber.presents.queries import present_for_update

State = Present.State


def was_paid(order_key: str, now: datetime) -> None:
    """Promise: the gift has a code. One that is mailed waits for its day; a card is its donor's to print."""
    present = present_for_update(order_key=order_key)
    if present.state != State.UNPAID:
        return
    codes.renew(present)
    present.state = State.WAITING
    if not present.is_mailed:
        present.state, present.sent_at = State.SENT, now
    present.save()


def was_taken_back(order_key: str, because: str, now: datetime) -> bool:
    """Promise: the gift can no longer be redeemed; whether it could, or was. Asked again, nothing changes."""
    present = present_for_update(order_key=order_key)
    if present.state in {State.TAKEN_BACK, State.CANCELLED}:
        return False
    present.state, present.ended_at, present.ended_because = State.TAKEN_BACK, now, because[:200]
    present.save()
    return True


def came_back(order_key: str) -> bool:
    """Promise: a gift whose money is here again is as it was before; whether it is. What staff cancelled stays so."""
    present = present_for_update(order_key=order_key)
    if present.state != State.TAKEN_BACK:
        return False
    present.state = (
        State.REDEEMED if present.redeemed_at else State.SENT if present.sent_at else State.WAITING
    )
    present.ended_at, present.ended_because = None, ""
    present.save()
    return True


def tell_donor_of_refusal(present: Present, now: datetime) -> None:
    """Promise: the donor has one mail that says that the gift's mail was refused. The caller holds the gift."""
    present.bounced_at = now
    present.save(update_fields=["bounced_at"])
    present_mails.refused(present)
