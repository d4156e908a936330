"""TCP ports of this machine's loopback address."""

import errno
import itertools
import secrets
import socket
from pathlib import Path
from typing import Final

from devstack.servers.errors import PortTaken

LOOPBACK: Final = "127.0.0.1"
# Below the ports that systems give to outgoing connections (from 32768 on Linux): one of those
# could otherwise take a port between the moment it is chosen and the moment it is listened on.
CHOICE: Final = range(20_000, 32_000)

LISTENING: Final = "0A"


def free_ports(count: int) -> list[int]:
    """Different free ports, reserved until this process ends."""
    return list(itertools.islice(filter(_reserve, _choices()), count))


def free_port() -> int:
    """A free port, reserved until this process ends."""
    return free_ports(1)[0]


def free_row(count: int) -> list[int]:
    """Free ports that follow each other, reserved until this process ends."""
    rows = (range(first, first + count) for first in _choices())
    return list(next(row for row in rows if all(map(_reserve, row))))


def _choices() -> list[int]:
    return secrets.SystemRandom().sample(CHOICE, 500)


def _reserve(port: int) -> bool:
    """Whether the port is free, and was not chosen by a process that still runs.

    The UDP port of this number, on which nothing listens, is held to say that it was chosen.
    """
    reservation = socket.socket(type=socket.SOCK_DGRAM)
    try:
        reservation.bind((LOOPBACK, port))
        with socket.socket() as probe:
            probe.bind((LOOPBACK, port))
    except OSError:
        reservation.close()
        return False
    reservation.detach()  # open until this process ends
    return True


def require_free_port(port: int, used_for: str, remedy: str) -> None:
    """Raise PortTaken, naming `remedy`, when a process listens on the port."""
    with socket.socket() as probe:
        # As the servers do, so that a connection in TIME_WAIT does not count as a listener.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            reason = "is in use" if error.errno == errno.EADDRINUSE else "needs more rights"
            raise PortTaken(f"port {port} ({used_for}) {reason}: {remedy}") from None


def listeners(port: int) -> int:
    """How many sockets listen on the port (proc(5): /proc/net/tcp)."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[3] == LISTENING and int(row[1].rpartition(":")[2], 16) == port for row in rows)
