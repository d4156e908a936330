"""Uploaded files are deleted some time after their batch ended; the rows read from them stay."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from common.clock import Clock
from common.database import Database
from common.logs import get_logger
from core_service.access.reach import registry_wide
from core_service.audit.acting import job
from core_service.returns.models import ImportBatch
from core_service.returns.repository import NEEDING_FILE, ImportRepository

JOB: Final = "import file retention"
AUDITED: Final = frozenset({"import_batches"})
# How many files one query finds.
AT_ONCE: Final = 100

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FileRetention:
    """Deletes files `days` after the last change of their batch."""

    database: Database
    clock: Clock
    imports: Callable[[AsyncSession], ImportRepository]
    days: int

    async def delete_due(self) -> int:
        """Delete every file that is due, each in its own transaction; returns how many."""
        before = self.clock.now() - timedelta(days=self.days)
        deleted = 0
        while due := await self._due(before):
            for batch_id in due:
                deleted += await self._delete(batch_id, before)
        if deleted:
            log.info("import_files_deleted", files=deleted)
        return deleted

    async def _due(self, before: datetime) -> list[UUID]:
        statement = select(ImportBatch.id).where(
            col(ImportBatch.file_deleted_at).is_(None),
            col(ImportBatch.state).not_in(NEEDING_FILE),
            col(ImportBatch.updated_at) < before,
        )
        due = registry_wide(statement.limit(AT_ONCE), "files of all courts stay for the same time")
        async with self.database.snapshot() as session:
            return list((await session.exec(due)).all())

    async def _delete(self, batch_id: UUID, before: datetime) -> bool:
        with job(JOB, AUDITED):
            async with self.database.transaction() as session:
                imports = self.imports(session)
                batch = await imports.lock(batch_id)
                if batch is None or batch.state in NEEDING_FILE or batch.updated_at >= before:
                    return False  # it has changed since it was found
                await imports.delete_file(batch_id)
                await imports.change(batch, file_deleted_at=self.clock.now())
                return True
