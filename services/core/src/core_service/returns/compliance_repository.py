"""Statements over what courts have sent, for compliance."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, and_, cast, exists, func, true, tuple_
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core_service.access.reach import filtered
from core_service.access.repository import CourtDataRepository
from core_service.returns.issues import FAULTS, IssueCode
from core_service.returns.models import ImportBatch, ImportRow, ImportRowIssue


@dataclass(frozen=True, slots=True)
class RuleBroken:
    """How many of a court's rows break a rule; without a code, any."""

    court_id: UUID
    code: IssueCode | None
    rows: int


@dataclass(frozen=True, slots=True)
class ComplianceRepository(CourtDataRepository[ImportRow]):
    """Counts by court; the caller has narrowed the courts to those that it may read."""

    model: ClassVar[type[SQLModel]] = ImportRow
    session: AsyncSession

    async def rows(
        self, since: datetime, until: datetime, court_ids: Collection[UUID]
    ) -> Mapping[UUID, int]:
        """The rows of imports sent in a time by court; blank rows are of none."""
        statement: Any = (
            select(ImportRow.court_id, func.count())
            .join(ImportBatch, col(ImportBatch.id) == ImportRow.batch_id)
            .where(_sent(since, until), col(ImportRow.court_id).in_(court_ids))
            .group_by(col(ImportRow.court_id))
        )
        found = await self.session.exec(filtered(statement))
        return dict(iter(found))

    async def faulty(
        self, since: datetime, until: datetime, court_ids: Collection[UUID]
    ) -> Sequence[RuleBroken]:
        """How many rows of imports sent in a time break which rule, the most first; and without
        a code, how many break any.

        Import by import, so that the cost is that of the time's own rows, however many others
        there are.
        """
        row_no, code = col(ImportRowIssue.row_no), col(ImportRowIssue.code)
        court_id = col(ImportRow.court_id)
        broken = (
            select(court_id, code, func.count(func.distinct(row_no)).label("rows"))  # a row once
            .join(
                ImportRow,
                and_(col(ImportRow.batch_id) == ImportBatch.id, col(ImportRow.row_no) == row_no),
            )
            .where(
                col(ImportRowIssue.batch_id) == ImportBatch.id,
                code.in_(FAULTS),
                court_id.in_(court_ids),
            )
            .group_by(func.grouping_sets(tuple_(court_id, code), tuple_(court_id)))
            .correlate(ImportBatch)
            .lateral("broken")
        )
        rows = cast(func.sum(broken.c.rows), Integer)
        statement: Any = (
            select(broken.c.court_id, broken.c.code, rows)
            .select_from(ImportBatch)
            .join(broken, true())
            .where(_sent(since, until))
            .group_by(broken.c.court_id, broken.c.code)
            .order_by(rows.desc(), broken.c.code)
        )
        return [RuleBroken(*found) for found in await self.session.exec(filtered(statement))]


def _sent(since: datetime, until: datetime) -> ColumnElement[bool]:
    sent = col(ImportBatch.created_at)
    return and_(sent >= since, sent < until)


def has_fault() -> ColumnElement[bool]:
    """That a row has a remark that lowers its quality."""
    faults = exists().where(
        col(ImportRowIssue.batch_id) == col(ImportRow.batch_id),
        col(ImportRowIssue.row_no) == col(ImportRow.row_no),
        col(ImportRowIssue.code).in_(FAULTS),
    )
    return faults.correlate(ImportRow)
