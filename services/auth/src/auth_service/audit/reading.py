"""Reading the audit log: pages for people, everything for archives."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.audit.models import Action, AuditEvent
from auth_service.audit.repository import AuditEventRepository, EventFilter
from auth_service.audit.service import AuditLog, Event
from common.database import Database
from common.pages import PageRequest

# Few enough to be written without holding the loop.
BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class AuditReading:
    """The log as one unit of work reads it."""

    events: AuditEventRepository
    audit: AuditLog

    async def page(
        self, wanted: EventFilter, page: PageRequest, before: int | None
    ) -> tuple[Sequence[AuditEvent], int | None]:
        """Up to one more than a page of events, the newest first, and their number if asked for."""
        return await self._newest(self.events.wanted(wanted), page, before)

    async def activity(
        self, user_id: UUID, page: PageRequest, before: int | None
    ) -> tuple[Sequence[AuditEvent], int | None]:
        """The same of one user's own events."""
        return await self._newest(self.events.about(user_id), page, before)

    async def begin_export(self, wanted: EventFilter) -> int:
        """Note in the log that it is exported; the sequence of that event, the export's last."""
        event = self.audit.record(Event(Action.AUDIT_EXPORT, details={"filter": wanted.asked()}))
        await self.events.session.flush()
        return event.sequence or 0

    async def _newest(
        self, statement: SelectOfScalar[AuditEvent], page: PageRequest, before: int | None
    ) -> tuple[Sequence[AuditEvent], int | None]:
        total = await self.events.count(statement) if page.count else None
        if before is not None:
            statement = statement.where(col(AuditEvent.sequence) < before)
        newest = statement.order_by(col(AuditEvent.sequence).desc()).limit(page.limit + 1)
        return await self.events.all(newest), total


@dataclass(frozen=True, slots=True)
class AuditExport:
    """Reads the log from its beginning, batch by batch: no transaction stays open in between."""

    database: Database

    async def batches(self, wanted: EventFilter, last: int) -> AsyncIterator[Sequence[AuditEvent]]:
        """The events up to the sequence `last`, the oldest first."""
        after = 0
        while True:
            async with self.database.transaction() as session:
                events = AuditEventRepository(session)
                sequence = col(AuditEvent.sequence)
                statement = events.wanted(wanted).where(sequence > after, sequence <= last)
                batch = await events.all(statement.order_by(sequence).limit(BATCH))
            if batch:
                yield batch
                after = batch[-1].sequence or last
            if len(batch) < BATCH:
                return
