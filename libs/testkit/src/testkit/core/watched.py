"""A batch's processing of which a test sees each write: to end it there, or to change something."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from common.composition import Container, Units, Values
from core_service.returns.models import ImportBatch
from core_service.returns.processing import BatchProcessing
from core_service.returns.repository import ImportRepository

AfterWrite = Callable[[ImportBatch], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _WatchedImports(ImportRepository):
    after: AfterWrite

    async def change(self, batch: ImportBatch, **values: Any) -> None:
        await ImportRepository.change(self, batch, **values)
        await self.after(batch)


def watched(core: Units, after: AfterWrite, *, chunk_rows: int) -> BatchProcessing:
    """Core's processing, which calls `after` at the end of each transaction, before its commit."""

    class WatchedUnits(Units):
        def container(self, session: AsyncSession, values: Values | None = None) -> Container:
            own = {ImportRepository: _WatchedImports(session, after)}
            return Units.container(self, session, {**(values or {}), **own})

    units = WatchedUnits(core.registry, core.database)
    return replace(core.get(BatchProcessing), units=units, chunk_rows=chunk_rows)
