"""Statements over what an import noted for its revert, and over the imports that build on it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core_service.access.reach import of_found, registry_wide
from core_service.access.repository import CourtDataRepository
from core_service.bulk import any_of
from core_service.returns.models import NO_EFFECT, CaseBefore, ImportBatch, ImportRow
from core_service.returns.row_repository import RECORDED

DECIDES: Final = "a revert concerns all cases of its import; who decides administers their courts"
STATED: Final = ("custody_count", "legal_representation")


@dataclass(frozen=True, slots=True)
class LaterImports(CourtDataRepository[ImportBatch]):
    """Reads for reverts."""

    model: ClassVar[type[SQLModel]] = ImportBatch
    session: AsyncSession

    async def built_on(
        self, batch_id: UUID, recorded_since: Collection[UUID], limit: int
    ) -> Sequence[ImportBatch]:
        """Those of the imports that still count, and those that found rows of this one known."""
        known = aliased(ImportRow)
        repeated = (
            select(ImportRow.batch_id)
            .join(known, col(known.activity_id) == ImportRow.activity_id)
            .where(
                col(known.batch_id) == batch_id,
                col(known.result).in_(RECORDED),
                col(ImportRow.batch_id) != batch_id,
            )
        )
        since = any_of(ImportBatch.id, set(recorded_since))
        statement = (
            select(ImportBatch)
            .where(
                or_(since, col(ImportBatch.id).in_(repeated)),
                col(ImportBatch.state).not_in(NO_EFFECT),
            )
            .order_by(col(ImportBatch.id))
            .limit(limit)
        )
        return (await self.session.exec(registry_wide(statement, DECIDES))).all()

    async def overruled(
        self, batch_id: UUID, case_ids: Collection[UUID]
    ) -> Mapping[UUID, Mapping[str, Any]]:
        """What cases were registered with that activities of the import overruled."""
        statement = select(CaseBefore).where(
            col(CaseBefore.batch_id) == batch_id, any_of(CaseBefore.case_id, set(case_ids))
        )
        found = await self.session.exec(of_found(statement, [batch_id]))
        return {row.case_id: {name: getattr(row, name) for name in STATED} for row in found}
