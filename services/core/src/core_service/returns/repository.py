"""Statements over batches and their files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import delete, func, insert
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from core_service.access.actors import Actor
from core_service.access.reach import filtered, registry_wide
from core_service.access.repository import CourtDataRepository
from core_service.returns.models import BatchState, ImportBatch, ImportFile
from core_service.returns.visibility import BatchView

WORKER: Final = "the worker checks what its actor may do now; requests have found the batch before"
# Once the rows are read, nothing needs the file: what follows works on them.
NEEDING_FILE: Final = (BatchState.UPLOADED, BatchState.VALIDATING)
SENDABLE_AGAIN = (BatchState.FAILED, BatchState.REVERTED)


@dataclass(frozen=True, slots=True)
class ImportRepository(CourtDataRepository[ImportBatch]):
    """Batches and the pieces of their files."""

    model: ClassVar[type[SQLModel]] = ImportBatch
    session: AsyncSession

    def visible(self, view: BatchView) -> SelectOfScalar[ImportBatch]:
        """The batches that the caller may see."""
        return filtered(select(ImportBatch).where(view.batches()))

    def by_id(self, batch_id: UUID) -> SelectOfScalar[ImportBatch]:
        """One batch, for the worker."""
        return registry_wide(select(ImportBatch).where(col(ImportBatch.id) == batch_id), WORKER)

    def same_file(self, sha256: str) -> SelectOfScalar[ImportBatch]:
        """The earlier batch of these bytes, because of which they are refused."""
        statement = select(ImportBatch).where(
            col(ImportBatch.sha256) == sha256, col(ImportBatch.state).not_in(SENDABLE_AGAIN)
        )
        return registry_wide(statement, "a file is accepted once, from any sender")

    async def sent_before(self, batch: ImportBatch) -> Sequence[ImportBatch]:
        """The sender's last earlier batch of the same bytes, if there is one."""
        statement = select(ImportBatch).where(
            col(ImportBatch.sha256) == batch.sha256,
            col(ImportBatch.id) < batch.id,
            col(ImportBatch.created_by).is_not_distinct_from(batch.created_by),
        )
        last = statement.order_by(col(ImportBatch.id).desc()).limit(1)
        return await self.all(registry_wide(last, "the sender's own"))

    async def stored_of(self, sender: Actor) -> tuple[int, int]:
        """How many files of a sender wait to be read, and the bytes of theirs that are stored."""
        unread = func.count().filter(col(ImportBatch.state).in_(NEEDING_FILE))
        statement = select(unread, func.coalesce(func.sum(ImportBatch.size), 0)).where(
            col(ImportBatch.created_by).is_not_distinct_from(sender.user_id),
            col(ImportBatch.client_id).is_not_distinct_from(sender.client_id),
            col(ImportBatch.file_deleted_at).is_(None),
        )
        own = filtered(statement)
        files, size = (await self.session.exec(own)).one()
        return int(files), int(size)

    async def lock(self, batch_id: UUID) -> ImportBatch | None:
        """A batch, locked until the transaction ends and read after that."""
        statement = (
            select(ImportBatch)
            .where(col(ImportBatch.id) == batch_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        held = registry_wide(statement, WORKER)
        return (await self.session.exec(held)).first()

    async def change(self, batch: ImportBatch, **values: Any) -> None:
        """Write columns of a locked batch."""
        batch.sqlmodel_update(values)
        batch.version += 1
        await self.session.flush()

    async def store(self, batch_id: UUID, chunk_no: int, content: bytes) -> None:
        """Store one piece of the file."""
        values = {"batch_id": batch_id, "chunk_no": chunk_no, "content": content}
        await self.session.exec(insert(ImportFile).values(values))

    async def copy_file(self, batch_id: UUID, to: IO[bytes]) -> None:
        """Write the file, piece by piece."""
        chunk_no, content = 0, await self._piece(batch_id, 0)
        while content is not None:
            to.write(content)
            chunk_no += 1
            content = await self._piece(batch_id, chunk_no)
        to.flush()

    async def _piece(self, batch_id: UUID, chunk_no: int) -> bytes | None:
        statement = select(ImportFile.content).where(
            col(ImportFile.batch_id) == batch_id, col(ImportFile.chunk_no) == chunk_no
        )
        return (await self.session.exec(registry_wide(statement, WORKER))).first()

    async def due_for_deletion(self, before: datetime, limit: int) -> Sequence[UUID]:
        """Batches whose file nothing needs and that have not changed since `before`."""
        statement = select(ImportBatch.id).where(
            col(ImportBatch.file_deleted_at).is_(None),
            col(ImportBatch.state).not_in(NEEDING_FILE),
            col(ImportBatch.updated_at) < before,
        )
        due = registry_wide(statement.limit(limit), "files of all courts stay for the same time")
        return (await self.session.exec(due)).all()

    async def delete_file(self, batch_id: UUID) -> None:
        """Delete every piece of the file."""
        await self.session.exec(delete(ImportFile).where(col(ImportFile.batch_id) == batch_id))
