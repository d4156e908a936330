"""The progress of an import as server-sent events (WHATWG HTML, 9.2)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from common.composition import Units
from common.errors import DomainError
from common.identity import Principal
from core_service.documents.streams import OpenStreams
from core_service.returns.models import BatchState
from core_service.returns.schemas import BatchRead
from core_service.returns.service import ImportService
from core_service.returns.visible_batch import VisibleBatch
from core_service.users.directory import UserDirectory
from core_service.users.grants import GrantDirectory

ENDED: Final = (
    BatchState.VALIDATED,
    BatchState.APPLIED,
    BatchState.PARTIAL,
    BatchState.FAILED,
    BatchState.REVERTED,
)
# A client comes back by itself, with a token that is valid then and the last event's ID.
RETRY: Final = "retry: 1000\n\n"
HEARTBEAT: Final = ": still here\n\n"


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a stream looks, says that it is there, asks for grants; and how long it lives.

    A token lives for minutes, and core does not see it: no stream outlives its check by more.
    """

    look: float = 1
    heartbeat: float = 15
    life: float = 60


@dataclass(frozen=True, slots=True)
class BatchEvents:
    """Streams imports."""

    units: Units
    users: UserDirectory
    grants: GrantDirectory
    open: OpenStreams
    pace: Pace

    async def seen(self, batch_id: UUID, by: Principal) -> VisibleBatch:
        """The import as the caller sees it now. Raises ImportNotFound."""
        async with self.units.begin() as unit:
            return await unit.get(ImportService).get(batch_id, by)

    async def stream(
        self, first: VisibleBatch, last_event_id: str | None, by: Principal
    ) -> AsyncIterator[str]:
        """The events of an import from its state `first` on, until it has ended."""
        with self.open.place(by):
            yield RETRY
            async for event in self._events(first, last_event_id, by):
                yield event

    async def _events(
        self, seen: VisibleBatch, sent: str | None, by: Principal
    ) -> AsyncIterator[str]:
        loop = asyncio.get_running_loop()
        begun = quiet_since = loop.time()
        while True:
            if str(seen.batch.version) != sent:
                sent, quiet_since = str(seen.batch.version), loop.time()
                yield await self._event("progress", seen)
            if seen.batch.state in ENDED:
                yield await self._event("end", seen)
                return
            if self.open.is_draining() or loop.time() - begun >= self.pace.life:
                return
            if loop.time() - quiet_since >= self.pace.heartbeat:
                quiet_since = loop.time()
                if not await self.grants.still_hold(by):
                    return
                yield HEARTBEAT
            await asyncio.sleep(self.pace.look)
            try:
                seen = await self.seen(seen.batch.id, by)
            except DomainError:
                return

    async def _event(self, kind: str, seen: VisibleBatch) -> str:
        names = await self.users.names([seen.batch.created_by])
        data = BatchRead.of(seen, names).model_dump_json()
        return f"event: {kind}\nid: {seen.batch.version}\ndata: {data}\n\n"
