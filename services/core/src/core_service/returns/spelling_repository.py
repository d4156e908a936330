"""Statements over the spellings that rows of batches wait for."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    func,
    or_,
    tuple_,
)
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core_service.access.reach import registry_wide
from core_service.access.repository import CourtDataRepository
from core_service.aliases.models import Alias, AliasState
from core_service.bulk import any_of
from core_service.returns.issues import IssueCode
from core_service.returns.models import ImportRow, ImportRowIssue


@dataclass(frozen=True, slots=True)
class SpellingRepository(CourtDataRepository[ImportRowIssue]):
    """Rows by the undecided spellings that they name."""

    model: ClassVar[type[SQLModel]] = ImportRowIssue
    session: AsyncSession

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
