"""Statements over what courts have sent, for compliance."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import and_, func, tuple_
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core_service.access.reach import filtered
from core_service.access.repository import CourtDataRepository
from core_service.returns.issues import IssueCode, Severity
from core_service.returns.models import ImportBatch, ImportRow, ImportRowIssue, RowResult

# A remark of these lowers a row's quality; the others explain what became of it.
FAULTS: Final = (Severity.REJECTED, Severity.HELD, Severity.WARNING)


@dataclass(frozen=True, slots=True)
class RuleBroken:
    """How many of a court's rows break a rule."""

    court_id: UUID
    code: IssueCode
    rows: int


@dataclass(frozen=True, slots=True)
class ComplianceRepository(CourtDataRepository[ImportRow]):
    """Counts by court; the caller has narrowed the courts to those that it may read."""

    model: ClassVar[type[SQLModel]] = ImportRow
    session: AsyncSession

    async def rows(
        self, since: datetime, until: datetime, court_ids: Collection[UUID]
    ) -> Mapping[UUID, tuple[int, int]]:
        """The rows of imports sent in a time by court, and those of them without a fault."""
        faulty = select(ImportRowIssue.row_no).where(_of_row(), _is_fault())
        statement: Any = (
            select(ImportRow.court_id, func.count(), func.count().filter(~faulty.exists()))
            .join(ImportBatch, col(ImportBatch.id) == ImportRow.batch_id)
            .where(
                col(ImportBatch.created_at) >= since,
                col(ImportBatch.created_at) < until,
                col(ImportRow.court_id).in_(court_ids),
                col(ImportRow.result) != RowResult.EMPTY,
            )
            .group_by(col(ImportRow.court_id))
        )
        found = await self.session.exec(filtered(statement))
        return {court_id: (rows, faultless) for court_id, rows, faultless in found}

    async def rules(
        self, since: datetime, until: datetime, court_ids: Collection[UUID]
    ) -> Sequence[RuleBroken]:
        """How many rows of imports sent in a time break which rule, the most first."""
        statement: Any = (
            select(ImportRow.court_id, ImportRowIssue.code, _distinct_rows())
            .join(ImportRowIssue, _of_row())
            .join(ImportBatch, col(ImportBatch.id) == ImportRow.batch_id)
            .where(
                col(ImportBatch.created_at) >= since,
                col(ImportBatch.created_at) < until,
                col(ImportRow.court_id).in_(court_ids),
                _is_fault(),
            )
            .group_by(col(ImportRow.court_id), col(ImportRowIssue.code))
        )
        in_order = statement.order_by(_distinct_rows().desc(), col(ImportRowIssue.code))
        found = await self.session.exec(filtered(in_order))
        return [RuleBroken(court_id, code, rows) for court_id, code, rows in found]


def _distinct_rows() -> Any:
    """A row may break a rule in several cells."""
    return func.count(func.distinct(tuple_(ImportRow.batch_id, ImportRow.row_no)))


def _of_row() -> Any:
    return and_(
        col(ImportRowIssue.batch_id) == col(ImportRow.batch_id),
        col(ImportRowIssue.row_no) == col(ImportRow.row_no),
    )


def _is_fault() -> Any:
    return col(ImportRowIssue.severity).in_(FAULTS)
