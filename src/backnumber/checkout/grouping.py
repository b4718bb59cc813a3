"""Groups and how they are paid: the subscription behind one, and how both go over to another owner."""

from datetime import datetime

from django.db import transaction

from backnumber.checkout.clock import hold
from backnumber.groups import service as groups
from backnumber.groups.models import Group
from backnumber.groups.queries import group_by_heir
from backnumber.groups.service import NoSeat
from backnumber.readers.models import Reader
from backnumber.renewals.models import Subscription
from backnumber.renewals.queries import living

State = Subscription.State


def subscription_behind(group: Group) -> Subscription | None:
    """Promise: the subscription that pays for the group, the latest if there were several; None for a fixed term. One query."""
    rows = Subscription.objects.filter(orders__group=group).select_related("product", "next_product")
    return rows.order_by("-began_at", "-pk").first()


@transaction.atomic
def pass_on(token: str, heir: Reader, now: datetime) -> Group:
    """Promise: the group, and the subscription that pays for it, are the heir's; the card of who owned it is not charged any more. Seats stay as they are.
    Errors: NoSeat.
    """
    found = group_by_heir(token)
    behind = subscription_behind(found) if found else None
    held = hold(behind.key) if behind is not None and not behind.has_ended else None
    if found is not None and held is not None and held.reader_id != heir.pk and living(heir, held.product):
        raise NoSeat("You have a subscription of this kind already, and can have one only.")
    group, before = groups.pass_on(token, heir)
    if held is None or (before is not None and before.pk == heir.pk):
        return group
    held.reader = heir
    held.mandate_key = held.mandate_label = held.card_asked = ""
    held.mandate_expires = None
    if held.state in {State.ACTIVE, State.PAUSED}:
        held.state, held.paused_until, held.acts_at = State.ENDING, None, max(now, held.paid_until)
    held.save()
    return group
