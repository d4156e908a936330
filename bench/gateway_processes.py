"""The processes of the gateway's benchmark: started with a log each, ended together."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from devstack.servers.ports import LOOPBACK, free_port

READY_SECONDS: Final = 20.0


@dataclass(slots=True)
class Processes:
    """Children by name; `start` returns when their port is listened on."""

    directory: Path
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(
        self, name: str, command: Sequence[str], port: int, env: Mapping[str, str] | None = None
    ) -> None:
        """Run a command whose server listens on the port."""
        with (self.directory / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(  # noqa: S603 - programs named in this folder
                command, env={**os.environ, **(env or {})}, stdout=log, stderr=log
            )
        deadline = monotonic() + READY_SECONDS
        while monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex((LOOPBACK, port)) == 0:
                    return
            sleep(0.05)
        raise RuntimeError(f"{name} is not there: {self.log(name)[-2000:]}")

    def log(self, name: str) -> str:
        """What it has written."""
        return (self.directory / f"{name}.log").read_text(errors="replace")

    def cpu_seconds(self, names: Iterable[str]) -> float:
        """The processor time that some have used, themselves and what they started."""
        pids = [self.running[name].pid for name in names]
        for pid in pids:
            lists = Path(f"/proc/{pid}/task").glob("*/children")
            pids += [int(child) for each in lists for child in each.read_text().split()]
        ticks = 0
        for pid in pids:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def stop(self, name: str) -> None:
        """End one."""
        process = self.running.pop(name)
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def stop_all(self) -> None:
        """End all, the last started first."""
        for name in reversed(list(self.running)):
            self.stop(name)


def program(name: str) -> str | None:
    """A program of the PATH or of the interpreter's environment."""
    local = Path(sys.executable).with_name(name)
    return str(local) if local.exists() else shutil.which(name)


def new_port() -> int:
    """A free port."""
    return free_port()
