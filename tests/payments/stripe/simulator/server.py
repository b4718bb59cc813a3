"""The simulator on a socket: forms in, JSON out, idempotency keys, faults, and the hosted page."""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.payments.stripe.simulator import api, pages
from tests.payments.stripe.simulator.account import Account
from tests.payments.stripe.simulator.errors import Refusal
from tests.payments.stripe.simulator.webhooks import Webhooks

SILENT_SECONDS = 30.0


class Simulator:
    """`account`: the state and the payer's acts. `webhooks`: what is sent, and how badly. `asked`: the requests, in order."""

    def __init__(self, account: Account, webhooks: Webhooks) -> None:
        self.account, self.webhooks = account, webhooks
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.remembered: dict[str, tuple[str, int, bytes]] = {}
        self.lock = threading.Lock()
        self.silent_seconds = SILENT_SECONDS

    @property
    def base(self) -> str:
        return self.account.base

    def forget_idempotency(self) -> None:
        """As Stripe does after a day."""
        self.remembered.clear()

    def answer(self, method: str, path: str, params: dict[str, Any], headers: Any) -> tuple[int, bytes, bool]:
        """Promise: status, body, whether it is an answer of before."""
        if headers.get("Authorization") != f"Bearer {self.account.key}":
            return *_refused(Refusal(401, "invalid_request_error", "Invalid API Key provided")), False
        if headers.get("Stripe-Version") != self.account.version:
            return *_refused(Refusal(400, "invalid_request_error", "Another API version was agreed.")), False
        self.asked.append((method, path, dict(params)))
        stamp = headers.get("Idempotency-Key") if method == "POST" else None
        said = json.dumps([path, params], sort_keys=True)
        if stamp and stamp in self.remembered:
            before, status, body = self.remembered[stamp]
            if before != said:
                told = f"Keys for idempotent requests can only be used with the same parameters they were first used with. ({stamp})"
                return *_refused(Refusal(400, "idempotency_error", told)), False
            return status, body, True
        try:
            status, body = 200, json.dumps(api.answer(self.account, method, path, params)).encode()
        except Refusal as refusal:
            status, body = _refused(refusal)
        if stamp and status in {200, 402}:  # what was never begun is not remembered
            self.remembered[stamp] = (said, status, body)
        return status, body, False


def _refused(refusal: Refusal) -> tuple[int, bytes]:
    return refusal.status, json.dumps({"error": refusal.error}).encode()


def unflattened(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Promise: `a[b][0]=c` as {"a": {"b": ["c"]}}."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        steps = re.findall(r"[^\[\]]+", name)
        place = found
        for step in steps[:-1]:
            place = place.setdefault(step, {})
        place[steps[-1]] = value
    listed = _listed(found)
    assert isinstance(listed, dict)
    return listed


def _listed(found: Any) -> Any:
    if not isinstance(found, dict):
        return found
    inner = {name: _listed(value) for name, value in found.items()}
    return list(inner.values()) if inner and all(name.isdecimal() for name in inner) else inner


class Handler(BaseHTTPRequestHandler):
    simulator: Simulator
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path.startswith("/pay/"):
            self.send(*pages.shown(self.simulator.account, parts.path.removeprefix("/pay/")))
        else:
            self.api("GET", parts.path, parse_qsl(parts.query, keep_blank_values=True))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        parts, pairs = urlsplit(self.path), parse_qsl(body, keep_blank_values=True)
        if parts.path.startswith("/pay/"):
            self.send(*pages.pressed(self.simulator.account, parts.path.removeprefix("/pay/"), dict(pairs)))
        else:
            self.api("POST", parts.path, pairs)

    do_DELETE = do_GET

    def api(self, method: str, path: str, pairs: list[tuple[str, str]]) -> None:
        fault = self.simulator.account.faults.take(method, path)
        if fault == "cut-before":
            return self.cut()
        if fault in {"500", "429", "409"}:
            kind = {"500": "api_error", "429": "rate_limit_error", "409": "idempotency_error"}[fault]
            status, body = _refused(Refusal(int(fault), kind, "Try again."))
            return self.send(status, body, "application/json")
        if fault == "nonsense":
            return self.send(200, b'{"object": "nothing"}', "application/json")
        with self.simulator.lock:
            status, body, is_again = self.simulator.answer(method, path, unflattened(pairs), self.headers)
        if fault == "cut-after":
            return self.cut()
        if fault == "silent":
            time.sleep(self.simulator.silent_seconds)
            return self.cut()
        return self.send(status, body, "application/json", again=is_again)

    def cut(self) -> None:
        self.close_connection = True
        self.connection.close()

    def send(self, status: int, body: bytes, kind: str, *, again: bool = False) -> None:
        self.send_response(status)
        if status == 303:
            self.send_header("Location", body.decode())
            body = b""
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Request-Id", "req_simulated")
        if again:
            self.send_header("Idempotent-Replayed", "true")
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *args: object) -> None:
        """A line that was cut is no error of ours."""


@contextmanager
def running(
    account: Account | None = None, *, port: int = 0, host: str = "127.0.0.1", secret: str = "whsec_simulated"
) -> Iterator[Simulator]:
    """Promise: the simulator answers at `Simulator.base` as long as the block runs."""
    account = account or Account()
    simulator = Simulator(account, Webhooks(account, secret))
    server = _Server((host, port), type("Bound", (Handler,), {"simulator": simulator}))
    account.base = f"http://{host}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield simulator
    finally:
        server.shutdown()
        server.server_close()
