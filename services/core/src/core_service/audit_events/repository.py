"""Queries over events of the audit."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, or_
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from common.identity import CourtScope
from common.repository import Repository
from core_service.access.courts import within
from core_service.access.reach import filtered, registry_wide
from core_service.audit.models import AuditEvent
from core_service.cases.models import Case
from core_service.links.models import CaseLink
from core_service.returns.models import ImportBatch
from core_service.tables import METADATA


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
        """The sealed cases that these events are about, directly or by a row of the case."""
        named, rows = set[UUID](), defaultdict[str, set[UUID]](set)
        for event in events:
            if event.entity == Case.__tablename__ and event.entity_id is not None:
                named.add(event.entity_id)
            elif event.entity_id is not None:
                rows[event.entity].add(event.entity_id)
            # The row may be deleted; the event has its columns.
            named |= {UUID(each) for each in event.changes.get("case_id", ()) if each is not None}
        # Events outlive the rows and tables that they name.
        tables = [(METADATA.tables.get(entity), ids) for entity, ids in rows.items()]
        of_rows = [
            col(Case.id).in_(select(table.c.case_id).where(table.c.id.in_(ids)))
            for table, ids in tables
            if table is not None and "case_id" in table.c
        ]
        sealed = select(Case).where(col(Case.sealed), or_(col(Case.id).in_(named), *of_rows))
        return registry_wide(sealed, "read only to note who read of them")
