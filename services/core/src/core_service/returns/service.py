"""Takes returns in and tells what became of them; the worker does the rest."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from common.clock import Clock
from common.database import constraint_name
from common.identity import Grant, Principal, Role
from common.pages import PageRequest
from common.repository import Repository
from core_service.access.actors import Actor
from core_service.access.courts import require_court, writing
from core_service.jobs import JobQueue
from core_service.keyset import Order, Pager, Slice, SortKey, read_id
from core_service.returns.errors import BatchNotReady, DuplicateFile, ImportNotFound
from core_service.returns.issues import Code, Severity
from core_service.returns.models import (
    CHUNK_BYTES,
    BatchState,
    ImportBatch,
    ImportRow,
    ImportRowIssue,
    Mode,
    Result,
)
from core_service.returns.repository import ImportRepository
from core_service.returns.row_repository import RowRepository
from core_service.returns.signature import require_return
from core_service.stamps import first_stamp

RUN_TASK: Final = "returns:run"
ONE_FILE_ONCE: Final = "uq_import_batches_sha256"

NEWEST_FIRST: Final[Order[ImportBatch]] = Order(
    "-id", (SortKey(col(ImportBatch.id), lambda batch: batch.id, read_id),), descending=True
)
IN_FILE_ORDER: Final[Order[ImportRow]] = Order(
    "row_no", (SortKey(col(ImportRow.row_no), lambda row: row.row_no, int),), large=True
)
ISSUES_IN_FILE_ORDER: Final[Order[ImportRowIssue]] = Order(
    "row_no,seq",
    (
        SortKey(col(ImportRowIssue.row_no), lambda issue: issue.row_no, int),
        SortKey(col(ImportRowIssue.seq), lambda issue: issue.seq, int),
    ),
    large=True,
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sent, with its digest; it can be read again from its start."""

    filename: str
    file: BinaryIO
    sha256: str
    size: int

    @classmethod
    def of(cls, filename: str, file: BinaryIO) -> "Upload":
        """Read a file once, a piece at a time, to know it. Raises FileEmpty, FileNotReturn."""
        require_return(file)
        digest, size = hashlib.sha256(), 0
        while piece := file.read(CHUNK_BYTES):
            digest.update(piece)
            size += len(piece)
        return cls(filename, file, digest.hexdigest(), size)


@dataclass(frozen=True, slots=True)
class RowPage:
    """Rows of a batch with what was said about each."""

    rows: Slice[ImportRow]
    issues: Mapping[int, Sequence[ImportRowIssue]]


@dataclass(frozen=True, slots=True)
class ImportService:
    """Imports, as those who send them see them."""

    imports: ImportRepository
    rows: RowRepository
    pager: Pager
    jobs: JobQueue
    clock: Clock

    async def submit(
        self, upload: Upload, mode: Mode, court_id: UUID | None, by: Principal
    ) -> ImportBatch:
        """Store a file and queue its processing, all in one transaction.

        Raises PermissionDenied and, when these bytes came before, DuplicateFile.
        """
        scope = writing(by)
        if court_id is not None:
            require_court(scope, court_id)
        batch = self._batch(upload, mode, court_id, by)
        await self._insert(batch)
        upload.file.seek(0)
        chunk_no = 0
        while piece := upload.file.read(CHUNK_BYTES):
            await self.imports.store(batch.id, chunk_no, piece)
            chunk_no += 1
        await self._enqueue(batch)
        return batch

    async def page(self, by: Principal, page: PageRequest) -> Slice[ImportBatch]:
        """The batches that the caller may know of, the newest first."""
        statement = self.imports.visible(writing(by), by.user_id)
        purpose = f"imports\x00{by.user_id}"
        return await self.pager.cut(self.imports, statement, NEWEST_FIRST, page, purpose=purpose)

    async def get(self, batch_id: UUID, by: Principal) -> ImportBatch:
        """A batch. Raises ImportNotFound."""
        statement = self.imports.visible(writing(by), by.user_id)
        batch = await self.imports.first(statement.where(col(ImportBatch.id) == batch_id))
        if batch is None:
            raise ImportNotFound
        return batch

    async def row_page(
        self, batch_id: UUID, result: Result | None, by: Principal, page: PageRequest
    ) -> RowPage:
        """Rows of a batch in the order of the file. Raises ImportNotFound."""
        batch = await self.get(batch_id, by)
        found = await self.pager.cut(
            self.rows,
            self.rows.of_batch(batch.id, result),
            IN_FILE_ORDER,
            page,
            purpose=f"import-rows\x00{batch.id}\x00{result}",
            weigh=self.rows.sizes,
        )
        row_nos = [row.row_no for row in found.rows]
        return RowPage(found, await self.rows.issues_of_rows(batch.id, row_nos))

    async def issue_page(
        self,
        batch_id: UUID,
        code: Code | None,
        severity: Severity | None,
        by: Principal,
        page: PageRequest,
    ) -> Slice[ImportRowIssue]:
        """Issues of a batch in the order of the file. Raises ImportNotFound."""
        batch = await self.get(batch_id, by)
        # Not Repository[ImportRowIssue](…): a slotted generic cannot note it before Python 3.12.
        issues: Repository[ImportRowIssue] = Repository(self.rows.session)
        return await self.pager.cut(
            issues,
            self.rows.issues_of_batch(batch.id, code, severity),
            ISSUES_IN_FILE_ORDER,
            page,
            purpose=f"import-issues\x00{batch.id}\x00{code}\x00{severity}",
        )

    async def apply(self, batch_id: UUID, by: Principal) -> ImportBatch:
        """Have a validated batch applied. Raises ImportNotFound, BatchNotReady."""
        await self.get(batch_id, by)
        batch = await self.imports.lock(batch_id)
        if batch is None or batch.state is not BatchState.VALIDATED or batch.mode is Mode.APPLY:
            raise BatchNotReady("Only a batch that is validated, and no further, can be applied")
        batch.mode, batch.updated_at, batch.updated_by = Mode.APPLY, self.clock.now(), by.user_id
        batch.version += 1
        await self.imports.session.flush()
        await self._enqueue(batch)
        return batch

    async def _insert(self, batch: ImportBatch) -> None:
        await self._refuse_twice(batch.sha256)
        try:
            async with self.imports.session.begin_nested():
                await self.imports.add(batch)
        except IntegrityError as error:
            if constraint_name(error) == ONE_FILE_ONCE:
                await self._refuse_twice(batch.sha256)
            raise

    async def _refuse_twice(self, sha256: str) -> None:
        earlier = await self.imports.first(self.imports.same_file(sha256))
        if earlier is not None:
            raise DuplicateFile(
                f"The same file came on {earlier.created_at:%Y-%m-%d} as {earlier.filename}",
                extra={"batch_id": str(earlier.id), "batch_state": earlier.state.value},
            )

    async def _enqueue(self, batch: ImportBatch) -> None:
        lock = f"import:{batch.id}"
        await self.jobs.defer(self.imports.session, RUN_TASK, lock=lock, batch_id=str(batch.id))

    def _batch(
        self, upload: Upload, mode: Mode, court_id: UUID | None, by: Principal
    ) -> ImportBatch:
        now = self.clock.now()
        # A service with the scope to write acts everywhere; it has no grants of its own.
        grants = by.grants if by.kind == "user" else (Grant(Role.DATA_ENTRY),)
        return ImportBatch(
            **first_stamp(Actor.of(by), now),
            mode=mode,
            filename=upload.filename,
            sha256=upload.sha256,
            size=upload.size,
            court_id=court_id,
            client_id=by.client_id,
            grants=[grant.to_claim() for grant in grants],
        )
