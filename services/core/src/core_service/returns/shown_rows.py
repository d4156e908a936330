"""Rows of imports and their issues as callers see them: every list and every count is read here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, true
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from common.repository import Repository
from core_service.access.courts import within
from core_service.returns.issues import Code, Severity
from core_service.returns.models import ImportBatch, ImportRow, ImportRowIssue, Result
from core_service.returns.row_repository import FILE_ROW, rejected_for, waiting
from core_service.returns.seen_batch import CountedRows
from core_service.returns.visibility import BatchView


def shown(view: BatchView, batches: Collection[ImportBatch]) -> ColumnElement[bool]:
    """That the caller may see a row of these imports.

    Rows are shown to those who may read their court; rows whose court is not known to their sender
    and to administrators of all courts. Senders also see what was refused to them for its court:
    the same, whatever that court holds.
    """
    is_own = col(ImportRow.batch_id).in_(view.own(batches))
    court_id = col(ImportRow.court_id)
    here = and_(court_id.is_not(None), within(court_id, view.cases.courts))
    unknown = and_(court_id.is_(None), true() if view.administers_all else is_own)
    unsealed = view.cases.unsealed(col(ImportRow.case_id))
    refused = and_(is_own, rejected_for(Code.COURT_NOT_GRANTED))
    return or_(and_(or_(here, unknown), unsealed), refused)


@dataclass(frozen=True, slots=True)
class ShownRows(Repository[ImportRow]):
    """Rows and issues of imports, narrowed to what a caller may see."""

    model: ClassVar[type[SQLModel]] = ImportRow
    session: AsyncSession

    def rows(
        self, view: BatchView, batch: ImportBatch, result: Result | None
    ) -> SelectOfScalar[ImportRow]:
        """The rows of an import, or those with one result."""
        statement = select(ImportRow).where(
            col(ImportRow.batch_id) == batch.id, shown(view, [batch])
        )
        return statement if result is None else statement.where(col(ImportRow.result) == result)

    def issues(
        self, view: BatchView, batch: ImportBatch, code: Code | None, severity: Severity | None
    ) -> SelectOfScalar[ImportRowIssue]:
        """The issues of the rows; those of the file for its sender and for those who see it all."""
        of_row = select(ImportRow.row_no).where(
            col(ImportRow.batch_id) == batch.id,
            col(ImportRow.row_no) == col(ImportRowIssue.row_no),
            shown(view, [batch]),
        )
        sees_file = view.administers_all or view.has_sent(batch)
        of_file = col(ImportRowIssue.row_no) == FILE_ROW if sees_file else false()
        statement = select(ImportRowIssue).where(
            col(ImportRowIssue.batch_id) == batch.id, or_(of_row.exists(), of_file)
        )
        if code is not None:
            statement = statement.where(col(ImportRowIssue.code) == code)
        if severity is not None:
            statement = statement.where(col(ImportRowIssue.severity) == severity)
        return statement

    async def issues_by_row(
        self, rows: Sequence[ImportRow]
    ) -> Mapping[int, Sequence[ImportRowIssue]]:
        """The issues of rows of one import that the caller was shown, in the order found."""
        found: dict[int, list[ImportRowIssue]] = {row.row_no: [] for row in rows}
        if rows:
            statement = select(ImportRowIssue).where(
                col(ImportRowIssue.batch_id) == rows[0].batch_id,
                col(ImportRowIssue.row_no).in_(found),
            )
            for issue in await self.session.exec(statement.order_by(col(ImportRowIssue.seq))):
                found[issue.row_no].append(issue)
        return found

    async def counts(
        self, view: BatchView, batches: Collection[ImportBatch]
    ) -> Mapping[UUID, Sequence[CountedRows]]:
        """The rows of each import by result, and those of them that have been applied."""
        statement = (
            select(
                ImportRow.batch_id,
                ImportRow.result,
                func.count(),
                func.count().filter(col(ImportRow.row_no) <= col(ImportBatch.applied_rows)),
            )
            .join(ImportBatch, col(ImportBatch.id) == col(ImportRow.batch_id))
            .where(
                col(ImportRow.batch_id).in_([batch.id for batch in batches]), shown(view, batches)
            )
            .group_by(col(ImportRow.batch_id), col(ImportRow.result))
        )
        counts: dict[UUID, list[CountedRows]] = {batch.id: [] for batch in batches}
        for batch_id, result, count, applied in await self.session.exec(statement):
            counts[batch_id].append(CountedRows(Result(result), count, applied))
        return counts

    async def any_waits(self, view: BatchView, batch: ImportBatch) -> bool:
        """Whether a row that the caller sees waits for somebody, or may pass now."""
        return await self.first(self.rows(view, batch, None).where(waiting()).limit(1)) is not None

    async def cases(self, batch_id: UUID, row_nos: Collection[int]) -> Sequence[UUID]:
        """The cases that some rows name."""
        statement = select(ImportRow.case_id).where(
            col(ImportRow.batch_id) == batch_id,
            col(ImportRow.row_no).in_(row_nos),
            col(ImportRow.case_id).is_not(None),
        )
        found = (await self.session.exec(statement.distinct())).all()
        return [case_id for case_id in found if case_id is not None]
