"""Accepts the files of returns; the worker reads them."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from common.database import constraint_name
from common.identity import Principal
from core_service.access.actors import Actor, creation_columns
from core_service.access.courts import require_court
from core_service.court_calendar import CourtCalendar
from core_service.jobs import JobQueue
from core_service.returns.errors import DuplicateFile, TooManyImports
from core_service.returns.files.limits import MIB
from core_service.returns.files.uploads import Upload
from core_service.returns.models import (
    CHUNK_BYTES,
    ImportBatch,
    ImportLimits,
    ImportMode,
)
from core_service.returns.repository import ImportRepository
from core_service.returns.service import RUN_TASK
from core_service.returns.visibility import BatchView
from core_service.returns.visible_batch import VisibleBatch

ONE_FILE_ONCE: Final = "uq_import_batches_sha256"


@dataclass(frozen=True, slots=True)
class ReturnSubmission:
    """Stores files, within the limits of their senders."""

    imports: ImportRepository
    jobs: JobQueue
    calendar: CourtCalendar
    limits: ImportLimits

    def authorize(self, court_id: UUID | None, by: Principal) -> BatchView:
        """What a sender may see. Raises PermissionDenied when they may not send for this court."""
        view = BatchView.of(by)
        if court_id is not None:
            require_court(view.writable, court_id)
        return view

    async def submit(
        self, upload: Upload, mode: ImportMode, court_id: UUID | None, by: Principal
    ) -> VisibleBatch:
        """Store a file and queue its processing, all in one transaction.

        Raises PermissionDenied, TooManyImports and, for bytes that were sent before, DuplicateFile.
        """
        view = self.authorize(court_id, by)
        batch = self._batch(upload, mode, court_id, by)
        await self._refuse_duplicate(batch.sha256, view)
        await self._require_room(upload, Actor.of(by))
        await self._insert(batch, view)
        upload.file.seek(0)
        chunk_no = 0
        while piece := upload.file.read(CHUNK_BYTES):
            await self.imports.store(batch.id, chunk_no, piece)
            chunk_no += 1
        await self.jobs.defer(
            self.imports.session, RUN_TASK, lock=f"import:{batch.id}", batch_id=str(batch.id)
        )
        return VisibleBatch.whole(batch)

    async def _insert(self, batch: ImportBatch, view: BatchView) -> None:
        try:
            async with self.imports.session.begin_nested():
                await self.imports.add(batch)
        except IntegrityError as error:
            if constraint_name(error) == ONE_FILE_ONCE:
                await self._refuse_duplicate(batch.sha256, view)
            raise

    async def _require_room(self, upload: Upload, sender: Actor) -> None:
        """Raise TooManyImports where a sender's files would cost more than their share."""
        unread, stored = await self.imports.stored_of(sender)
        if unread >= self.limits.max_unread:
            raise TooManyImports(f"{unread} of your files wait to be read; send this one later")
        if stored + upload.size > self.limits.max_stored_bytes:
            limit = self.limits.max_stored_bytes // MIB
            raise TooManyImports(f"At most {limit} MiB of your files are stored at a time")

    async def _refuse_duplicate(self, sha256: str, view: BatchView) -> None:
        same_file = self.imports.same_file(sha256)
        earlier = await self.imports.first(same_file.where(view.batches()))
        if earlier is not None:
            sent_on = self.calendar.day_of(earlier.created_at)
            raise DuplicateFile(
                f"The same file was sent on {sent_on} as {earlier.filename}",
                extra={"batch_id": str(earlier.id), "batch_state": earlier.state.value},
            )
        if await self.imports.first(same_file) is not None:
            raise DuplicateFile

    def _batch(
        self, upload: Upload, mode: ImportMode, court_id: UUID | None, by: Principal
    ) -> ImportBatch:
        return ImportBatch(
            **creation_columns(Actor.of(by), self.calendar.clock.now()),
            mode=mode,
            filename=upload.filename,
            sha256=upload.sha256,
            size=upload.size,
            court_id=court_id,
            client_id=by.client_id,
        )
