"""Reverts imports: every case that one touched is as it was before, as far as nothing builds on it.

Nothing is erased: activities are voided, events retracted, and a case that the import registered is
deleted, with its number free again.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter

from common.clock import Clock
from core_service.access.actors import Actor, mark_updated
from core_service.access.callers import Proposer
from core_service.access.courts import require_court
from core_service.cases.history import CaseHistory, Change
from core_service.cases.models import Case, ChangeKind
from core_service.cases.service import CaseService
from core_service.jobs import JobQueue
from core_service.ledger.models import CaseActivity, VoidReason
from core_service.ledger.service import Ledger
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
from core_service.returns.revert_repository import RevertRepository
from core_service.sources import Source, SourceKind

REVERT_TASK: Final = "returns:revert"
REVERTIBLE: Final = (BatchState.VALIDATED, BatchState.APPLIED, BatchState.PARTIAL)
CASES_AT_ONCE: Final = 200
MOST_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class RevertRequests:
    """Proposes and orders reverts, which the worker carries out."""

    imports: ImportRepository
    reverts: RevertRepository
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
        batches = await self.reverts.later_batches(batch.id, MOST_NAMED)
        cases = await self.reverts.changed_since(batch.id, MOST_NAMED)
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
        return await self.reverts.courts(batch.id) or set(batch.court_ids)

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
        if batch.state not in REVERTIBLE:
            raise BatchNotReady(f"The import is {batch.state.value}")
        if _sole(await self._courts(batch)) != proposal.deciding_court_id:
            raise RequestOutdated("The import has rows of other courts now")
        await self.require_free(batch)
        return batch


def _sole(court_ids: Collection[UUID]) -> UUID | None:
    """The court that decides: the only one, or else administrators of all courts (None)."""
    return next(iter(court_ids)) if len(court_ids) == 1 else None


@dataclass(frozen=True, slots=True)
class CaseReverting:
    """Takes back what an import did to cases; the caller has locked them."""

    reverts: RevertRepository
    cases: CaseService
    ledger: Ledger
    history: CaseHistory
    clock: Clock

    async def revert(
        self, batch: ImportBatch, case_ids: Sequence[UUID], reason: str, by: Actor
    ) -> None:
        """Take back all of it."""
        for start in range(0, len(case_ids), CASES_AT_ONCE):
            some = case_ids[start : start + CASES_AT_ONCE]
            await self._revert_some(batch, some, reason, by)

    async def _revert_some(
        self, batch: ImportBatch, case_ids: Sequence[UUID], reason: str, by: Actor
    ) -> None:
        cases = await self.cases.lock_all(case_ids)
        before = {case_id: case.model_dump() for case_id, case in cases.items()}
        await self._void(await self.reverts.recorded(batch.id, case_ids), reason, by)
        await self._revive(await self.reverts.corrected(batch.id, case_ids), by)
        for case_id, facts in (await self._facts(batch.id, case_ids)).items():
            cases[case_id].sqlmodel_update(facts)
        await self.reverts.session.flush()
        await self.ledger.refresh_all(cases.values())
        source = Source(SourceKind.IMPORT, batch.id, batch.filename)
        change = Change(ChangeKind.REVERTED, reason, source)
        for case_id, case in cases.items():
            if case.batch_id == batch.id:
                case.deleted_at, case.reverted = self.clock.now(), True
            await self.history.note(case, before[case_id], change, by)

    async def _void(self, recorded: Sequence[CaseActivity], reason: str, by: Actor) -> None:
        now = self.clock.now()
        for activity in recorded:
            activity.voided_at = activity.voided_at or now
            activity.void_reason, activity.void_note = VoidReason.REVERTED, reason
            mark_updated(activity, by, now)
        # Before what they corrected counts again: two live ones at one place there cannot be.
        await self.reverts.session.flush()

    async def _revive(self, superseded: Sequence[CaseActivity], by: Actor) -> None:
        now = self.clock.now()
        for activity in superseded:
            activity.voided_at = activity.void_reason = None
            mark_updated(activity, by, now)
        await self.reverts.session.flush()

    async def _facts(
        self, batch_id: UUID, case_ids: Collection[UUID]
    ) -> Mapping[UUID, dict[str, Any]]:
        """The facts of each case that the batch overruled, as they were."""
        facts: dict[UUID, dict[str, Any]] = defaultdict(dict)
        for row in await self.reverts.before(batch_id, case_ids):
            facts[row.case_id] = row.model_dump(exclude={"batch_id", "case_id"})
        for change in await self.reverts.changes(batch_id, case_ids):
            facts[change.case_id] |= {
                name: _read(name, pair["from"]) for name, pair in change.changes.items()
            }
        return facts


def _read(name: str, plain: Any) -> Any:
    """A column's value from the history's JSON."""
    kind: Any = Case.model_fields[name].annotation
    return TypeAdapter(kind).validate_python(plain)
