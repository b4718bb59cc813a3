"""A server ends when it is told to, also while it is only beginning."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from backnumber.cli.serving import STOPS_WITHIN
from tests.sink import free_port


@pytest.mark.parametrize("after", [0.3, 0.8])
def test_told_to_stop_while_it_begins_it_ends_in_its_time(tmp_path: Path, after: float) -> None:
    environment = {
        **os.environ,
        "BACKNUMBER_VAR": str(tmp_path),
        "DATABASE_URL": "postgresql://127.0.0.1:9/no",
    }
    command = [sys.executable, "-m", "backnumber", "serve", "--port", str(free_port())]
    server = subprocess.Popen(
        command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        time.sleep(after)
        server.send_signal(signal.SIGTERM)
        ended = server.wait(STOPS_WITHIN + 20)  # and what a busy machine takes
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
    assert ended in {0, -signal.SIGTERM}, "it was neither killed nor did it break"
