"""The progress of an import as server-sent events (WHATWG HTML, 9.2)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import ClassVar, Final
from uuid import UUID

from common.composition import Units
from common.errors import DomainError
from common.identity import Principal
from core_service.access.actors import Actor
from core_service.returns.models import BatchState, VisibleBatch
from core_service.returns.schemas import BatchRead
from core_service.returns.service import ImportService
from core_service.users.directory import UserDirectory
from core_service.users.grants import GrantDirectory, GrantsUnavailable

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


class TooManyStreams(DomainError):
    """The caller, or all callers together, hold as many streams open as may be."""

    status: ClassVar[HTTPStatus] = HTTPStatus.TOO_MANY_REQUESTS
    code: ClassVar[str] = "too-many-streams"
    title: ClassVar[str] = "Too many streams are open"


@dataclass(slots=True)
class OpenStreams:
    """Counts the streams of one process, which end when it is being stopped."""

    limit: int = 100
    limit_per_caller: int = 5
    by_caller: Counter[str] = field(default_factory=Counter)
    is_draining: Callable[[], bool] = lambda: False

    def require_room(self, caller: str) -> None:
        """Raise TooManyStreams when one stream more is too many."""
        open_now = self.by_caller.total()
        if open_now >= self.limit or self.by_caller[caller] >= self.limit_per_caller:
            raise TooManyStreams(headers={"Retry-After": "5"})

    def enter(self, caller: str) -> None:
        """Count a stream that begins."""
        self.by_caller[caller] += 1

    def leave(self, caller: str) -> None:
        """Count a stream that has ended."""
        self.by_caller[caller] -= 1
        if not self.by_caller[caller]:
            del self.by_caller[caller]


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
        self.open.enter(caller_of(by))
        try:
            yield RETRY
            async for event in self._events(first, last_event_id, by):
                yield event
        finally:
            self.open.leave(caller_of(by))

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
                if not await self._may_go_on(by):
                    return
                yield HEARTBEAT
            await asyncio.sleep(self.pace.look)
            try:
                seen = await self.seen(seen.batch.id, by)
            except DomainError:
                return

    async def _may_go_on(self, by: Principal) -> bool:
        """Whether the caller still holds what was held when the stream began."""
        try:
            now = await self.grants.principal(Actor.of(by))
        except GrantsUnavailable:
            return False
        return (set(now.grants), now.scopes) == (set(by.grants), by.scopes)

    async def _event(self, kind: str, seen: VisibleBatch) -> str:
        names = await self.users.names([seen.batch.created_by])
        data = BatchRead.of(seen, names).model_dump_json()
        return f"event: {kind}\nid: {seen.batch.version}\ndata: {data}\n\n"


def caller_of(by: Principal) -> str:
    """Whose stream it is."""
    return str(by.user_id or by.client_id or "")
