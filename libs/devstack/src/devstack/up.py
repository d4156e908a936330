"""`masijala up`: runs the stack until it is told to stop or a part of it dies."""

import asyncio
import signal
import time
from typing import Final

from rich.console import Console

from devstack.banner import print_banner
from devstack.settings import DevstackSettings
from devstack.stack import Stack

# SIGHUP: the terminal was closed.
STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def run_stack(settings: DevstackSettings, console: Console) -> None:
    """Return after a clean stop by a signal. Raises StackError or ServerError otherwise."""
    told_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        # Explicitly, because a shell starts background jobs with SIGINT ignored.
        loop.add_signal_handler(number, told_to_stop.set)
    stack = Stack(settings, report=lambda step: console.print(f"· {step}", style="dim"))
    work = asyncio.create_task(_start_and_watch(stack, console))
    stopping = asyncio.create_task(told_to_stop.wait())
    try:
        await asyncio.wait((work, stopping), return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
        console.print("· stopping", style="dim")
    finally:
        work.cancel()
        stopping.cancel()
        await asyncio.gather(work, stopping, return_exceptions=True)
        await stack.stop()
    console.print("· stopped", style="dim")


async def _start_and_watch(stack: Stack, console: Console) -> None:
    begun = time.monotonic()
    await stack.start()
    print_banner(stack, time.monotonic() - begun, console)
    raise await stack.failure()
