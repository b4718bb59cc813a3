"""Where the real input lies, if it is there: in BACKNUMBER_CORPORA, or beside the checkout. Nothing needs it."""

import os
from pathlib import Path

import pytest

FOLDER = Path(
    os.environ.get("BACKNUMBER_CORPORA") or Path(__file__).resolve().parents[2] / "shared" / "corpora"
)


def folder(name: str) -> Path:
    """Promise: the folder of that name; the test that asks is skipped, saying why, when it is absent."""
    found = FOLDER / name
    if not found.is_dir():
        pytest.skip(f"the real input is not there: set BACKNUMBER_CORPORA to a folder that holds {name}/")
    return found
