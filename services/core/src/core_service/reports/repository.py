"""Statements over published months."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import text
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from common.keyset import Order, SortKey, read_id
from common.repository import Repository
from core_service.access.courts import within
from core_service.access.reach import filtered
from core_service.cases.visibility import Visibility
from core_service.reports.models import MetricSnapshot

OLDEST_WRITER = text("""
SELECT min(xact_start) FROM pg_stat_activity
WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
""")
LATEST_FIRST: Order[MetricSnapshot] = Order(
    "-known_on",
    (
        SortKey(col(MetricSnapshot.known_on), lambda row: row.known_on, datetime.fromisoformat),
        SortKey(col(MetricSnapshot.id), lambda row: row.id, read_id),
    ),
    descending=True,
)


@dataclass(frozen=True, slots=True)
class SnapshotRepository(Repository[MetricSnapshot]):
    """Published months of the courts that a caller reads."""

    model: ClassVar[type[SQLModel]] = MetricSnapshot
    session: AsyncSession

    def readable(self, seen: Visibility) -> SelectOfScalar[MetricSnapshot]:
        """Those of the caller's courts."""
        return filtered(select(MetricSnapshot).where(within(MetricSnapshot.court_id, seen.courts)))

    async def latest(
        self, court_id: UUID, month: date, by: datetime, seen: Visibility
    ) -> MetricSnapshot | None:
        """The last publication of a month, of those that there were by a moment."""
        statement = self.readable(seen).where(
            col(MetricSnapshot.court_id) == court_id,
            col(MetricSnapshot.month) == month,
            col(MetricSnapshot.known_on) <= by,
        )
        return await self.first(LATEST_FIRST.sort(statement))

    async def oldest_writer(self) -> datetime | None:
        """When the oldest transaction began that writes at this moment."""
        connection = await self.session.connection()
        began: datetime | None = (await connection.execute(OLDEST_WRITER)).scalar_one()
        return began
