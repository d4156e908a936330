"""TCP ports of this machine's loopback address."""

import errno
import socket
from typing import Final

from common.servers.errors import PortTaken

LOOPBACK: Final = "127.0.0.1"


def free_port() -> int:
    """A port that nobody listens on now; somebody may before it is used, so callers try again."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def require_free_port(port: int, used_for: str, remedy: str) -> None:
    """Raise PortTaken, naming `remedy`, when somebody listens on the port."""
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
