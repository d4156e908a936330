"""Statements over a batch's rows and their issues, for the worker.

What callers see of them is read through `VisibleRows` alone.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Text,
    and_,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    update,
)
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from common.clock import Clock
from common.pages import fitting
from core_service import bulk
from core_service.access.reach import of_found
from core_service.access.repository import CourtDataRepository
from core_service.bulk import any_of
from core_service.cases.records import AnyCase
from core_service.returns.files.limits import MIB
from core_service.returns.issues import Issue, IssueCode
from core_service.returns.models import CaseBefore, ImportRow, ImportRowIssue, RowRepair, RowResult
from core_service.returns.row_history import states_of, store_before

ACCEPTED = (RowResult.NEW, RowResult.CORRECTION, RowResult.UNCHANGED)
APPLICABLE = (*ACCEPTED, RowResult.DUPLICATE)
RECORDED = (RowResult.NEW, RowResult.CORRECTION)
# Reasons that may no longer hold: the grants are wider, the spelling was accepted after all, the
# deleted case was restored.
MAY_PASS = (IssueCode.COURT_NOT_GRANTED, IssueCode.NAME_REJECTED, IssueCode.ROW_REFUSED)
ROW_KEY = ("batch_id", "row_no")
# The row number of issues about the file as a whole; rows count from 1.
FILE_ROW = 0
# The rows of a chunk, which are all in memory at once.
CHUNK_BYTES = 8 * MIB


def rejected_for(*codes: IssueCode) -> ColumnElement[bool]:
    """That a row was rejected for one of these reasons, perhaps among others."""
    reason = aliased(ImportRowIssue)  # a query around it may be over issues, too
    reasons = select(reason.row_no).where(
        col(reason.batch_id) == col(ImportRow.batch_id),
        col(reason.row_no) == col(ImportRow.row_no),
        col(reason.code).in_(codes),
    )
    return and_(col(ImportRow.result) == RowResult.REJECTED, reasons.exists())


def to_apply() -> ColumnElement[bool]:
    """That a row of a validated batch may be applied."""
    never = (RowResult.EMPTY, RowResult.REJECTED)
    return or_(col(ImportRow.result).not_in(never), rejected_for(*MAY_PASS))


def waiting() -> ColumnElement[bool]:
    """That a row of an applied batch waits for a decision or a grant, or may pass now."""
    return or_(col(ImportRow.result) == RowResult.HELD, rejected_for(*MAY_PASS))


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row of a batch as a plain row."""

    row_no: int
    result: RowResult
    raw: dict[str, str]
    court_id: UUID | None
    identity_hash: bytes | None


AnyRow = ImportRow | StoredRow


