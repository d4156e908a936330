"""Statements over a batch's rows and their issues, for those who work on them.

What callers see of them is read through `ShownRows` alone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, insert, literal, or_, update
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from common.repository import Repository
from core_service.aliases.models import Alias
from core_service.returns.issues import Code, Issue
from core_service.returns.models import ImportRow, ImportRowIssue, Result
from core_service.returns.said import Digests, SaidInFile

ACCEPTED = (Result.NEW, Result.CORRECTION, Result.UNCHANGED)
RECORDED = (Result.NEW, Result.CORRECTION)
# What rejected a row once and may be otherwise now: a wider mandate, a spelling accepted after all.
MAY_PASS = (Code.COURT_NOT_GRANTED, Code.NAME_REJECTED)
# Issues about the file as a whole stand at this row; rows count from 1.
FILE_ROW = 0


def rejected_for(*codes: Code) -> ColumnElement[bool]:
    """That a row was rejected for one of these reasons, perhaps among others."""
    reasons = select(ImportRowIssue.row_no).where(
        col(ImportRowIssue.batch_id) == col(ImportRow.batch_id),
        col(ImportRowIssue.row_no) == col(ImportRow.row_no),
        col(ImportRowIssue.code).in_(codes),
    )
    return and_(col(ImportRow.result) == Result.REJECTED, reasons.exists())


def to_apply() -> ColumnElement[bool]:
    """That a row of a validated batch may be applied."""
    never = (Result.EMPTY, Result.REJECTED)
    return or_(col(ImportRow.result).not_in(never), rejected_for(*MAY_PASS))


def waiting() -> ColumnElement[bool]:
    """That a row of an applied batch waits for somebody, or may pass now."""
    return or_(col(ImportRow.result) == Result.HELD, rejected_for(*MAY_PASS))


@dataclass(frozen=True, slots=True)
class RowRepository(Repository[ImportRow]):
    """Rows and their issues."""

    model: ClassVar[type[SQLModel]] = ImportRow
    session: AsyncSession

    async def next_rows(
        self, batch_id: UUID, after: int, limit: int, *conditions: ColumnElement[bool]
    ) -> Sequence[ImportRow]:
        """The rows that follow, in the order of the file."""
        statement = select(ImportRow).where(
            col(ImportRow.batch_id) == batch_id, col(ImportRow.row_no) > after, *conditions
        )
        return await self.all(statement.order_by(col(ImportRow.row_no)).limit(limit))

    def waiting_for(self, alias_id: UUID) -> ColumnElement[bool]:
        """That a row has an issue about this spelling."""
        about = select(ImportRowIssue.row_no).where(
            col(ImportRowIssue.alias_id) == alias_id,
            col(ImportRowIssue.batch_id) == col(ImportRow.batch_id),
        )
        return col(ImportRow.row_no).in_(about)

    async def batches_waiting_for(self, alias_id: UUID) -> Sequence[UUID]:
        """The batches with rows about this spelling, the oldest first."""
        statement = (
            select(ImportRowIssue.batch_id)
            .where(col(ImportRowIssue.alias_id) == alias_id)
            .distinct()
            .order_by(col(ImportRowIssue.batch_id))
        )
        return (await self.session.exec(statement)).all()

    async def said_in_file(
        self, batch_id: UUID, identities: Collection[bytes], through: int
    ) -> SaidInFile:
        """What accepted rows up to `through` have said about these events."""
        statement = select(ImportRow.identity_hash, ImportRow.content_hash).where(
            col(ImportRow.batch_id) == batch_id,
            col(ImportRow.identity_hash).in_(identities),
            col(ImportRow.row_no) <= through,
            col(ImportRow.result).in_(ACCEPTED),
        )
        said = SaidInFile()
        for identity, content in await self.session.exec(statement):
            said.add(Digests(identity or b"", content or b""))
        return said

    async def last_said(self, batch_id: UUID, identities: Collection[bytes]) -> dict[bytes, int]:
        """The last accepted row of the batch that speaks of each event."""
        statement = (
            select(ImportRow.identity_hash, func.max(ImportRow.row_no))
            .where(
                col(ImportRow.batch_id) == batch_id,
                col(ImportRow.identity_hash).in_(identities),
                col(ImportRow.result).in_(ACCEPTED),
            )
            .group_by(col(ImportRow.identity_hash))
        )
        return {identity or b"": row_no for identity, row_no in await self.session.exec(statement)}

    async def origins(self, activity_ids: Collection[UUID]) -> dict[UUID, ImportRow]:
        """The rows that activities were recorded from."""
        statement = select(ImportRow).where(
            col(ImportRow.activity_id).in_(activity_ids), col(ImportRow.result).in_(RECORDED)
        )
        found = (await self.session.exec(statement)).all()
        return {row.activity_id: row for row in found if row.activity_id is not None}

    async def insert_rows(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows."""
        if rows:
            await self.session.exec(insert(ImportRow), params=rows)

    async def replace_file_issues(
        self, batch_id: UUID, issues: Sequence[Mapping[str, Any]]
    ) -> None:
        """Put these issues in the place of those about the file as a whole."""
        await self._forget_issues(batch_id, [FILE_ROW])
        await self.insert_issues(issues)

    async def insert_issues(self, issues: Sequence[Mapping[str, Any]]) -> None:
        """Insert issues."""
        if issues:
            # A NULL for what an issue lacks: all in one statement, whatever each has.
            nulls = {"render_nulls": True}
            await self.session.exec(insert(ImportRowIssue), params=issues, execution_options=nulls)

    async def change_rows(
        self,
        batch_id: UUID,
        rows: Sequence[Mapping[str, Any]],
        issues: Sequence[Mapping[str, Any]],
    ) -> None:
        """Write columns of rows by their key, and these issues in the place of theirs."""
        if rows:
            await self._forget_issues(batch_id, [row["row_no"] for row in rows])
            await self.session.exec(update(ImportRow), params=rows)
            await self.insert_issues(issues)

    async def name_cases(self, batch_id: UUID, cases: Mapping[int, UUID]) -> None:
        """Write which cases rows name."""
        if cases:
            rows = [
                {"batch_id": batch_id, "row_no": row_no, "case_id": case_id}
                for row_no, case_id in cases.items()
            ]
            await self.session.exec(update(ImportRow), params=rows)

    async def hold_back(
        self, batch_id: UUID, row_nos: Collection[int], court_id: UUID, issue: Issue
    ) -> None:
        """Let rows of a court wait; what they waited for before stays beside this issue."""
        these = (col(ImportRow.batch_id) == batch_id, col(ImportRow.row_no).in_(row_nos))
        await self.session.exec(
            update(ImportRow).where(*these).values(result=Result.HELD, court_id=court_id)
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

    async def hold_undecided(self, alias_ids: Iterable[UUID]) -> Sequence[Alias]:
        """Keep anybody from deciding about these spellings until the transaction ends.

        A decision releases the rows that it finds waiting: without this, one made while a chunk is
        being written would miss the chunk's rows, and they would wait for ever.
        """
        statement = (
            select(Alias)
            .where(col(Alias.id).in_(set(alias_ids)))
            .order_by(col(Alias.id))
            .with_for_update(read=True)
            .execution_options(populate_existing=True)
        )
        return (await self.session.exec(statement)).all()

    async def count_rows_with(self, batch_id: UUID, code: Code) -> int:
        """How many rows have an issue of this code."""
        statement = select(func.count(func.distinct(ImportRowIssue.row_no))).where(
            col(ImportRowIssue.batch_id) == batch_id, col(ImportRowIssue.code) == code
        )
        return (await self.session.exec(statement)).one()

    async def _forget_issues(self, batch_id: UUID, row_nos: Sequence[int]) -> None:
        await self.session.exec(
            delete(ImportRowIssue).where(
                col(ImportRowIssue.batch_id) == batch_id, col(ImportRowIssue.row_no).in_(row_nos)
            )
        )
