"""Reads the audit."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ARRAY, Uuid, bindparam, or_
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from common.dates import Moment
from common.identity import CourtScope
from common.keyset import Order, Pager, Slice, SortKey
from common.pages import PageRequest
from common.repository import Repository
from core_service.access.courts import within
from core_service.access.reach import filtered, registry_wide
from core_service.audit.models import AuditAction, AuditEvent
from core_service.cases.models import Case
from core_service.links.models import CaseLink
from core_service.returns.models import ImportBatch
from core_service.tables import METADATA

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
class AuditRepository(Repository[AuditEvent]):
    """Events of the audit."""

    model: ClassVar[type[SQLModel]] = AuditEvent
    session: AsyncSession

    def readable(self, scope: CourtScope) -> SelectOfScalar[AuditEvent]:
        """The events of these courts; those of a link when both its ends are at them, those of an
        import when all courts that its rows name are: it counts the rows of all of them.
        """
        statement = filtered(select(AuditEvent)).where(within(AuditEvent.court_id, scope))
        if scope.courts is None:
            return statement
        here = select(Case.id).where(within(Case.court_id, scope))
        ends = (col(CaseLink.case_id).in_(here), col(CaseLink.other_id).in_(here))
        this_link = select(CaseLink.id).where(col(CaseLink.id) == AuditEvent.entity_id, *ends)
        courts = bindparam(None, list(scope.courts), type_=ARRAY(Uuid))
        this_import = select(ImportBatch.id).where(
            col(ImportBatch.id) == AuditEvent.entity_id,
            col(ImportBatch.court_ids).op("<@")(courts),
        )
        entity = col(AuditEvent.entity)
        of_neither = entity.not_in((CaseLink.__tablename__, ImportBatch.__tablename__))
        return statement.where(or_(of_neither, this_link.exists(), this_import.exists()))

    def sealed_cases(self, events: Iterable[AuditEvent]) -> SelectOfScalar[Case]:
        """The sealed cases that events tell of, by themselves or by a row of theirs."""
        named, rows = set[UUID](), defaultdict[str, set[UUID]](set)
        for event in events:
            if event.entity == Case.__tablename__ and event.entity_id is not None:
                named.add(event.entity_id)
            elif event.entity_id is not None:
                rows[event.entity].add(event.entity_id)
            # The row may be gone; what it was is told.
            named |= {UUID(each) for each in event.changes.get("case_id", ()) if each is not None}
        # The log outlives what it speaks of, tables too.
        tables = [(METADATA.tables.get(entity), ids) for entity, ids in rows.items()]
        of_rows = [
            col(Case.id).in_(select(table.c.case_id).where(table.c.id.in_(ids)))
            for table, ids in tables
            if table is not None and "case_id" in table.c
        ]
        sealed = select(Case).where(col(Case.sealed), or_(col(Case.id).in_(named), *of_rows))
        return registry_wide(sealed, "read only to note who read of them")


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
