"""kill -9 of senders at any moment of a send, over a real mail server: each recipient gets it, and what came twice is known.

The short run is of every test run. The long one: `make weekly-kills` (50 kills, 20,000 recipients).
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from backnumber.archive.models import Article
from backnumber.longread import editions, sending, service
from backnumber.longread.models import Edition, Recipient, Send
from tests import making
from tests.serving import database_url
from tests.sink import Sink
from tests.working import until

KILLS = int(os.environ.get("BACKNUMBER_TEST_KILLS", "2"))
RECIPIENTS = int(os.environ.get("BACKNUMBER_TEST_RECIPIENTS", "2000"))
NOW = making.NOON
SENDER = """
import time
import django
django.setup()
from django.utils import timezone
from backnumber.longread import sending
from backnumber.longread.models import Edition
while Edition.objects.filter(state="sending").exists():
    sending.work(Edition.objects.get(), timezone.now)
    time.sleep(0.1)
"""


@contextmanager
def senders(environment: dict[str, str]) -> Iterator[list["subprocess.Popen[bytes]"]]:
    running = [start(environment), start(environment)]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            process.wait(5)


def start(environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", SENDER], env=environment)


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_moment_nobody_is_missed_and_what_came_twice_is_known(
    gated: Article, sink: Sink, tmp_path: Path
) -> None:
    Recipient.objects.bulk_create(
        (Recipient(email=f"r{n}@example.org", asked_at=NOW, confirmed_at=NOW) for n in range(RECIPIENTS)),
        batch_size=5000,
    )
    edition = editions.freeze(service.pick(gated, date(2026, 11, 16)), NOW)
    editions.move(edition.pk, "start", NOW)
    Send.objects.update(due_at=NOW)
    moments = sorted(random.Random(13).sample(range(RECIPIENTS // 10, RECIPIENTS * 9 // 10), KILLS))
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "BACKNUMBER_SECRET_KEY": settings.SECRET_KEY,
        "BACKNUMBER_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "backnumber.settings",
    }
    with senders(environment) as running:
        for number, moment in enumerate(moments):
            until(lambda: len(sink.envelopes) >= moment, 300)  # noqa: B023
            if number == 0:
                assert not doubled(sink), "the control: two workers, no crash, nothing twice"
            victim = running.pop(0)
            victim.send_signal(signal.SIGKILL)
            victim.wait(5)
            running.append(start(environment))
        until(lambda: Edition.objects.get().state == "finished", 600)
        time.sleep(0.2)
    arrived = {envelope[0] for envelope in sink.envelopes}
    assert len(arrived) == RECIPIENTS, "each at least once"
    in_doubt = set(Send.objects.filter(in_doubt=True).values_list("recipient__email", flat=True))
    twice = doubled(sink)
    assert set(twice) <= in_doubt, "each that came twice is among those that are told"
    assert sum(twice.values()) - len(twice) <= KILLS * sending.BATCH
    assert len(in_doubt) == editions.report(edition).in_doubt <= KILLS * sending.BATCH
    assert Send.objects.filter(state="handed over").count() == RECIPIENTS
    print(f"{KILLS} kills, {RECIPIENTS} recipients: {len(twice)} came twice, {len(in_doubt)} in doubt")


def doubled(sink: Sink) -> dict[str, int]:
    return {a: n for a, n in Counter(e[0] for e in list(sink.envelopes)).items() if n > 1}
