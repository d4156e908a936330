"""One process of the stack: started with its log, watched, stopped with all it started."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, STDOUT, Process
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from devstack.errors import ChildDied
from devstack.programs import Program
from devstack.servers.process import launch_command

GRACE_SECONDS: Final = 15.0
LOG_LIMIT_BYTES: Final = 20_000_000
LAST_WORDS_BYTES: Final = 2_000
LAST_WORDS_CHARACTERS: Final = 200


@dataclass(slots=True)
class Child:
    """A running program. Start it from the main thread, for the reason of `ServerProcess`."""

    program: Program
    log: Path
    process: Process
    cleared: bool = False

    @classmethod
    async def start(cls, program: Program, log: Path) -> "Child":
        """Start the program, its output appended to the log."""
        rotate(log)
        command = launch_command(program.command, Path.cwd(), signal.SIGKILL)
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=DEVNULL,
                stdout=output,
                stderr=STDOUT,
                env=dict(program.environment),
                start_new_session=True,
            )
        return cls(program, log, process)

    @property
    def running(self) -> bool:
        """Whether the process exists."""
        return self.process.returncode is None

    async def ended(self) -> ChildDied:
        """Wait for the end, and say what to tell the user about it."""
        code = await self.process.wait()
        ending = f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"
        words = last_words(self.log)
        output = f', its last output "{words}"' if words else ""
        return ChildDied(f"{self.program.name} died ({ending}{output}): see {self.log}")

    async def stop(self, grace_seconds: float) -> None:
        """SIGTERM, and SIGKILL to its whole session after the grace; idempotent."""
        if self.running:
            self.process.terminate()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.process.wait(), grace_seconds)
        await self.kill()

    async def kill(self) -> None:
        """SIGKILL to it and to every process it has started."""
        if self.cleared:
            return  # the number may be another process's by now
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.cleared = True
        await self.process.wait()


def rotate(log: Path) -> None:
    """Set a long log aside; one older part is kept."""
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".log.1"))


def last_words(log: Path) -> str:
    """The last line in a log, shortened."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - LAST_WORDS_BYTES))
        lines = file.read().decode(errors="replace").split("\n")
    spoken = [line.strip() for line in lines if line.strip()]
    return spoken[-1][:LAST_WORDS_CHARACTERS] if spoken else ""
