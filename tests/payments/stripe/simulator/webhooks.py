"""Telling the shop, signed as Stripe signs, and as badly as the net does: twice, late, in another order, never, forged."""

import json
import random
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable

import stripe

from tests.payments.stripe.simulator.account import Account
from tests.payments.stripe.simulator.objects import Thing

TIMEOUT_SECONDS = 20
Headers = dict[str, str]


class Webhooks:
    """Events wait in `waiting` until they are delivered. `address`: where to."""

    def __init__(self, account: Account, secret: str) -> None:
        self.account, self.secret, self.address = account, secret, ""
        self.waiting: list[Thing] = []
        self.lock = threading.Lock()
        account.heard = self._hear

    def _hear(self, event: Thing) -> None:
        with self.lock:
            self.waiting.append(event)

    def signed(
        self, event: Thing, *, at: float | None = None, secret: str | None = None
    ) -> tuple[Headers, bytes]:
        """Promise: the headers and the body of the request, signed as of `at`."""
        body = json.dumps(event, indent=2)
        stamp = int(self.account.now() if at is None else at)
        header = stripe.WebhookSignature.generate_signature_header(
            body, secret or self.secret, timestamp=stamp
        )
        return {"Stripe-Signature": header, "Content-Type": "application/json"}, body.encode()

    def forged(self, kind: str, thing: Thing) -> tuple[Headers, bytes]:
        """Promise: an event that another than Stripe signed."""
        event = {"id": "evt_forged", "object": "event", "type": kind, "data": {"object": thing}}
        return self.signed(event, secret="whsec_guessed")

    def deliver(
        self,
        *,
        send: Callable[[Headers, bytes], int] | None = None,
        times: int = 1,
        shuffle: random.Random | None = None,
        drop: Callable[[Thing], bool] = lambda event: False,
    ) -> list[int]:
        """Promise: what waits is sent, each `times` times, in another order with `shuffle`, without what is dropped; the answers.
        What is not answered by 2xx waits again, as Stripe tries again.
        """
        with self.lock:
            taken, self.waiting = self.waiting, []
        events = [one for one in taken for _ in range(times) if not drop(one)]
        if shuffle is not None:
            shuffle.shuffle(events)
        return self._send(events, send or self.post)

    def _send(self, events: Iterable[Thing], send: Callable[[Headers, bytes], int]) -> list[int]:
        answers = []
        for event in events:
            answers.append(send(*self.signed(event)))
            with self.lock:
                if not 200 <= answers[-1] < 300 and event not in self.waiting:
                    self.waiting.append(event)
        return answers

    def post(self, headers: Headers, body: bytes) -> int:
        request = urllib.request.Request(self.address, body, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0
