"""`masijala rotate` asks the running `masijala up`, which alone can replace its processes."""

import asyncio
import os
import signal
from collections.abc import Sequence
from typing import Final

from devstack.errors import NotReady, StackError
from devstack.home import Home, read_json, write_json
from devstack.rotation import Report, Rotation, selected
from devstack.stack import Stack
from devstack.stack_site import StackSite

LOOK_SECONDS: Final = 0.2


async def request_rotation(home: Home, names: Sequence[str], report: Report) -> None:
    """Let the running stack replace these secrets, and wait. Raises StackError."""
    selected(names)
    process = read_json(home.running).get("process")
    if not process:
        raise NotReady("no stack runs here: start it with `make run`")
    _require_running(int(process))
    write_json(home.rotation, {"names": list(names), "lines": []})
    os.kill(int(process), signal.SIGUSR1)
    shown = 0
    while True:
        state = read_json(home.rotation)
        if "error" not in state:
            _require_running(int(process))
        for line in state["lines"][shown:]:
            report(line)
        shown = len(state["lines"])
        if "error" in state:
            home.rotation.unlink()
            if state["error"]:
                raise StackError(state["error"])
            return
        await asyncio.sleep(LOOK_SECONDS)


def _require_running(process: int) -> None:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        raise NotReady("the stack has ended; start it with `make run`, then rotate again") from None


async def serve_rotations(stack: Stack, requested: asyncio.Event) -> None:
    """Do what is asked for, until cancelled."""
    while True:
        await requested.wait()
        requested.clear()
        state = read_json(stack.home.rotation)
        if "names" in state and "error" not in state:
            await _rotate(stack, state["names"])


async def _rotate(stack: Stack, names: Sequence[str]) -> None:
    state: dict[str, object] = {"names": names}
    lines: list[str] = []

    def report(line: str) -> None:
        lines.append(line)
        write_json(stack.home.rotation, state | {"lines": lines})

    error = ""
    try:
        await Rotation(StackSite(stack), report).run(names)
    except StackError as failure:
        error = str(failure)
    except Exception as failure:  # noqa: BLE001 - the command that waits must end, whatever fails
        error = type(failure).__name__  # alone: the text of a data server's error may have a secret
    write_json(stack.home.rotation, state | {"lines": lines, "error": error})
