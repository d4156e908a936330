"""Proposes and orders reverts of imports, as far as nothing builds on them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from common.clock import Clock
from core_service.access.actors import Actor
from core_service.access.callers import Proposer
from core_service.access.courts import require_court
from core_service.activities.reverting import ImportReverting
from core_service.jobs import JobQueue
from core_service.proposals.errors import RequestOutdated
from core_service.proposals.models import (
    IMPORT_REVERT,
    Handler,
    Handlers,
    Proposal,
    Result,
    required,
)
from core_service.returns.errors import BatchNotReady, ImportBuiltUpon, ImportNotFound
from core_service.returns.models import BatchState, ImportBatch
from core_service.returns.repository import ImportRepository
from core_service.returns.revert_repository import LaterImports

REVERT_TASK: Final = "returns:revert"
REVERTIBLE: Final = (BatchState.VALIDATED, BatchState.APPLIED, BatchState.PARTIAL)
MOST_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class RevertRequests:
    """Proposes and orders reverts, which the worker carries out."""

    imports: ImportRepository
    later: LaterImports
    reverting: ImportReverting
    jobs: JobQueue
    clock: Clock

    def by_kind(self) -> Handlers:
        """The handler of the one kind."""
        return {IMPORT_REVERT: Handler(self._order, self._check)}

    async def proposal(self, batch: ImportBatch, reason: str, by: Proposer) -> Proposal:
        """The proposal to revert an import that the caller has found.

        Raises PermissionDenied unless the caller may write at each court whose cases it touched.
        """
        court_ids = await self._courts(batch)
        for each in court_ids:
            require_court(by.writable, each)
        return Proposal(
            IMPORT_REVERT,
            court_id=_sole(court_ids),
            deciding_court_id=_sole(court_ids),
            reason=reason,
            entity=ImportBatch.__tablename__,
            entity_id=batch.id,
        )

    async def require_free(self, batch: ImportBatch) -> None:
        """Raise ImportBuiltUpon when later imports or changes build on this one."""
        since = await self.reverting.batches_since(batch.id)
        batches = await self.later.built_on(batch.id, since, MOST_NAMED)
        cases = await self.reverting.changed_since(batch.id, MOST_NAMED)
        if not batches and not cases:
            return
        named = [f"the import {each.filename}" for each in batches]
        named += [f"changes of {len(cases)} cases"] if cases else []
        raise ImportBuiltUpon(
            f"Built upon by {', '.join(named)}",
            extra={
                "batches": [{"id": str(each.id), "filename": each.filename} for each in batches],
                "cases": [str(case_id) for case_id in cases],
            },
        )

    async def _courts(self, batch: ImportBatch) -> Collection[UUID]:
        return await self.reverting.courts(batch.id) or set(batch.court_ids)

    async def _check(self, proposal: Proposal) -> None:
        await self._locked(proposal)

    async def _order(self, proposal: Proposal, by: Actor) -> Result:
        batch = await self._locked(proposal)
        await self.imports.change(
            batch,
            state=BatchState.REVERTING,
            error_code=None,
            error=None,
            updated_at=self.clock.now(),
            updated_by=by.user_id,
        )
        await self.jobs.defer(
            self.imports.session,
            REVERT_TASK,
            lock=f"import:{batch.id}",
            batch_id=str(batch.id),
            reason=proposal.reason or "",
            by=by.plain(),
        )
        return Result(value=batch)

    async def _locked(self, proposal: Proposal) -> ImportBatch:
        batch = await self.imports.lock(required(proposal.entity_id))
        if batch is None:
            raise ImportNotFound
        begun = batch.state is BatchState.REVERTING and batch.error_code is not None
        if not begun and batch.state not in REVERTIBLE:
            raise BatchNotReady(f"The import is {batch.state.value}")
        if _sole(await self._courts(batch)) != proposal.deciding_court_id:
            raise RequestOutdated("The import has rows of other courts now")
        if not begun:
            await self.require_free(batch)
        return batch


def _sole(court_ids: Collection[UUID]) -> UUID | None:
    """The court that decides: the only one, or else administrators of all courts (None)."""
    return next(iter(court_ids)) if len(court_ids) == 1 else None
