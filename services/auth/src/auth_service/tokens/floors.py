"""The restore floor: what was issued before a restore of the database is refused.

A restore undoes the end of sessions, and versions of grants go back. No row tells which tokens are
affected, so all of them are refused, and all sessions end.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final

from sqlmodel import Field, col
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.audit.actions import Action
from auth_service.audit.service import AuditLog, Event
from auth_service.revocations.rules import PendingRevocations
from auth_service.sessions.service import SessionService
from auth_service.tables import UTC_TIME, Table
from auth_service.users.one_time_codes import OneTimeCodes
from common.clock import Clock
from common.repository import Repository

# Tokens tell the second in which they were issued.
SECOND: Final = timedelta(seconds=1)


class RestoreFloor(Table, table=True):
    """Tokens issued before this second are refused."""

    __tablename__ = "restore_floors"

    moment: datetime = Field(primary_key=True, sa_type=UTC_TIME)


@dataclass(frozen=True, slots=True)
class FloorRepository(Repository[RestoreFloor]):
    model: ClassVar[type[Any]] = RestoreFloor

    def newest_since(self, moment: datetime) -> SelectOfScalar[RestoreFloor]:
        newest = col(RestoreFloor.moment).desc()
        return self.statement().where(col(RestoreFloor.moment) >= moment).order_by(newest)


@dataclass(frozen=True, slots=True)
class RestoreFloors:
    """Sets the floor, and tells the one that is still needed."""

    floors: FloorRepository
    sessions: SessionService
    codes: OneTimeCodes
    revocations: PendingRevocations
    audit: AuditLog
    clock: Clock

    async def set(self) -> int:
        """Refuse every token issued until now, end all sessions; how many there were.

        Printed codes go as well: one that was used since works again in the restored database.
        """
        now = self.clock.now()
        moment = now.replace(microsecond=0) + SECOND
        if await self.newest_since(moment) is None:  # twice in one second
            await self.floors.add(RestoreFloor(moment=moment))
        self.revocations.restored(moment)
        ended = await self.sessions.end_every()
        await self.codes.discard_all()
        self.audit.record(Event(Action.RESTORE, details={"sessions": ended}))
        return ended

    async def newest_since(self, moment: datetime) -> datetime | None:
        """The newest floor, unless it is older."""
        row = await self.floors.first(self.floors.newest_since(moment))
        return row.moment if row is not None else None

    async def admits(self, issued_at: float) -> bool:
        """Whether a token of this time is not from before a restore."""
        issued = datetime.fromtimestamp(issued_at, UTC)
        return await self.newest_since(issued + SECOND) is None
