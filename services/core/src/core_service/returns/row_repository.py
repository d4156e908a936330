"""Statements over a batch's rows and what was said about them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, delete, func, insert, or_, tuple_, update
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from common.pages import fitting, row_bytes
from core_service.access.reach import of_found, registry_wide
from core_service.access.repository import CourtDataRepository
from core_service.aliases.models import Alias, AliasState
from core_service.returns.issues import Code, Severity
from core_service.returns.limits import MIB
from core_service.returns.models import ImportRow, ImportRowIssue, Result
from core_service.returns.said import Digests, SaidInFile

ACCEPTED = (Result.NEW, Result.CORRECTION, Result.UNCHANGED)
RECORDED = (Result.NEW, Result.CORRECTION)
# Issues about the file as a whole stand at this row; rows count from 1.
FILE_ROW = 0
# The names, the code and the IDs around what is written in an issue.
ISSUE_BYTES = 200
# The rows of a chunk, which are all in memory at once.
CHUNK_BYTES = 2 * MIB


@dataclass(frozen=True, slots=True)
class RowRepository(CourtDataRepository[ImportRow]):
    """Rows and their issues."""

    model: ClassVar[type[SQLModel]] = ImportRow
    session: AsyncSession

    def of_batch(self, batch_id: UUID, result: Result | None = None) -> SelectOfScalar[ImportRow]:
        """The rows of a batch, or those with one result."""
        statement = of_found(
            select(ImportRow).where(col(ImportRow.batch_id) == batch_id), [batch_id]
        )
        return statement if result is None else statement.where(col(ImportRow.result) == result)

    def issues_of_batch(
        self, batch_id: UUID, code: Code | None = None, severity: Severity | None = None
    ) -> SelectOfScalar[ImportRowIssue]:
        """The issues of a batch, of its rows and of its file."""
        statement = of_found(
            select(ImportRowIssue).where(col(ImportRowIssue.batch_id) == batch_id), [batch_id]
        )
        if code is not None:
            statement = statement.where(col(ImportRowIssue.code) == code)
        if severity is not None:
            statement = statement.where(col(ImportRowIssue.severity) == severity)
        return statement

    async def issues_of_rows(
        self, batch_id: UUID, row_nos: Sequence[int]
    ) -> Mapping[int, Sequence[ImportRowIssue]]:
        """The issues of some rows, in the order they were found."""
        statement = self.issues_of_batch(batch_id).where(col(ImportRowIssue.row_no).in_(row_nos))
        found: dict[int, list[ImportRowIssue]] = {row_no: [] for row_no in row_nos}
        for issue in await self.session.exec(statement.order_by(col(ImportRowIssue.seq))):
            found[issue.row_no].append(issue)
        return found

    async def sizes(self, rows: Sequence[ImportRow]) -> Sequence[int]:
        """How large rows are when they are shown with their issues, in bytes."""
        if not rows:
            return ()
        row_nos = [row.row_no for row in rows]
        text = func.concat(
            *(
                col(column)
                for column in (
                    ImportRowIssue.column,
                    ImportRowIssue.value,
                    ImportRowIssue.message,
                    ImportRowIssue.suggestion,
                )
            )
        )
        size = func.sum(func.octet_length(cast(func.to_json(text), Text)) + ISSUE_BYTES)
        statement = (
            select(ImportRowIssue.row_no, size)
            .where(
                col(ImportRowIssue.batch_id) == rows[0].batch_id,
                col(ImportRowIssue.row_no).in_(row_nos),
            )
            .group_by(col(ImportRowIssue.row_no))
        )
        issues = dict((await self.session.exec(statement)).all())
        return [row_bytes(row) + int(issues.get(row.row_no, 0)) for row in rows]

    async def next_rows(
        self, batch_id: UUID, after: int, limit: int, *conditions: ColumnElement[bool]
    ) -> Sequence[ImportRow]:
        """The rows that follow, in the order of the file; fewer when they are large."""
        size = func.octet_length(cast(col(ImportRow.raw), Text))
        statement = (
            select(ImportRow.row_no, size)
            .where(col(ImportRow.batch_id) == batch_id, col(ImportRow.row_no) > after, *conditions)
            .order_by(col(ImportRow.row_no))
            .limit(limit)
        )
        found = (await self.session.exec(statement)).all()
        fits = fitting([size for _, size in found], CHUNK_BYTES)
        row_nos = [row_no for row_no, _ in found[:fits]]
        wanted = self.of_batch(batch_id).where(col(ImportRow.row_no).in_(row_nos))
        return await self.all(wanted.order_by(col(ImportRow.row_no)))

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
            col(ImportRowIssue.code) == Code.SPELLING_LIMIT,
        )
        return or_(waiting, col(ImportRow.row_no).in_(limited))

    async def count_undecided(self, batch_id: UUID) -> int:
        """How many undecided spellings that the batch was the first to bring its rows wait for.

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
            .join(row, and_(row.c.alias_id == Alias.id, row.c.batch_id == batch_id))
            .where(
                col(Alias.first_seen_batch_id) == batch_id, col(Alias.state) == AliasState.PENDING
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
        for identity, content in await self.session.exec(of_found(statement, [batch_id])):
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
        found = await self.session.exec(of_found(statement, [batch_id]))
        return {identity or b"": row_no for identity, row_no in found}

    async def origins(self, activity_ids: Collection[UUID]) -> dict[UUID, ImportRow]:
        """The rows that activities were recorded from."""
        statement = select(ImportRow).where(
            col(ImportRow.activity_id).in_(activity_ids), col(ImportRow.result).in_(RECORDED)
        )
        found = (await self.session.exec(of_found(statement, activity_ids))).all()
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
        held = registry_wide(statement, "the chunk has noted these spellings itself")
        return (await self.session.exec(held)).all()

    async def count_rows_with(self, batch_id: UUID, code: Code) -> int:
        """How many rows have an issue of this code."""
        statement = select(func.count(func.distinct(ImportRowIssue.row_no))).where(
            col(ImportRowIssue.batch_id) == batch_id, col(ImportRowIssue.code) == code
        )
        return (await self.session.exec(of_found(statement, [batch_id]))).one()

    async def _forget_issues(self, batch_id: UUID, row_nos: Sequence[int]) -> None:
        await self.session.exec(
            delete(ImportRowIssue).where(
                col(ImportRowIssue.batch_id) == batch_id, col(ImportRowIssue.row_no).in_(row_nos)
            )
        )