@dataclass(frozen=True, slots=True)
class RowRepository(CourtDataRepository[ImportRow]):
    """Rows and their issues."""

    model: ClassVar[type[SQLModel]] = ImportRow
    session: AsyncSession
    clock: Clock

    async def next_rows(
        self, batch_id: UUID, after: int, limit: int, *conditions: ColumnElement[bool]
    ) -> Sequence[StoredRow]:
        """The rows that follow, in the order of the file; fewer when they are large."""
        of_batch = col(ImportRow.batch_id) == batch_id
        size = func.octet_length(cast(col(ImportRow.raw), Text))
        following = select(ImportRow.row_no, size).where(
            of_batch, col(ImportRow.row_no) > after, *conditions
        )
        in_order = following.order_by(col(ImportRow.row_no)).limit(limit)
        found = (await self.session.exec(of_found(in_order, [batch_id]))).all()
        fits = fitting([size for _, size in found], CHUNK_BYTES)
        row_nos = [row_no for row_no, _ in found[:fits]]
        return await self.rows(batch_id, row_nos)

    async def any_after(self, batch_id: UUID, row_no: int) -> bool:
        """Whether rows of the batch behind this one are stored."""
        following = select(ImportRow.row_no).where(
            col(ImportRow.batch_id) == batch_id, col(ImportRow.row_no) > row_no
        )
        return (
            await self.session.exec(of_found(following.limit(1), [batch_id]))
        ).first() is not None

    async def rows(self, batch_id: UUID, row_nos: Sequence[int]) -> Sequence[StoredRow]:
        """Rows of a batch in the order of the file."""
        these = any_of(ImportRow.row_no, row_nos, Integer())
        wanted = select_columns(
            *(col(ImportRow.row_no), col(ImportRow.result), col(ImportRow.raw)),
            *(col(ImportRow.court_id), col(ImportRow.identity_hash)),
        ).where(col(ImportRow.batch_id) == batch_id, these)
        connection = await self.session.connection()
        found = await connection.execute(
            of_found(wanted.order_by(col(ImportRow.row_no)), [batch_id])
        )
        return [StoredRow(*row) for row in found]

    async def next_groups(self, batch_id: UUID, after: int | None, limit: int) -> list[int]:
        """The groups of rows that follow, whole: as many as have `limit` rows, and one at least."""
        group, size = col(ImportRow.slip_group), func.octet_length(cast(col(ImportRow.raw), Text))
        following = select(group, size).where(
            col(ImportRow.batch_id) == batch_id,
            group.is_not(None) if after is None else group > after,
        )
        in_order = following.order_by(group, col(ImportRow.row_no)).limit(limit + 1)
        found = (await self.session.exec(of_found(in_order, [batch_id]))).all()
        fits = fitting([size for _, size in found[:limit]], CHUNK_BYTES)
        groups = list(dict.fromkeys(group for group, _ in found[:fits] if group is not None))
        is_cut = len(found) > fits and found[fits][0] == groups[-1]
        return groups[:-1] if is_cut and len(groups) > 1 else groups

    async def rows_of_groups(
        self, batch_id: UUID, groups: Collection[int], most: int, *conditions: ColumnElement[bool]
    ) -> Sequence[StoredRow]:
        """The rows of these groups that may be applied, in the order of the file; of more than
        `most` the last.
        """
        statement = select(ImportRow.row_no).where(
            col(ImportRow.batch_id) == batch_id,
            any_of(ImportRow.slip_group, set(groups), BigInteger()),
            to_apply(),
            *conditions,
        )
        last = statement.order_by(col(ImportRow.row_no).desc()).limit(most)
        found = (await self.session.exec(of_found(last, [batch_id]))).all()
        return await self.rows(batch_id, found)

    async def insert_rows(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows that were judged now."""
        judged = {"judged_at": self.clock.now()}
        await bulk.insert_rows(self.session, ImportRow, [{**row, **judged} for row in rows])

    async def replace_file_issues(
        self, batch_id: UUID, issues: Sequence[Mapping[str, Any]]
    ) -> None:
        """Replace the issues about the file as a whole."""
        await self._delete_issues(batch_id, [FILE_ROW])
        await self.insert_issues(issues)

    async def insert_issues(self, issues: Sequence[Mapping[str, Any]]) -> None:
        """Insert issues."""
        await bulk.insert_rows(self.session, ImportRowIssue, issues)

    async def change_rows(
        self,
        batch_id: UUID,
        rows: Sequence[Mapping[str, Any]],
        issues: Sequence[Mapping[str, Any]],
    ) -> None:
        """Write columns of rows by their key, and replace their issues."""
        if rows:
            await store_before(self.session, batch_id, states_of(rows, issues), self.clock.now())
            await self._delete_issues(batch_id, [row["row_no"] for row in rows])
            await bulk.update_rows(self.session, ImportRow, ROW_KEY, rows)
            await self.insert_issues(issues)

    async def note_cases_before(self, batch_id: UUID, cases: Collection[AnyCase]) -> None:
        """Note what these cases have, unless the batch has noted it before."""
        rows = [
            {
                "batch_id": batch_id,
                "case_id": case.id,
                "custody_count": case.custody_count,
                "legal_representation": case.legal_representation,
            }
            for case in cases
        ]
        await bulk.insert_missing(self.session, CaseBefore, rows)

    async def hold_for_grant(
        self, batch_id: UUID, row_nos: Collection[int], court_id: UUID, issue: Issue
    ) -> None:
        """Hold rows of a court; what they waited for before stays next to this issue."""
        these = (col(ImportRow.batch_id) == batch_id, col(ImportRow.row_no).in_(row_nos))
        held = [(row_no, court_id, True) for row_no in row_nos]
        await store_before(self.session, batch_id, held, self.clock.now())
        await self.session.exec(
            update(ImportRow).where(*these).values(result=RowResult.HELD, court_id=court_id)
        )
        of_row = and_(
            col(ImportRowIssue.batch_id) == col(ImportRow.batch_id),
            col(ImportRowIssue.row_no) == col(ImportRow.row_no),
        )
        values: dict[str, Any] = {
            "code": issue.code,
            "severity": issue.severity,
            "column": issue.column,
            "message": issue.message,
        }
        missing = (
            select(
                ImportRow.batch_id,
                ImportRow.row_no,
                func.coalesce(func.max(ImportRowIssue.seq), 0) + 1,
                *(
                    literal(value, getattr(ImportRowIssue, name).type)
                    for name, value in values.items()
                ),
            )
            .outerjoin(ImportRowIssue, of_row)
            .where(*these)
            .group_by(col(ImportRow.batch_id), col(ImportRow.row_no))
            .having(func.count().filter(col(ImportRowIssue.code) == issue.code) == 0)
        )
        columns = ["batch_id", "row_no", "seq", *values]
        await self.session.exec(insert(ImportRowIssue).from_select(columns, missing))

    async def repairs(self, batch_id: UUID, row_no: int) -> Sequence[RowRepair]:
        """How users changed the row's cells, the first change first."""
        statement = select(RowRepair).where(
            col(RowRepair.batch_id) == batch_id, col(RowRepair.row_no) == row_no
        )
        in_order = of_found(statement.order_by(col(RowRepair.seq)), [batch_id])
        return (await self.session.exec(in_order)).all()

    async def count_rows_with(self, batch_id: UUID, code: IssueCode) -> int:
        """How many rows have an issue of this code."""
        statement = select(func.count(func.distinct(ImportRowIssue.row_no))).where(
            col(ImportRowIssue.batch_id) == batch_id, col(ImportRowIssue.code) == code
        )
        return (await self.session.exec(of_found(statement, [batch_id]))).one()

    async def _delete_issues(self, batch_id: UUID, row_nos: Sequence[int]) -> None:
        await self.session.exec(
            delete(ImportRowIssue).where(
                col(ImportRowIssue.batch_id) == batch_id,
                any_of(ImportRowIssue.row_no, list(row_nos), Integer()),
            )
        )
