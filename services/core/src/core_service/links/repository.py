"""Statements over links."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from core_service.access.reach import of_found
from core_service.access.repository import CourtDataRepository
from core_service.links.models import CaseLink, LinkKind


@dataclass(frozen=True, slots=True)
class LinkRepository(CourtDataRepository[CaseLink]):
    """Links; the caller has found the case first."""

    model: ClassVar[type[SQLModel]] = CaseLink
    session: AsyncSession

    async def live_of_case(self, case_id: UUID) -> Sequence[CaseLink]:
        """The links of a case on either side, the oldest first."""
        touching = or_(col(CaseLink.case_id) == case_id, col(CaseLink.other_id) == case_id)
        live = select(CaseLink).where(touching, col(CaseLink.removed_at).is_(None))
        return await self.all(of_found(live.order_by(col(CaseLink.id)), [case_id]))

    def live(self, case_id: UUID, other_id: UUID, kind: LinkKind) -> SelectOfScalar[CaseLink]:
        """The link of this kind between these cases."""
        statement = select(CaseLink).where(
            col(CaseLink.case_id) == case_id,
            col(CaseLink.other_id) == other_id,
            col(CaseLink.kind) == kind,
            col(CaseLink.removed_at).is_(None),
        )
        return of_found(statement, [case_id, other_id])
