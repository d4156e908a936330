"""Reads the audit."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from pydantic import StringConstraints
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from common.dates import Moment
from common.identity import CourtScope
from common.keyset import Order, Pager, Slice, SortKey
from common.pages import PageRequest
from core_service.audit.models import AuditAction, AuditEvent
from core_service.audit_events.repository import AuditRepository

ShortText = Annotated[str, StringConstraints(max_length=128)]
_SEQUENCE: Final[SortKey[AuditEvent]] = SortKey(
    col(AuditEvent.sequence), lambda event: event.sequence, int
)
NEWEST_FIRST: Final[Order[AuditEvent]] = Order(
    "sequence", (_SEQUENCE,), descending=True, large=True
)


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What the list is narrowed to; `since` is included, `until` is not."""

    action: AuditAction | None = None
    entity: ShortText | None = None
    entity_id: UUID | None = None
    court_id: UUID | None = None
    actor_id: UUID | None = None
    request_id: ShortText | None = None
    since: Moment | None = None
    until: Moment | None = None

    def apply(self, statement: SelectOfScalar[AuditEvent]) -> SelectOfScalar[AuditEvent]:
        """Narrow a statement over events."""
        for name in ("action", "entity", "entity_id", "court_id", "actor_id", "request_id"):
            value = getattr(self, name)
            if value is not None:
                statement = statement.where(col(getattr(AuditEvent, name)) == value)
        if self.since is not None:
            statement = statement.where(col(AuditEvent.occurred_at) >= self.since)
        if self.until is not None:
            statement = statement.where(col(AuditEvent.occurred_at) < self.until)
        return statement


@dataclass(frozen=True, slots=True)
class AuditReading:
    """Pages of the audit, the newest first."""

    events: AuditRepository
    pager: Pager

    async def page(
        self, wanted: AuditFilter, scope: CourtScope, page: PageRequest
    ) -> Slice[AuditEvent]:
        """One page of what concerns these courts. Raises CursorInvalid.

        An event holds what its case holds: that a sealed one was read is noted as anywhere else.
        """
        statement = wanted.apply(self.events.readable(scope))
        purpose = f"audit\x00{wanted}"
        found = await self.pager.cut(self.events, statement, NEWEST_FIRST, page, purpose=purpose)
        await self.events.session.exec(self.events.sealed_cases(found.rows))
        return found
