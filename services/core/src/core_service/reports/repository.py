"""Statements over published months."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import select as select_columns
from sqlalchemy import text
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from common.errors import Unavailable
from common.keyset import Order, SortKey, read_id
from common.repository import Repository
from core_service.access.courts import within
from core_service.access.reach import filtered
from core_service.cases.visibility import Visibility
from core_service.metrics.known import table_then
from core_service.reference.models import Court
from core_service.reports.models import MetricSnapshot

# A transaction that writes holds a lock on its ID, a prepared one too; when one began is
# hidden from other roles, and not noted of prepared ones.
WRITERS: Final = text("""
SELECT count(*) FILTER (WHERE writer.xact_start IS NULL), min(writer.xact_start)
FROM pg_locks held LEFT JOIN pg_stat_activity writer ON writer.pid = held.pid
WHERE held.locktype = 'transactionid' AND held.mode = 'ExclusiveLock'
  AND held.pid IS DISTINCT FROM pg_backend_pid()
  AND (writer.pid IS NULL OR writer.datname = current_database())
""")
# Within a transaction, Postgres shows its sessions as they were at the first look.
LOOK_AGAIN: Final = text("SELECT pg_stat_clear_snapshot()")
# One that ends between the look at the locks and that at the sessions is not among these.
LOOKS: Final = 3
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

    async def court(self, court_id: UUID, known_at: datetime | None) -> Court | None:
        """A court as it was known; not a row of the session."""
        table: Any = Court if known_at is None else table_then(Court, known_at)
        columns = (getattr(table, name) for name in Court.model_fields)
        connection = await self.session.connection()
        found = await connection.execute(
            filtered(select_columns(*columns).where(table.id == court_id))
        )
        row = found.mappings().one_or_none()
        return None if row is None else Court(**row)

    async def oldest_writer(self) -> datetime | None:
        """When the oldest transaction began that writes at this moment.

        Raises Unavailable when there is one of which that is not visible.
        """
        connection = await self.session.connection()
        for _ in range(LOOKS):
            await connection.execute(LOOK_AGAIN)
            hidden, began = (await connection.execute(WRITERS)).one()
            if not hidden:
                return began  # type: ignore[no-any-return]
        raise Unavailable("The database is being changed from outside; try again later")
