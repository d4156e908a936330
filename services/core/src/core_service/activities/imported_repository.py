"""Statements over the activities that an import has recorded, and over what was built on them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Update, func, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core_service.access.actors import Actor
from core_service.access.reach import registry_wide
from core_service.access.repository import CourtDataRepository
from core_service.bulk import any_of
from core_service.cases.models import Case, CaseChange, ChangeKind
from core_service.ledger.models import CaseActivity, VoidReason

DECIDES: Final = "a revert concerns all cases of its import; who decides administers their courts"
# What restores a case to an earlier state, or to what its activities say, builds on nothing.
BUILDS_ON_NOTHING: Final = (ChangeKind.REVERTED, ChangeKind.REBUILT)
# The activities of the import, next to others of the same cases.
Imported = aliased(CaseActivity)


@dataclass(frozen=True, slots=True)
class ImportedRepository(CourtDataRepository[CaseActivity]):
    """Activities by the import that has recorded them."""

    model: ClassVar[type[SQLModel]] = CaseActivity
    session: AsyncSession

    async def courts(self, batch_id: UUID) -> set[UUID]:
        """The courts of the cases that the import has touched."""
        statement = select(Case.court_id).where(_is_of(batch_id)).distinct()
        return set((await self.session.exec(registry_wide(statement, DECIDES))).all())

    async def lock_cases(self, batch_id: UUID) -> None:
        """Hold the cases that the import has touched until the transaction ends."""
        held = select(Case.id).where(_is_of(batch_id)).order_by(col(Case.id)).with_for_update()
        # Counted, so that the IDs of a national file do not come here.
        counted = select(func.count()).select_from(held.subquery())
        await self.session.exec(registry_wide(counted, DECIDES))

    async def batches_since(self, batch_id: UUID) -> set[UUID]:
        """The imports that have recorded something of the same cases since."""
        statement = (
            select(col(CaseActivity.batch_id))
            .join(Imported, col(Imported.case_id) == CaseActivity.case_id)
            .where(
                col(Imported.batch_id) == batch_id,
                col(CaseActivity.batch_id) != batch_id,
                col(CaseActivity.case_version) > col(Imported.case_version),
            )
            .distinct()
        )
        found = await self.session.exec(registry_wide(statement, DECIDES))
        return {later for later in found if later is not None}

    async def changed_since(self, batch_id: UUID, limit: int) -> set[UUID]:
        """Cases that users have changed since the import first touched them."""
        activities = (
            select(CaseActivity.case_id)
            .join(Imported, col(Imported.case_id) == CaseActivity.case_id)
            .where(
                col(Imported.batch_id) == batch_id,
                col(CaseActivity.batch_id).is_(None),
                col(CaseActivity.case_version) > col(Imported.case_version),
            )
        )
        changes = (
            select(CaseChange.case_id)
            .join(Imported, col(Imported.case_id) == CaseChange.case_id)
            .where(
                col(Imported.batch_id) == batch_id,
                col(CaseChange.batch_id).is_(None),
                col(CaseChange.case_version) > col(Imported.case_version),
                col(CaseChange.kind).not_in(BUILDS_ON_NOTHING),
            )
        )
        changed = or_(col(Case.id).in_(activities), col(Case.id).in_(changes))
        statement = select(Case.id).where(changed).order_by(col(Case.id)).limit(limit)
        return set(await self.session.exec(registry_wide(statement, DECIDES)))

    async def is_reverted(self, batch_id: UUID) -> bool:
        """Whether the import's activities are voided: all are at once."""
        statement = select(CaseActivity.id).where(
            col(CaseActivity.batch_id) == batch_id,
            col(CaseActivity.void_reason) == VoidReason.REVERTED,
        )
        found = await self.session.exec(registry_wide(statement.limit(1), DECIDES))
        return found.first() is not None

    async def last_row(self, batch_id: UUID) -> int:
        """The last row that an activity was recorded from."""
        last = select(func.max(CaseActivity.row_no)).where(col(CaseActivity.batch_id) == batch_id)
        return (await self.session.exec(registry_wide(last, DECIDES))).one() or 0

    async def case_ids(self, batch_id: UUID, first: int, last: int) -> set[UUID]:
        """The cases that these rows are about."""
        statement = select(CaseActivity.case_id).where(_is_from(batch_id, first, last)).distinct()
        return set(await self.session.exec(registry_wide(statement, DECIDES)))

    async def rows_before(self, batch_id: UUID, through: int, limit: int) -> int | None:
        """The first of the `limit` rows up to `through` that activities were recorded from."""
        row_no = col(CaseActivity.row_no)
        rows = select(row_no).where(_is_from(batch_id, 1, through)).order_by(row_no.desc())
        last = rows.limit(limit).subquery()
        lowest = registry_wide(select(func.min(last.c.row_no)), DECIDES)
        first: int | None = (await self.session.exec(lowest)).one()
        return first

    async def of_later_rows(
        self, batch_id: UUID, after: int, case_ids: Collection[UUID]
    ) -> set[UUID]:
        """Those of the cases that rows after this one are about as well."""
        statement = select(CaseActivity.case_id).where(
            any_of(CaseActivity.case_id, set(case_ids)),
            col(CaseActivity.batch_id) == batch_id,
            col(CaseActivity.row_no) > after,
        )
        return set(await self.session.exec(registry_wide(statement, DECIDES)))

    async def void(
        self, batch_id: UUID, first: int, last: int, reason: str, by: Actor, now: datetime
    ) -> None:
        """Void the activities of these rows, those too that later rows have corrected."""
        voided = update(CaseActivity).where(_is_from(batch_id, first, last))
        await self._write(
            voided.values(
                voided_at=func.coalesce(col(CaseActivity.voided_at), now),
                void_reason=VoidReason.REVERTED,
                void_note=reason,
            ),
            by,
            now,
        )

    async def revive(self, batch_id: UUID, first: int, last: int, by: Actor, now: datetime) -> None:
        """Let the activities count again that these rows have corrected, but for the import's."""
        revived = update(CaseActivity).where(
            col(CaseActivity.id) == col(Imported.supersedes_id),
            col(Imported.batch_id) == batch_id,
            col(Imported.row_no).between(first, last),
            col(CaseActivity.batch_id).is_distinct_from(batch_id),
            col(CaseActivity.void_reason) == VoidReason.CORRECTED,
        )
        await self._write(revived.values(voided_at=None, void_reason=None), by, now)

    async def _write(self, statement: Update, by: Actor, now: datetime) -> None:
        versioned = statement.values(
            updated_at=now, updated_by=by.user_id, version=col(CaseActivity.version) + 1
        )
        await self.session.exec(versioned.execution_options(synchronize_session=False))


def _is_of(batch_id: UUID) -> ColumnElement[bool]:
    """That the import has touched a case."""
    of_import = select(CaseActivity.case_id).where(col(CaseActivity.batch_id) == batch_id)
    return col(Case.id).in_(registry_wide(of_import, DECIDES))


def _is_from(batch_id: UUID, first: int, last: int) -> ColumnElement[bool]:
    of_batch = col(CaseActivity.batch_id) == batch_id
    return of_batch & col(CaseActivity.row_no).between(first, last)
