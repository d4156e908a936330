"""What the local data servers have in common: a folder, a port, a password and a child process."""

import os
import signal
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Final, Self

from devstack.servers.errors import PortTaken, ServerError
from devstack.servers.ports import free_port, require_free_port
from devstack.servers.process import Account, Escalation, ServerProcess
from devstack.servers.secret_files import read_or_create_secret

PORT_ATTEMPTS: Final = 5
# Messages in English, so that they can be recognised; nothing else of ours concerns it.
ENVIRONMENT: Final = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


@dataclass(slots=True)
class EmbeddedServer(ABC):
    """A server on 127.0.0.1 whose files are all below `data_dir`.

    With `port=0` a free port is taken at the first start and kept. `durable=False` trades safety
    of the data for speed, for tests. Start it from the main thread.
    """

    data_dir: Path
    port: int = 0
    durable: bool = True
    busy_seconds: float = 10.0
    password: str = field(default="", repr=False)
    account: Account | None = field(default=None, init=False)
    _process: ServerProcess | None = field(default=None, init=False)

    name: ClassVar[str]
    ready_seconds: ClassVar[float]
    # What the kernel sends it when this process is killed, by `durable`.
    death_signals: ClassVar[Mapping[bool, signal.Signals]]
    # Signals with the seconds that each is given; SIGKILL follows.
    stop_signals: ClassVar[Escalation]
    kill_signals: ClassVar[Escalation]

    @property
    @abstractmethod
    def url(self) -> str:
        """The administrator's URL, with the password."""

    @property
    def log(self) -> Path:
        """The server's own log."""
        return self.data_dir / "server.log"

    @property
    def running(self) -> bool:
        """Whether the server's process exists."""
        return self._process is not None and self._process.running

    @property
    def pid(self) -> int:
        """The server's process ID."""
        if self._process is None:
            raise ServerError(f"{self.name} is not running: start it first")
        return self._process.pid

    def start(self) -> None:
        """Make the data directory when it is missing, start, and return once it answers."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self._prepare()
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
        raise PortTaken(f"found no free port for {self.name}: close some programs and try again")

    def stop(self) -> None:
        """Write everything out and end; idempotent."""
        if self._process is not None:
            self._process.stop(*self.stop_signals)

    def kill(self) -> None:
        """End it as a crash would."""
        if self._process is not None:
            self._process.stop(*self.kill_signals)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        require_free_port(self.port, self.name, "stop what uses it, or choose another port")
        process = ServerProcess(
            name=self.name,
            directory=self.data_dir,
            log=self.log,
            death_signal=self.death_signals[self.durable],
            environment=ENVIRONMENT,
            account=self.account,
            busy_seconds=self.busy_seconds,
        )
        process.start(self._command())
        self._process = process
        if not process.wait_until(self._answers, self.ready_seconds):
            output = process.output()
            process.stop(*self.kill_signals)
            raise self._failure(output)

    def _prepare(self) -> None:  # noqa: B027 - a server may need no preparation
        """Check or make the data, before each start."""

    @abstractmethod
    def _command(self) -> list[str]: ...

    @abstractmethod
    def _answers(self) -> bool: ...

    @abstractmethod
    def _failure(self, output: str) -> ServerError:
        """Why it did not start, by what it has logged."""
