"""No test connects to another machine, and a test of what is pure to none at all."""

import socket
from pathlib import Path

import pytest

from tests import sockets

ELSEWHERE = [("192.0.2.1", 80), ("example.org", 443), ("2001:db8::1", 80), ("0.0.0.0", 80)]  # noqa: S104


@pytest.mark.parametrize("address", ELSEWHERE)
def test_no_test_connects_to_another_machine(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as one:
        one.settimeout(0.1)
        with pytest.raises(pytest.fail.Exception, match="A test connects to"):
            one.connect(address)
        with pytest.raises(pytest.fail.Exception, match="A test connects to"):
            one.connect_ex(address)


def test_a_test_may_connect_to_this_machine() -> None:
    """The control."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as one:
        one.connect(server.getsockname())
        server.accept()[0].close()


def test_a_test_may_connect_to_a_socket_of_this_machine(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as one:
        server.bind(str(tmp_path / "s"))
        server.listen()
        one.connect(str(tmp_path / "s"))


def test_what_is_pure_connects_to_nothing(tmp_path: Path) -> None:
    with sockets.off(), socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as one:
        assert not sockets.is_allowed(socket.AF_UNIX, str(tmp_path / "s"))
        with pytest.raises(pytest.fail.Exception, match="A test connects to"):
            one.connect(server.getsockname())
    assert sockets.is_allowed(socket.AF_UNIX, str(tmp_path / "s"))
