"""Loaded before Django: tests write to a var folder of their own and never read a developer's settings; none connects to another machine."""

import os
from pathlib import Path

from tests import sockets

ROOT = Path(__file__).resolve().parent.parent

os.environ.setdefault("BACKNUMBER_VAR", str(ROOT / "var" / "test"))
# A test's rows need not survive a power cut; a query that would never end is a failure, not a wait.
os.environ.setdefault("PGOPTIONS", "-c synchronous_commit=off -c statement_timeout=90s")
for name in ("DATABASE_URL", "SMTP_URL", "BACKNUMBER_SECRET_KEY", "BACKNUMBER_MODE", "BACKNUMBER_ADDRESS"):
    if f"TEST_{name}" in os.environ:
        os.environ[name] = os.environ[f"TEST_{name}"]
    else:
        os.environ.pop(name, None)

sockets.guard()
