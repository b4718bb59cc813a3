"""Where tests may connect to: nowhere but this machine; where there is nothing to connect for, nowhere at all."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

import pytest

_connect, _connect_ex = socket.socket.connect, socket.socket.connect_ex
_is_off = False


def guard() -> None:
    """From here on, a Python socket of this process that connects elsewhere fails its test, whatever catches errors between."""
    setattr(socket.socket, "connect", _guarded(_connect))  # noqa: B010
    setattr(socket.socket, "connect_ex", _guarded(_connect_ex))  # noqa: B010


@contextmanager
def off() -> Iterator[None]:
    """Within, no address may be connected to."""
    global _is_off
    _is_off = True
    try:
        yield
    finally:
        _is_off = False


def is_allowed(family: int, address: Any) -> bool:
    """Promise: whether a socket of `family` may connect to `address` now."""
    if _is_off:
        return False
    if family not in (socket.AF_INET, socket.AF_INET6):
        return True
    host = str(address[0])
    return host == "localhost" or _is_loopback(host)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name, which somebody else would be asked for
        return False


def _guarded(connect: Any) -> Any:
    def connect_if_allowed(self: socket.socket, address: Any) -> Any:
        if not is_allowed(self.family, address):
            pytest.fail(f"A test connects to {address!r}.")
        return connect(self, address)

    return connect_if_allowed
