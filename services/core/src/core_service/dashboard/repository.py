"""The activities that were recorded last."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from common.keyset import Order, SortKey, read_id
from common.repository import Repository
from core_service.cases.models import Case
from core_service.cases.visibility import Visibility
from core_service.ledger.models import CaseActivity

LATEST_FIRST: Order[CaseActivity] = Order(
    "-id", (SortKey(col(CaseActivity.id), lambda row: row.id, read_id),), descending=True
)
RANDOM_BITS = 80


@dataclass(frozen=True, slots=True)
class RecentRepository(Repository[CaseActivity]):
    """Activities by the time that they were recorded, which their IDs begin with (UUIDv7)."""

    model: ClassVar[type[SQLModel]] = CaseActivity
    session: AsyncSession

    def since(
        self, since: datetime, court_id: UUID | None, visibility: Visibility
    ) -> SelectOfScalar[CaseActivity]:
        """Those of a time back that count and that the caller may see."""
        first = UUID(int=int(since.timestamp() * 1000) << RANDOM_BITS)
        statement = (
            select(CaseActivity)
            .join(Case, col(Case.id) == CaseActivity.case_id)
            .where(col(CaseActivity.id) >= first, col(CaseActivity.voided_at).is_(None))
        )
        if court_id is not None:
            statement = statement.where(col(Case.court_id) == court_id)
        return visibility.limit(statement)
