"""Runs a service's command to its end, such as its migrations."""

import asyncio
import signal
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path
from typing import Final

from devstack.child import last_words
from devstack.errors import CommandFailed
from devstack.programs import Program
from devstack.servers.process import launch_command

COMMAND_SECONDS: Final = 180.0


async def run_command(program: Program, log: Path) -> str:
    """Run it, standard error into the log; return its standard output. Raises CommandFailed."""
    command = launch_command(program.command, Path.cwd(), signal.SIGKILL)
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=errors,
            env=dict(program.environment),
            start_new_session=True,
        )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), COMMAND_SECONDS)
    except TimeoutError:
        raise CommandFailed(
            f"{program.name} took over {COMMAND_SECONDS:.0f} s and was stopped: see {log}"
        ) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    text = output.decode(errors="replace")
    with log.open("a") as log_file:
        log_file.write(text)
    if process.returncode != 0:
        raise CommandFailed(
            f'{program.name} failed (exit code {process.returncode}, "{last_words(log)}"): '
            f"see {log}"
        )
    return text
