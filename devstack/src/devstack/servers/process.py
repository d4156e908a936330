"""One server as a child process: started to die with us, watched, and stopped for certain."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from devstack.servers import launch
from devstack.servers.errors import DataDirectoryBusy, ServerError

POLL_SECONDS: Final = 0.02
LOG_LIMIT_BYTES: Final = 5_000_000
REAP_SECONDS: Final = 10
# Signals to send in turn, each with the seconds that it is given.
Escalation = tuple[tuple[signal.Signals, float], ...]


@dataclass(frozen=True, slots=True)
class Account:
    """The account a server runs under, and the one capability it keeps of root's, if any."""

    uid: int
    gid: int
    capability: int | None = None


def launch_command(
    command: Sequence[str],
    directory: Path,
    death_signal: signal.Signals,
    account: Account | None = None,
) -> list[str]:
    """The command line that runs `command` so that it dies with this process."""
    absent = launch.ABSENT
    who = [absent, absent, absent]
    if account is not None:
        capability = absent if account.capability is None else str(account.capability)
        who = [str(account.uid), str(account.gid), capability]
    # -I and -S: nothing of the project is imported, which saves most of the start-up time.
    interpreter = [sys.executable, "-I", "-S", str(Path(launch.__file__))]
    parent = [str(os.getpid()), str(int(death_signal))]
    return [*interpreter, *parent, *who, str(directory), *command]


@dataclass(slots=True)
class ServerProcess:
    """A child with its log file.

    The kernel ties the child to the *thread* that started it (prctl(2), PR_SET_PDEATHSIG), so
    `start` belongs on a thread that lives as long as the server, normally the main one.
    """

    name: str
    directory: Path
    log: Path
    death_signal: signal.Signals
    environment: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    busy_seconds: float = 10.0
    _child: subprocess.Popen[bytes] | None = None
    _log_start: int = 0

    def start(self, command: Sequence[str]) -> None:
        """Start the program; its standard output and error are appended to the log.

        An earlier one on the same directory, perhaps left by a killed parent and about to end, is
        waited for. Raises DataDirectoryBusy when it stays.
        """
        self._rotate()
        launcher = launch_command(command, self.directory, self.death_signal, self.account)
        with self.log.open("ab") as output, self._locked() as lock:
            self._log_start = output.tell()
            self._child = subprocess.Popen(  # noqa: S603 - our own programs from our own wheels
                launcher,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                # The server and its own children inherit the lock and free it by ending.
                pass_fds=[lock.fileno()],
                # Its own session: Ctrl-C at the terminal reaches us alone, and we stop our
                # servers in the right order.
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process ID; the launcher becomes the server, so it is the server's."""
        if self._child is None:
            raise ServerError(f"{self.name} is not running: start it first")
        return self._child.pid

    @property
    def running(self) -> bool:
        """Whether the process exists; collects its exit status when it does not."""
        return self._child is not None and self._child.poll() is None

    def output(self) -> str:
        """What the present run has written to the log."""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")

    def send(self, number: signal.Signals) -> None:
        """Send a signal, if the process still exists."""
        if self.running:
            os.kill(self.pid, number)

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> bool:
        """Poll until `ready` (True), or the process has ended or the time is up (False)."""
        deadline = time.monotonic() + seconds
        while self.running and time.monotonic() < deadline:
            if ready():
                return True
            time.sleep(POLL_SECONDS)
        return False

    def stop(self, *escalation: tuple[signal.Signals, float]) -> None:
        """Send each signal in turn, with the seconds it is given, then SIGKILL; idempotent."""
        child, self._child = self._child, None
        if child is None:
            return
        for number, seconds in (*escalation, (signal.SIGKILL, REAP_SECONDS)):
            if child.poll() is not None:
                return
            child.send_signal(number)
            # A stopped process takes the signal only once it goes on.
            child.send_signal(signal.SIGCONT)
            try:
                child.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
            return

    @contextmanager
    def _locked(self) -> Iterator[BinaryIO]:
        deadline = time.monotonic() + self.busy_seconds
        with (self.directory / "lock").open("ab") as lock:
            while not _try_lock(lock):
                if time.monotonic() >= deadline:
                    raise DataDirectoryBusy(
                        f"another {self.name} already runs on {self.directory}: stop it first"
                    )
                time.sleep(POLL_SECONDS)
            yield lock

    def _rotate(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(self.log.suffix + ".1"))


def _try_lock(lock: BinaryIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
