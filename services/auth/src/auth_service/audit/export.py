"""The audit log as lines of JSON, for the command line."""

from collections.abc import AsyncIterator
from datetime import datetime

from sqlmodel import col, select

from auth_service.audit.chain import AUDIT_CHAIN
from auth_service.audit.models import Action, AuditEvent
from auth_service.audit.service import Event
from auth_service.units import Units
from common.audit_chain.links import canonical

BATCH = 1000


async def export_lines(
    units: Units, since: datetime | None, until: datetime | None
) -> AsyncIterator[str]:
    """Events in order of sequence, as the chain hashes them. The export is recorded first."""
    details = {
        name: moment.isoformat() for name, moment in (("since", since), ("until", until)) if moment
    }
    async with units.begin() as work:
        work.audit.record(Event(Action.AUDIT_EXPORT, details=details))
    statement = select(*AUDIT_CHAIN.columns()).order_by(col(AuditEvent.sequence))
    if since is not None:
        statement = statement.where(col(AuditEvent.occurred_at) >= since)
    if until is not None:
        statement = statement.where(col(AuditEvent.occurred_at) < until)
    async with units.database.snapshot() as session:
        connection = await session.connection()
        async with connection.stream(statement.execution_options(yield_per=BATCH)) as result:
            async for row in result.mappings():
                yield canonical({**row}).decode()
