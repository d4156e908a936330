"""Statements over a batch's rows and their issues, for the worker.

What callers see of them is read through `VisibleRows` alone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    LargeBinary,
    Text,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    tuple_,
    update,
)
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert as insert_or_skip
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from common.pages import fitting
from core_service import bulk
from core_service.access.reach import of_found, registry_wide
from core_service.access.repository import CourtDataRepository
from core_service.aliases.models import Alias, AliasState
from core_service.bulk import any_of
from core_service.cases.records import AnyCase
from core_service.returns.files.limits import MIB
from core_service.returns.issues import Issue, IssueCode
from core_service.returns.models import CaseBefore, ImportRow, ImportRowIssue, RowRepair, RowResult

ACCEPTED = (RowResult.NEW, RowResult.CORRECTION, RowResult.UNCHANGED)
APPLICABLE = (*ACCEPTED, RowResult.DUPLICATE)
RECORDED = (RowResult.NEW, RowResult.CORRECTION)
# Reasons that may no longer hold: the grants are wider, the spelling was accepted after all, the
# deleted case was restored.
MAY_PASS = (IssueCode.COURT_NOT_GRANTED, IssueCode.NAME_REJECTED, IssueCode.ROW_REFUSED)
# Remarks that compare a row with its case.
OF_CASE = (IssueCode.FILED_CONFLICT, IssueCode.CASE_FACT_DIFFERS)
ROW_KEY = ("batch_id", "row_no")
ORIGINS = "a row is compared with the one that its activity came from, at any court"
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


AnyRow = ImportRow | StoredRow


@dataclass(frozen=True, slots=True)
class Origin:
    """The row that an activity was recorded from; `raw` where its content is another."""

    batch_id: UUID
    row_no: int
    content_hash: bytes | None
    court_id: UUID | None
    raw: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class RowRepository(CourtDataRepository[ImportRow]):
    """Rows and their issues."""

    model: ClassVar[type[SQLModel]] = ImportRow
    session: AsyncSession

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
            col(ImportRow.row_no), col(ImportRow.result), col(ImportRow.raw)
        ).where(col(ImportRow.batch_id) == batch_id, these)
        connection = await self.session.connection()
        found = await connection.execute(
            of_found(wanted.order_by(col(ImportRow.row_no)), [batch_id])
        )
        return [StoredRow(*row) for row in found]

    def waiting_for(self, alias_id: UUID) -> ColumnElement[bool]:
        """That a row has an issue about this spelling."""
        about = select(ImportRowIssue.row_no).where(
            col(ImportRowIssue.alias_id) == alias_id,
            col(ImportRowIssue.batch_id) == col(ImportRow.batch_id),
        )
        return col(ImportRow.row_no).in_(about)

    async def released_by(
        self, alias_id: UUID, batch_id: UUID, max_new_spellings: int
    ) -> ColumnElement[bool]:
        """That a row of the batch is judged again when this spelling is decided.

        Rows beyond the limit of new spellings are among them as soon as half of the listed ones are
        decided: a large file is not judged again for each, and no row waits for ever.
        """
        waiting = self.waiting_for(alias_id)
        if await self.count_undecided(batch_id) > max_new_spellings // 2:
            return waiting
        limited = select(ImportRowIssue.row_no).where(
            col(ImportRowIssue.batch_id) == batch_id,
            col(ImportRowIssue.code) == IssueCode.SPELLING_LIMIT,
        )
        return or_(waiting, col(ImportRow.row_no).in_(limited))

    async def count_undecided(self, batch_id: UUID, listed: Collection[UUID] = ()) -> int:
        """How many undecided spellings that the batch introduced its rows wait for; `listed` by
        rows that are not stored yet.

        One that courts have decided for themselves stays undecided for the others, but no row of
        these courts waits for it any more.
        """
        alias_id, batch = col(ImportRowIssue.alias_id), col(ImportRowIssue.batch_id)
        # One step in the index for each, however many rows the batch and the spelling have.
        step = select(alias_id, batch).where(
            alias_id.is_not(None), tuple_(alias_id, batch) >= tuple_(Alias.id, batch_id)
        )
        row = step.order_by(alias_id, batch).limit(1).correlate(Alias).lateral("row")
        statement = (
            select(func.count())
            .select_from(Alias)
            .outerjoin(row, and_(row.c.alias_id == Alias.id, row.c.batch_id == batch_id))
            .where(
                or_(row.c.alias_id.is_not(None), any_of(Alias.id, set(listed))),
                col(Alias.first_seen_batch_id) == batch_id,
                col(Alias.state) == AliasState.PENDING,
            )
        )
        return (await self.session.exec(registry_wide(statement, "the limit of a file"))).one()

    async def batches_waiting_for(self, alias_id: UUID) -> Sequence[UUID]:
        """The batches with rows about this spelling, the oldest first."""
        statement = (
            select(ImportRowIssue.batch_id)
            .where(col(ImportRowIssue.alias_id) == alias_id)
            .distinct()
            .order_by(col(ImportRowIssue.batch_id))
        )
        waiting = registry_wide(statement, "a decision releases every row that waits for it")
        return (await self.session.exec(waiting)).all()

    async def known_in_file(
        self, batch_id: UUID, identities: Collection[bytes], through: int
    ) -> Sequence[tuple[bytes | None, bytes | None, bool]]:
        """The digests of rows up to `through` about these events that can be applied, in their
        order, and whether each is recorded.
        """
        statement = select(
            col(ImportRow.identity_hash), col(ImportRow.content_hash), col(ImportRow.result)
        ).where(
            col(ImportRow.batch_id) == batch_id,
            any_of(ImportRow.identity_hash, set(identities), LargeBinary()),
            col(ImportRow.row_no) <= through,
            col(ImportRow.result).in_(APPLICABLE),
        )
        in_order = statement.order_by(col(ImportRow.row_no))
        found = (await self.session.exec(of_found(in_order, [batch_id]))).all()
        return [(identity, content, result in RECORDED) for identity, content, result in found]

    async def last_accepted(
        self, batch_id: UUID, identities: Collection[bytes]
    ) -> dict[bytes, int]:
        """The last accepted row of the batch about each event."""
        if not identities:
            return {}
        statement = (
            select(ImportRow.identity_hash, func.max(ImportRow.row_no))
            .where(
                col(ImportRow.batch_id) == batch_id,
                any_of(ImportRow.identity_hash, set(identities), LargeBinary()),
                col(ImportRow.result).in_(ACCEPTED),
            )
            .group_by(col(ImportRow.identity_hash))
        )
        found = await self.session.exec(of_found(statement, [batch_id]))
        return {identity or b"": row_no for identity, row_no in found}

    async def origins(
        self, activity_ids: Collection[UUID], contents: Collection[bytes]
    ) -> dict[UUID, Origin]:
        """The rows that activities were recorded from; with their cells where the content is none
        of `contents`.
        """
        if not activity_ids:
            return {}
        known = any_of(ImportRow.content_hash, set(contents), LargeBinary())
        statement = select_columns(
            col(ImportRow.activity_id),
            col(ImportRow.batch_id),
            col(ImportRow.row_no),
            col(ImportRow.content_hash),
            col(ImportRow.court_id),
            case((known, None), else_=col(ImportRow.raw)),
        ).where(
            any_of(ImportRow.activity_id, set(activity_ids)),
            col(ImportRow.result).in_(RECORDED),
        )
        connection = await self.session.connection()
        found = await connection.execute(registry_wide(statement, ORIGINS))
        return {row[0]: Origin(*row[1:]) for row in found}

    async def insert_rows(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows."""
        await bulk.insert_rows(self.session, ImportRow, rows)

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
        if rows:
            statement = insert_or_skip(CaseBefore).on_conflict_do_nothing()
            await self.session.exec(statement, params=rows)

    async def supersede_in_file(
        self, batch_id: UUID, identities: Collection[bytes], before: int, issue: Issue
    ) -> int:
        """Make corrections of these events DUPLICATE: a later row of the file corrects as well.

        Returns how many rows that are.
        """
        corrections = (
            update(ImportRow)
            .where(
                col(ImportRow.batch_id) == batch_id,
                col(ImportRow.identity_hash).in_(identities),
                col(ImportRow.row_no) < before,
                col(ImportRow.result) == RowResult.CORRECTION,
            )
            .values(result=RowResult.DUPLICATE)
            .returning(col(ImportRow.row_no))
        )
        row_nos = (await self.session.exec(corrections)).scalars().all()
        await self.session.exec(
            update(ImportRowIssue)
            .where(
                col(ImportRowIssue.batch_id) == batch_id,
                col(ImportRowIssue.row_no).in_(row_nos),
                col(ImportRowIssue.code) == IssueCode.CORRECTION,
            )
            .values(code=issue.code, severity=issue.severity, message=issue.message)
        )
        # What differs from the case is remarked on rows that are recorded alone.
        await self.session.exec(
            delete(ImportRowIssue).where(
                col(ImportRowIssue.batch_id) == batch_id,
                col(ImportRowIssue.row_no).in_(row_nos),
                col(ImportRowIssue.code).in_(OF_CASE),
            )
        )
        return len(row_nos)

    async def hold_for_grant(
        self, batch_id: UUID, row_nos: Collection[int], court_id: UUID, issue: Issue
    ) -> None:
        """Hold rows of a court; what they waited for before stays next to this issue."""
        these = (col(ImportRow.batch_id) == batch_id, col(ImportRow.row_no).in_(row_nos))
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

    async def later_rows_about(
        self, batch_id: UUID, row_no: int, identity: bytes
    ) -> Sequence[ImportRow]:
        """The rows after this one about the same event."""
        statement = select(ImportRow).where(
            col(ImportRow.batch_id) == batch_id,
            col(ImportRow.identity_hash) == identity,
            col(ImportRow.row_no) > row_no,
        )
        return await self.all(of_found(statement.order_by(col(ImportRow.row_no)), [batch_id]))

    async def to_be_recorded(
        self, batch_id: UUID, identities: Collection[bytes]
    ) -> Sequence[ImportRow]:
        """The rows about these events that are recorded or are to be, in the file's order."""
        statement = select(ImportRow).where(
            col(ImportRow.batch_id) == batch_id,
            col(ImportRow.identity_hash).in_(identities),
            col(ImportRow.result).in_(RECORDED),
        )
        return await self.all(of_found(statement.order_by(col(ImportRow.row_no)), [batch_id]))

    async def lock_undecided(self, alias_ids: Iterable[UUID]) -> Sequence[Alias]:
        """Lock these aliases against decisions until the transaction ends.

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
        held = registry_wide(statement, "the chunk has listed these spellings itself")
        return (await self.session.exec(held)).all()

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
