"""What is tested here is pure: it connects to nothing."""

import pytest


@pytest.fixture(autouse=True, scope="module")
def pure(no_sockets: None) -> None:
    """Every test of this folder."""
