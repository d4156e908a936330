"""Keeps the stack's processes: all of them run, or the stack is over."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Final

from devstack.child import GRACE_SECONDS, Child
from devstack.errors import NotReady
from devstack.programs import Program
from devstack.readiness import until_ready
from devstack.servers.ports import listeners

READY_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 0.05


@dataclass(slots=True)
class Supervisor:
    """Starts programs, notices the first that dies, stops them in the reverse order."""

    logs: Path
    ready_seconds: float = READY_SECONDS
    grace_seconds: float = GRACE_SECONDS
    _children: dict[str, Child] = field(default_factory=dict)
    _watches: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _failures: "asyncio.Queue[Exception]" = field(default_factory=asyncio.Queue)

    async def start(self, programs: Iterable[Program]) -> None:
        """Start all, and return when every one is ready. Raises ChildDied or NotReady."""
        started = [await self._spawn(program) for program in programs]
        await self._unless_one_dies(asyncio.gather(*(self._ready(child) for child in started)))

    async def restart(self, name: str) -> None:
        """Stop the child, start its program again, and return when it is ready."""
        child = self._children[name]
        await self._forget(name)
        await child.stop(self.grace_seconds)
        await self.start([child.program])

    async def replace(self, program: Program) -> None:
        """Give the child of this name a successor, where possible before it is stopped."""
        old = self._children[program.name]
        await self._forget(program.name)
        port = program.shared_port if program.shared_port == old.program.shared_port else None
        if port is None:
            await old.stop(self.grace_seconds)
        await self.start([program])
        if port is not None:
            await self._unless_one_dies(asyncio.gather(self._second_listener(port, program.name)))
            await old.stop(self.grace_seconds)

    async def kill(self, name: str) -> None:
        """End one as a crash would; the stack goes on without it until `restart`."""
        child = self._children[name]
        await self._forget(name)
        await child.kill()

    def pid(self, name: str) -> int:
        """The process ID of a child."""
        return self._children[name].process.pid

    async def failure(self) -> Exception:
        """Wait until a child dies by itself; what to tell the user."""
        return await self._failures.get()

    async def stop(self) -> None:
        """Stop every child, the last started first; idempotent."""
        for name in list(self._watches):
            await self._forget(name)
        while self._children:
            _, child = self._children.popitem()
            await child.stop(self.grace_seconds)

    async def _spawn(self, program: Program) -> Child:
        child = await Child.start(program, self.logs / f"{program.name}.log")
        self._children[program.name] = child
        self._watches[program.name] = asyncio.create_task(self._watch(child))
        return child

    async def _watch(self, child: Child) -> None:
        self._failures.put_nowait(await child.ended())

    async def _forget(self, name: str) -> None:
        watch = self._watches.pop(name, None)
        if watch is not None:
            watch.cancel()
            await asyncio.wait([watch])

    async def _ready(self, child: Child) -> None:
        url = child.program.ready_url
        if url is None or await until_ready(url, self.ready_seconds):
            return
        raise NotReady(
            f"{child.program.name} runs but is not ready after {self.ready_seconds:.0f} s: "
            f"see {child.log}"
        )

    async def _second_listener(self, port: int, name: str) -> None:
        """Wait until two processes listen. Raises NotReady."""
        deadline = monotonic() + self.ready_seconds
        while listeners(port) < 2:  # noqa: PLR2004 - the old and the new one
            if monotonic() > deadline:
                raise NotReady(f"the new process of {name} does not listen on port {port}")
            await asyncio.sleep(LOOK_SECONDS)

    async def _unless_one_dies(self, work: "asyncio.Future[Any]") -> None:
        death = asyncio.create_task(self.failure())
        try:
            await asyncio.wait((work, death), return_when=asyncio.FIRST_COMPLETED)
            if death.done():
                raise death.result()
            work.result()
        finally:
            for task in (work, death):
                task.cancel()
            await asyncio.gather(work, death, return_exceptions=True)
