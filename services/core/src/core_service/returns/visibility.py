"""Which imports a caller sees, and which of their rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    false,
    func,
    or_,
    true,
)
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from common.identity import CourtScope, Principal, Role
from common.pages import row_bytes
from core_service.access.actors import Actor
from core_service.access.courts import NOWHERE, READ_SCOPE, within, writing
from core_service.access.reach import filtered, of_found
from core_service.access.repository import CourtDataRepository
from core_service.cases.numbers import CaseNumber, case_number
from core_service.cases.visibility import Visibility, reading
from core_service.returns.issues import IssueCode, Severity
from core_service.returns.judging.cells import clean, whole_number
from core_service.returns.models import (
    ImportBatch,
    ImportRow,
    ImportRowIssue,
    RowResult,
)
from core_service.returns.row_repository import FILE_ROW, rejected_for, waiting
from core_service.returns.visible_batch import CountedRows


@dataclass(frozen=True, slots=True)
class BatchView:
    """What a caller may know of imports; `is_visible` makes it a condition on rows."""

    caller: Actor
    writable: CourtScope
    cases: Visibility
    administers_all: bool

    @classmethod
    def of(cls, by: Principal) -> "BatchView":
        """The view of a caller. Raises Unauthenticated or PermissionDenied."""
        writable = writing(by)
        reads = by.kind == "user" or READ_SCOPE in by.scopes
        cases = reading(by) if reads else Visibility(NOWHERE, NOWHERE)
        return cls(Actor.of(by), writable, cases, by.scope_for(Role.ADMIN).courts is None)

    def batches(self) -> ColumnElement[bool]:
        """The caller's own, and those with a row of a court where the caller may write.

        Services see what services sent: users' files name sealed cases.
        """
        if self.caller.user_id is None:
            return col(ImportBatch.created_by).is_(None)
        if self.writable.courts is None:
            return true()
        granted = bindparam(None, list(self.writable.courts), type_=ARRAY(Uuid))
        of_courts = col(ImportBatch.court_ids).op("&&")(granted)
        return or_(col(ImportBatch.created_by) == self.caller.user_id, of_courts)

    def has_sent(self, batch: ImportBatch) -> bool:
        """Whether the caller is the sender."""
        if self.caller.user_id is not None:
            return batch.created_by == self.caller.user_id
        return batch.created_by is None and batch.client_id == self.caller.client_id

    def sees_all(self, batch: ImportBatch) -> bool:
        """Whether no row of the batch is hidden from the caller, as far as its courts tell."""
        courts, sealed = self.cases.courts, self.cases.sealed
        reads_all = all(each in courts and each in sealed for each in batch.court_ids)
        return reads_all and (self.administers_all or self.has_sent(batch))


# The columns of a case's number; its court is the row's.
NUMBER: Final = ("caseid_type", "caseid_no", "filed_yyyy")
# The names, the code and the IDs next to the text of an issue.
ISSUE_BYTES: Final = 200
ISSUE_TEXTS: Final = (
    ImportRowIssue.column,
    ImportRowIssue.value,
    ImportRowIssue.message,
    ImportRowIssue.suggestion,
)


def is_visible(view: BatchView, is_own: ColumnElement[bool]) -> ColumnElement[bool]:
    """That the caller may see a row; `is_own` that the row is of an import the caller has sent.

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


def _visible(view: BatchView, batches: Collection[ImportBatch]) -> ColumnElement[bool]:
    """That a row of these imports may be seen."""
    own = [batch.id for batch in batches if view.has_sent(batch)]
    return is_visible(view, col(ImportRow.batch_id).in_(own))


@dataclass(frozen=True, slots=True)
class VisibleRows(CourtDataRepository[ImportRow]):
    """Rows and issues of imports, limited to what a caller may see."""

    model: ClassVar[type[SQLModel]] = ImportRow
    session: AsyncSession

    def rows(
        self, view: BatchView, batch: ImportBatch, result: RowResult | None
    ) -> SelectOfScalar[ImportRow]:
        """The rows of an import, or those with one result."""
        rows = select(ImportRow).where(col(ImportRow.batch_id) == batch.id, _visible(view, [batch]))
        statement = filtered(rows)
        return statement if result is None else statement.where(col(ImportRow.result) == result)

    def issues(
        self, view: BatchView, batch: ImportBatch, code: IssueCode | None, severity: Severity | None
    ) -> SelectOfScalar[ImportRowIssue]:
        """The issues of the rows; those of the file for its sender and for those who see it all."""
        of_row = select(ImportRow.row_no).where(
            col(ImportRow.batch_id) == batch.id,
            col(ImportRow.row_no) == col(ImportRowIssue.row_no),
            _visible(view, [batch]),
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
        batch_id, text = rows[0].batch_id, func.concat(*(col(each) for each in ISSUE_TEXTS))
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
        """The visible rows of each import by result."""
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
                _visible(view, batches),
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

    async def cases(
        self, batch_id: UUID, row_nos: Collection[int]
    ) -> tuple[set[UUID], set[CaseNumber]]:
        """The cases that some rows name, and the numbers in those that name none.

        There may be a case with such a number since.
        """
        typed, written, filed = (
            func.jsonb_extract_path_text(col(ImportRow.raw), each) for each in NUMBER
        )
        statement = select(ImportRow.case_id, ImportRow.court_id, typed, written, filed).where(  # type: ignore[call-overload]  # typed for at most four columns
            col(ImportRow.batch_id) == batch_id, col(ImportRow.row_no).in_(row_nos)
        )
        case_ids, numbers = set(), set()
        found = await self.session.exec(of_found(statement, [batch_id]))
        for case_id, court_id, typed, written, filed in found:
            year = whole_number(clean(filed))
            if case_id is not None:
                case_ids.add(case_id)
            elif court_id is not None and year is not None:
                numbers.add(case_number(court_id, clean(typed), clean(written), year))
        return case_ids, numbers
