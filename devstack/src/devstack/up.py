"""`masijala up`: runs the stack until it is stopped or a part of it dies."""

import asyncio
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from rich.console import Console

from devstack.banner import print_banner
from devstack.console import ConsoleBuild
from devstack.errors import CommandFailed
from devstack.mailbox import Mailbox
from devstack.requests import serve_rotations
from devstack.settings import DevstackSettings
from devstack.stack import Stack

# SIGHUP: the terminal was closed.
STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def run_stack(settings: DevstackSettings, console: Console) -> None:
    """Return after a clean stop by a signal. Raises StackError or ServerError otherwise."""
    stop_requested = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        # Explicitly, because a shell starts background jobs with SIGINT ignored.
        loop.add_signal_handler(number, stop_requested.set)
    rotation_requested = asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, rotation_requested.set)
    stack = Stack(settings, report=lambda step: _say(console, step))
    stack.build_console = lambda: _build_console(stack)
    work = asyncio.create_task(_start_and_watch(stack, console, rotation_requested))
    stopping = asyncio.create_task(stop_requested.wait())
    try:
        await asyncio.wait((work, stopping), return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
        _say(console, "stopping")
    finally:
        work.cancel()
        stopping.cancel()
        await asyncio.gather(work, stopping, return_exceptions=True)
        await stack.stop()
    _say(console, "stopped")


async def _build_console(stack: Stack) -> Path | None:
    """The API is of use without it: a failure, as without a network, stops nothing."""
    build = ConsoleBuild(stack.log("console"))
    if not build.frontend.exists():
        return None
    try:
        return await build.bring_up_to_date()
    except CommandFailed as error:
        stack.report(str(error))
        return None


def _say(console: Console, step: str) -> None:
    # Ctrl-C also ends what we are piped into, such as tee; stopping goes on without a reader.
    with suppress(OSError):
        console.print(f"· {step}", style="dim", soft_wrap=True, markup=False, highlight=False)


async def _start_and_watch(stack: Stack, console: Console, rotate: asyncio.Event) -> None:
    begun = time.monotonic()
    await stack.start()
    print_banner(stack, time.monotonic() - begun, console)
    mailbox = Mailbox(stack.home.mail, lambda line: _say(console, line))
    tasks = [asyncio.create_task(mailbox.watch())]
    tasks.append(asyncio.create_task(serve_rotations(stack, rotate)))
    try:
        raise await stack.failure()
    finally:
        for task in tasks:
            task.cancel()
