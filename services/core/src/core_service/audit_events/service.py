"""Reads the audit."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from pydantic import StringConstraints

from common.audit.events import narrowed, newest_first
from common.dates import Moment
from common.identity import CourtScope
from common.keyset import Pager, Slice
from common.pages import PageRequest
from core_service.audit.models import AuditAction, AuditEvent
from core_service.audit_events.repository import AuditRepository

ShortText = Annotated[str, StringConstraints(max_length=128)]
NEWEST_FIRST: Final = newest_first(AuditEvent)


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
        statement = narrowed(self.events.readable(scope), AuditEvent, wanted)
        purpose = f"audit\x00{wanted}"
        found = await self.pager.cut(self.events, statement, NEWEST_FIRST, page, purpose=purpose)
        await self.events.session.exec(self.events.sealed_cases(found.rows))
        return found
