"""A batch whose row is held for a transaction, and what is used to work on it."""

from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from common.clock import Clock
from common.identity import Principal
from core_service.access.actors import Actor
from core_service.activities.service import ActivityService
from core_service.aliases.service import AliasService
from core_service.cases.service import CaseService
from core_service.returns.application import ChunkApplication
from core_service.returns.batch import Batch, Tally
from core_service.returns.chunk_judge import ChunkJudge
from core_service.returns.models import ImportBatch
from core_service.returns.recording import RowRecorder
from core_service.returns.reference_rows import VocabularyLoader
from core_service.returns.repository import ImportRepository
from core_service.returns.row_repository import RowRepository
from core_service.returns.validation import ChunkValidation


@dataclass(frozen=True, slots=True)
class ChunkServices:
    """The services of one unit of work on a batch."""

    imports: ImportRepository
    rows: RowRepository
    validation: ChunkValidation
    application: ChunkApplication

    @classmethod
    def build(
        cls,
        session: AsyncSession,
        *,
        aliases: AliasService,
        activities: ActivityService,
        cases: CaseService,
        max_new_spellings: int,
    ) -> "ChunkServices":
        """The services over one session."""
        rows = RowRepository(session)
        judge = ChunkJudge(VocabularyLoader(session), aliases, rows, max_new_spellings)
        recorder = RowRecorder(rows, activities, cases)
        return cls(
            imports=ImportRepository(session),
            rows=rows,
            validation=ChunkValidation(judge, rows, recorder),
            application=ChunkApplication(judge, rows, recorder),
        )


@dataclass(frozen=True, slots=True)
class Hold:
    """A batch whose row is held until the transaction ends."""

    row: ImportBatch
    batch: Batch
    services: ChunkServices
    clock: Clock

    async def change(self, **values: object) -> None:
        """Write columns of the batch."""
        await self.services.imports.change(self.row, updated_at=self.clock.now(), **values)

    async def count(self, tally: Tally, **values: object) -> None:
        """Write changed counts, and other columns with them."""
        await self.change(**tally.columns(self.row), **values)


def author(actor: Actor) -> Principal:
    """The actor as the audit names them: a user, or else a service."""
    if actor.user_id is not None:
        return Principal("user", user_id=actor.user_id)
    return Principal("service", client_id=actor.client_id)
