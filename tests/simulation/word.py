"""Word of payments: what the till hands to its worker, delivered to the address of webhooks with real signatures; each once and in order, or
doubled, late and in any order.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from django.db import connection
from django.utils import timezone

from backnumber.checkout import service
from backnumber.payments import providers, queries
from backnumber.payments.till.provider import secret
from backnumber.payments.till.signature import HEADER, sign

LONGEST_DELAY = 9


@dataclass
class Word:
    """`shuffled`: every event comes twice, some days late, and in any order. `delivered` counts the deliveries."""

    random: Random
    shuffled: bool
    waiting: dict[date, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    delivered: int = 0

    def take_in(self, today: date) -> None:
        """Promise: what the till has handed to its worker since will be delivered on its day."""
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM procrastinate_jobs WHERE task_name LIKE %s RETURNING id, args, scheduled_at",
                ["%.till.tasks.send_webhook"],
            )
            rows = sorted(cursor.fetchall(), key=lambda row: row[0])
        for _, args, scheduled_at in rows:
            args = json.loads(args) if isinstance(args, str) else args
            told = {"id": args["event_id"], "type": args["kind"], "payment": args["payment_key"]}
            wait = (scheduled_at - timezone.now()) if scheduled_at else timedelta(0)
            due = today + timedelta(days=round(wait / timedelta(days=1)))
            body = json.dumps(told).encode()
            if not self.shuffled:
                self.waiting[due].append(body)
                continue
            for _ in range(2):
                late = self.random.choice((0, 0, 1, 2, LONGEST_DELAY))
                self.waiting[due + timedelta(days=late)].append(body)

    def deliver(self, now: datetime) -> None:
        """Promise: what is due is delivered, signed at this moment."""
        bodies = self.waiting.pop(now.date(), [])
        if self.shuffled:
            self.random.shuffle(bodies)
        for body in bodies:
            service.hear("till", {HEADER: sign(body, secret(), now)}, body, now)
            self.delivered += 1


def compare(now: datetime) -> None:
    """The nightly comparison: every payment of ours that changed at the till since the night before is settled."""
    till = providers.provider("till")
    keys = [queries.order_key_of("till", key) for key in till.changed_since(now - timedelta(days=1), now)]
    for order_key in dict.fromkeys(key for key in keys if key):
        service.settle(order_key, now)
