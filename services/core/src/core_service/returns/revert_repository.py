"""Statements over what an import has left in the registry, and over what was built on that."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import Subquery, func, or_
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from core_service.access.reach import of_found, registry_wide
from core_service.access.repository import CourtDataRepository
from core_service.cases.models import Case, CaseChange, ChangeKind
from core_service.hearings.models import Hearing
from core_service.ledger.models import CaseActivity, VoidReason
from core_service.returns.models import NO_EFFECT, CaseBefore, ImportBatch, ImportRow

DECIDES: Final = "a revert concerns all cases of its import; who decides administers their courts"
# What restores a case to an earlier state, or to what its activities say, builds on nothing.
BUILDS_ON_NOTHING: Final = (ChangeKind.REVERTED, ChangeKind.REBUILT)


@dataclass(frozen=True, slots=True)
class RevertRepository(CourtDataRepository[CaseActivity]):
    """Reads for reverts."""

    model: ClassVar[type[SQLModel]] = CaseActivity
    session: AsyncSession

    async def courts(self, batch_id: UUID) -> Collection[UUID]:
        """The courts of the cases that the batch has touched."""
        statement = select(Case.court_id).where(col(Case.id).in_(_cases(batch_id))).distinct()
        return set((await self.session.exec(registry_wide(statement, DECIDES))).all())

    async def lock_cases(self, batch_id: UUID) -> Sequence[UUID]:
        """The cases that the batch has touched, held until the transaction ends."""
        wanted = select(Case.id).where(col(Case.id).in_(_cases(batch_id)))
        locked = wanted.order_by(col(Case.id)).with_for_update()
        return (await self.session.exec(registry_wide(locked, DECIDES))).all()

    async def later_batches(self, batch_id: UUID, limit: int) -> Sequence[ImportBatch]:
        """Imports that have recorded something of the same cases since, or found rows known that
        this one had brought.
        """
        first = _first(batch_id)
        recorded = (
            select(CaseActivity.batch_id)
            .join(first, first.c.case_id == CaseActivity.case_id)
            .where(
                col(CaseActivity.batch_id) != batch_id,
                col(CaseActivity.case_version) > first.c.version,
            )
        )
        repeated = (
            select(ImportRow.batch_id)
            .join(CaseActivity, col(CaseActivity.id) == ImportRow.activity_id)
            .where(col(CaseActivity.batch_id) == batch_id, col(ImportRow.batch_id) != batch_id)
        )
        statement = (
            select(ImportBatch)
            .where(
                or_(col(ImportBatch.id).in_(recorded), col(ImportBatch.id).in_(repeated)),
                col(ImportBatch.state).not_in(NO_EFFECT),
            )
            .order_by(col(ImportBatch.id))
            .limit(limit)
        )
        return (await self.session.exec(registry_wide(statement, DECIDES))).all()

    async def changed_since(self, batch_id: UUID, limit: int) -> Sequence[UUID]:
        """Cases that users have changed since the batch first touched them."""
        first = _first(batch_id)
        activity = select(CaseActivity.case_id).join(first, first.c.case_id == CaseActivity.case_id)
        activities = activity.where(
            col(CaseActivity.batch_id).is_(None),
            col(CaseActivity.case_version) > first.c.version,
        )
        change = select(CaseChange.case_id).join(first, first.c.case_id == CaseChange.case_id)
        changes = change.where(
            col(CaseChange.batch_id).is_(None),
            col(CaseChange.case_version) > first.c.version,
            col(CaseChange.kind).not_in(BUILDS_ON_NOTHING),
        )
        hearing = select(Hearing.case_id).join(first, first.c.case_id == Hearing.case_id)
        hearings = hearing.where(
            col(Hearing.is_manual), col(Hearing.updated_at) > first.c.recorded_at
        )
        statement = (
            select(Case.id)
            .where(or_(*(col(Case.id).in_(each) for each in (activities, changes, hearings))))
            .order_by(col(Case.id))
            .limit(limit)
        )
        return (await self.session.exec(registry_wide(statement, DECIDES))).all()

    async def recorded(self, batch_id: UUID, case_ids: Collection[UUID]) -> Sequence[CaseActivity]:
        """The batch's activities of these cases, voided ones too."""
        statement = select(CaseActivity).where(
            col(CaseActivity.batch_id) == batch_id, col(CaseActivity.case_id).in_(case_ids)
        )
        return await self.all(of_found(statement, case_ids))

    async def corrected(self, batch_id: UUID, case_ids: Collection[UUID]) -> Sequence[CaseActivity]:
        """The activities of these cases that the batch has corrected, but for its own."""
        superseded = select(CaseActivity.supersedes_id).where(
            col(CaseActivity.batch_id) == batch_id, col(CaseActivity.case_id).in_(case_ids)
        )
        statement = select(CaseActivity).where(
            col(CaseActivity.id).in_(superseded),
            col(CaseActivity.batch_id).is_distinct_from(batch_id),
            col(CaseActivity.void_reason) == VoidReason.CORRECTED,
        )
        return await self.all(of_found(statement, case_ids))

    async def changes(self, batch_id: UUID, case_ids: Collection[UUID]) -> Sequence[CaseChange]:
        """What the batch changed of the cases' facts, the last change first."""
        statement = select(CaseChange).where(
            col(CaseChange.batch_id) == batch_id,
            col(CaseChange.case_id).in_(case_ids),
            col(CaseChange.kind) == ChangeKind.CHANGED,
        )
        last_first = statement.order_by(
            col(CaseChange.case_version).desc(), col(CaseChange.id).desc()
        )
        return (await self.session.exec(of_found(last_first, case_ids))).all()

    async def before(self, batch_id: UUID, case_ids: Collection[UUID]) -> Sequence[CaseBefore]:
        """What the cases had that the batch's activities overruled."""
        statement = select(CaseBefore).where(
            col(CaseBefore.batch_id) == batch_id, col(CaseBefore.case_id).in_(case_ids)
        )
        return (await self.session.exec(of_found(statement, case_ids))).all()


def _cases(batch_id: UUID) -> SelectOfScalar[UUID]:
    of_batch = select(CaseActivity.case_id).where(col(CaseActivity.batch_id) == batch_id)
    return registry_wide(of_batch, DECIDES)


def _first(batch_id: UUID) -> Subquery:
    """The version that the batch first gave each case, and when."""
    of_batch: Any = (
        select(
            CaseActivity.case_id,
            func.min(CaseActivity.case_version).label("version"),
            func.min(CaseActivity.created_at).label("recorded_at"),
        )
        .where(col(CaseActivity.batch_id) == batch_id)
        .group_by(col(CaseActivity.case_id))
    )
    first: Subquery = registry_wide(of_batch, DECIDES).subquery("first")
    return first
