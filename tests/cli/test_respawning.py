"""A process of the server that is killed is started again, however soon after the last time."""

import http.client
import os
import signal
from pathlib import Path

import pytest

from backnumber.cli import respawning
from tests.serving import Running, serving
from tests.working import until


@pytest.mark.django_db(transaction=True)
def test_three_kills_within_seconds_do_not_end_the_server(tmp_path: Path) -> None:
    with serving(tmp_path) as running:
        for _ in range(3):
            until(lambda: _worker(running) > 0)
            killed = _worker(running)
            os.kill(killed, signal.SIGKILL)
            until(lambda killed=killed: _worker(running) not in {0, killed})  # type: ignore[misc]
        until(lambda: _answers(running.port))
        assert running.process.poll() is None
        assert running.log.count("Respawning worker-1") == 3


def _worker(running: Running) -> int:
    """The process id of its one worker; 0 while there is none."""
    parent = running.process.pid
    living = [pid for pid in running.pids if pid != parent]
    return living[0] if living else 0


def _answers(port: int) -> bool:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asked.request("GET", "/robots.txt", headers={"Host": f"localhost:{port}"})
        return asked.getresponse().status == 200
    except OSError:
        return False
    finally:
        asked.close()


def test_the_pause_before_it_is_started_again_grows_and_is_forgotten_in_calm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1000.0
    monkeypatch.setattr(respawning.time, "monotonic", lambda: now)
    server = object.__new__(respawning.Server)
    assert [server._pause() for _ in range(9)] == [0, 0, 1, 2, 4, 8, 15, 30, 30]
    now += respawning.CALM_AFTER + 1
    assert server._pause() == 0
