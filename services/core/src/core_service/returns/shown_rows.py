"""Rows of imports and their issues as callers see them: every list and every count is read here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, false, func, or_, true
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from common.pages import row_bytes
from core_service.access.courts import within
from core_service.access.reach import filtered, of_found
from core_service.access.repository import CourtDataRepository
from core_service.cases.numbers import CaseNumber, case_number
from core_service.returns.cells import clean, whole_number
from core_service.returns.issues import IssueCode, Severity
from core_service.returns.models import ImportBatch, ImportRow, ImportRowIssue, RowResult
from core_service.returns.row_repository import FILE_ROW, rejected_for, waiting
from core_service.returns.seen_batch import CountedRows
from core_service.returns.visibility import BatchView

# The columns of a case's number; its court is the row's.
NUMBER: Final = ("caseid_type", "caseid_no", "filed_yyyy")
# The names, the code and the IDs around what is written in an issue.
ISSUE_BYTES: Final = 200
WRITTEN: Final = (
    ImportRowIssue.column,
    ImportRowIssue.value,
    ImportRowIssue.message,
    ImportRowIssue.suggestion,
)


def shown(view: BatchView, is_own: ColumnElement[bool]) -> ColumnElement[bool]:
    """That the caller may see a row; `is_own` says that the row is of an import they have sent.

    Rows are shown to those who may read their court; rows whose court is not known to their sender
    and to administrators of all courts. Senders also see what was refused to them for its court:
    the same, whatever that court holds. A row that names no case may be about one that was sealed
    since it was read: it is shown to its sender and to those who see sealed cases at its court.
    """
    court_id, case_id = col(ImportRow.court_id), col(ImportRow.case_id)
    here = and_(court_id.is_not(None), within(court_id, view.cases.courts))
    unknown = and_(court_id.is_(None), true() if view.administers_all else is_own)
    sees_sealed = within(court_id, view.cases.sealed)
    named = or_(case_id.is_not(None), court_id.is_(None), sees_sealed, is_own)
    unsealed = and_(view.cases.unsealed(case_id), named)
    refused = and_(is_own, rejected_for(IssueCode.COURT_NOT_GRANTED))
    return or_(and_(or_(here, unknown), unsealed), refused)


def _of_own(view: BatchView, batches: Collection[ImportBatch]) -> ColumnElement[bool]:
    return col(ImportRow.batch_id).in_(view.own(batches))


@dataclass(frozen=True, slots=True)
class ShownRows(CourtDataRepository[ImportRow]):
    """Rows and issues of imports, narrowed to what a caller may see."""

    model: ClassVar[type[SQLModel]] = ImportRow
    session: AsyncSession

    def rows(
        self, view: BatchView, batch: ImportBatch, result: RowResult | None
    ) -> SelectOfScalar[ImportRow]:
        """The rows of an import, or those with one result."""
        rows = select(ImportRow).where(
            col(ImportRow.batch_id) == batch.id, shown(view, _of_own(view, [batch]))
        )
        statement = filtered(rows)
        return statement if result is None else statement.where(col(ImportRow.result) == result)

    def issues(
        self, view: BatchView, batch: ImportBatch, code: IssueCode | None, severity: Severity | None
    ) -> SelectOfScalar[ImportRowIssue]:
        """The issues of the rows; those of the file for its sender and for those who see it all."""
        of_row = select(ImportRow.row_no).where(
            col(ImportRow.batch_id) == batch.id,
            col(ImportRow.row_no) == col(ImportRowIssue.row_no),
            shown(view, _of_own(view, [batch])),
        )
        sees_file = view.administers_all or view.has_sent(batch)
        of_file = col(ImportRowIssue.row_no) == FILE_ROW if sees_file else false()
        issues = select(ImportRowIssue).where(
            col(ImportRowIssue.batch_id) == batch.id, or_(of_row.exists(), of_file)
        )
        statement = filtered(issues)
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
            in_order = of_found(statement.order_by(col(ImportRowIssue.seq)), [rows[0].batch_id])
            for issue in await self.session.exec(in_order):
                found[issue.row_no].append(issue)
        return found

    async def sizes(self, rows: Sequence[ImportRow]) -> Sequence[int]:
        """How large rows that the caller was shown are with their issues, in bytes."""
        if not rows:
            return ()
        batch_id, text = rows[0].batch_id, func.concat(*(col(each) for each in WRITTEN))
        size = func.sum(func.octet_length(cast(func.to_json(text), Text)) + ISSUE_BYTES)
        statement = (
            select(ImportRowIssue.row_no, size)
            .where(
                col(ImportRowIssue.batch_id) == batch_id,
                col(ImportRowIssue.row_no).in_([row.row_no for row in rows]),
            )
            .group_by(col(ImportRowIssue.row_no))
        )
        issues = dict((await self.session.exec(of_found(statement, [batch_id]))).all())
        return [row_bytes(row) + int(issues.get(row.row_no, 0)) for row in rows]

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
                col(ImportRow.batch_id).in_([batch.id for batch in batches]),
                shown(view, _of_own(view, batches)),
            )
            .group_by(col(ImportRow.batch_id), col(ImportRow.result))
        )
        counts: dict[UUID, list[CountedRows]] = {batch.id: [] for batch in batches}
        for batch_id, result, count, applied in await self.session.exec(filtered(statement)):
            counts[batch_id].append(CountedRows(RowResult(result), count, applied))
        return counts

    async def any_waits(self, view: BatchView, batch: ImportBatch) -> bool:
        """Whether a row that the caller sees waits for a decision or a grant, or may pass now."""
        return await self.first(self.rows(view, batch, None).where(waiting()).limit(1)) is not None

    async def cases(self, batch_id: UUID, row_nos: Collection[int]) -> Sequence[UUID]:
        """The cases that some rows name."""
        statement = select(ImportRow.case_id).where(
            col(ImportRow.batch_id) == batch_id,
            col(ImportRow.row_no).in_(row_nos),
            col(ImportRow.case_id).is_not(None),
        )
        found = (await self.session.exec(of_found(statement.distinct(), [batch_id]))).all()
        return [case_id for case_id in found if case_id is not None]

    async def unnamed(self, batch_id: UUID, row_nos: Collection[int]) -> Collection[CaseNumber]:
        """The numbers in those of some rows that name no case: there may be one since."""
        kind, number, year = (
            func.jsonb_extract_path_text(col(ImportRow.raw), each) for each in NUMBER
        )
        statement = select(ImportRow.court_id, kind, number, year).where(
            col(ImportRow.batch_id) == batch_id,
            col(ImportRow.row_no).in_(row_nos),
            col(ImportRow.case_id).is_(None),
            col(ImportRow.court_id).is_not(None),
        )
        found = (await self.session.exec(of_found(statement, [batch_id]))).all()
        return {
            case_number(court_id, clean(typed), clean(written), filed_year)
            for court_id, typed, written, filed in found
            if court_id is not None and (filed_year := whole_number(clean(filed))) is not None
        }
