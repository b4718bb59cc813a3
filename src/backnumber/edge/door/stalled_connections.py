"""The sockets on which this process listens: the server has no time-out for readers who take nothing, the system has."""

import os
import socket
from contextlib import suppress
from pathlib import Path

STALLED_SECONDS = 60
_OPEN_FILES = Path("/proc/self/fd")


def end_stalled_connections(seconds: int = STALLED_SECONDS) -> int:
    """Promise: a connection whose reader takes nothing for so long is ended by the system (TCP_USER_TIMEOUT, man 7 tcp); what is
    accepted has the options of the socket that accepts. The answer is the number of sockets set; 0 where there is no Linux.
    """
    found = 0
    for name in os.listdir(_OPEN_FILES) if _OPEN_FILES.exists() else ():
        with suppress(OSError), socket.socket(fileno=os.dup(int(name))) as one:
            if one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) and one.family != socket.AF_UNIX:
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, seconds * 1_000)
                found += 1
    return found
