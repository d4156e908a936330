"""Reading the audit log: pages for the API, everything for archives."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.audit.actions import Action
from auth_service.audit.models import AUDIT_CHAIN, AuditEvent
from auth_service.audit.repository import AuditEventRepository, EventFilter
from auth_service.audit.service import AuditLog, Event
from common.audit.events import narrowed, newest_first
from common.audit.links import canonical
from common.composition import Units
from common.keyset import Pager, Slice
from common.pages import PageRequest

# Few enough to be serialised without blocking the event loop.
BATCH: Final = 200
ROWS_FETCHED: Final = 1000
NEWEST: Final = newest_first(AuditEvent)


@dataclass(frozen=True, slots=True)
class AuditReading:
    """Pages of the log, the newest events first."""

    events: AuditEventRepository
    pager: Pager

    async def page(self, wanted: EventFilter, page: PageRequest) -> Slice[AuditEvent]:
        """A page of the events that match."""
        purpose = f"audit-events:{sorted(wanted.parts().items())}"
        return await self._cut(self.events.matching(wanted), page, purpose)

    async def activity(self, user_id: UUID, page: PageRequest) -> Slice[AuditEvent]:
        """A page of the events that one user caused or was affected by."""
        return await self._cut(self.events.about(user_id), page, f"activity:{user_id}")

    async def _cut(
        self, statement: SelectOfScalar[AuditEvent], page: PageRequest, purpose: str
    ) -> Slice[AuditEvent]:
        return await self.pager.cut(self.events, statement, NEWEST, page, purpose=purpose)


@dataclass(frozen=True, slots=True)
class AuditExport:
    """Reads the log from its beginning. Each export is recorded first, as an event itself."""

    units: Units

    async def begin(self, wanted: EventFilter) -> int:
        """Record the export; the sequence of that event, the last one of the export."""
        async with self.units.begin() as unit:
            details = {"filter": wanted.parts()}
            event = unit.get(AuditLog).record(Event(Action.AUDIT_EXPORT, details=details))
            await unit.get(AuditEventRepository).session.flush()
            return event.sequence or 0

    async def batches(self, wanted: EventFilter, last: int) -> AsyncIterator[Sequence[AuditEvent]]:
        """The events up to the sequence `last`, the oldest first; no transaction stays open."""
        after, sequence = 0, col(AuditEvent.sequence)
        while True:
            async with self.units.database.transaction() as session:
                events = AuditEventRepository(session)
                statement = events.matching(wanted).where(sequence > after, sequence <= last)
                batch = await events.all(statement.order_by(sequence).limit(BATCH))
            if batch:
                yield batch
                after = batch[-1].sequence or last
            if len(batch) < BATCH:
                return

    async def lines(self, since: datetime | None, until: datetime | None) -> AsyncIterator[str]:
        """Events of a period as JSON, in the form that the chain hashes."""
        wanted = EventFilter(since=since, until=until)
        async with self.units.begin() as unit:
            event = Event(Action.AUDIT_EXPORT, details=wanted.parts())
            unit.get(AuditLog).record(event)
        statement = narrowed(select(*AUDIT_CHAIN.columns()), AuditEvent, wanted)
        statement = statement.order_by(col(AuditEvent.sequence))
        async with self.units.database.snapshot() as session:
            connection = await session.connection()
            options = {"yield_per": ROWS_FETCHED}
            async with connection.stream(statement.execution_options(**options)) as result:
                async for row in result.mappings():
                    yield canonical({**row}).decode()
