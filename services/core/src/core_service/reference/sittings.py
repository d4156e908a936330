"""On which days courts sit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core_service.reference.models import CalendarPeriod

SATURDAY: Final = 5
ONE_DAY: Final = timedelta(days=1)
# A court without one sitting day in this time sits no more.
LONGEST_RECESS: Final = 366


@dataclass(frozen=True, slots=True)
class SittingCalendar:
    """The court calendar: periods by court, under None those of all courts."""

    periods: Mapping[UUID | None, Sequence[CalendarPeriod]] = field(default_factory=dict)
    known: dict[tuple[UUID, date], bool] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, periods: Iterable[CalendarPeriod]) -> "SittingCalendar":
        """From the rows of the table."""
        by_court: dict[UUID | None, list[CalendarPeriod]] = defaultdict(list)
        for period in periods:
            by_court[period.court_id].append(period)
        return cls(dict(by_court))

    def sits(self, court_id: UUID, day: date) -> bool:
        """Whether the court sits on this day."""
        if (court_id, day) not in self.known:
            own = self._stated(court_id, day)
            stated = own if own is not None else self._stated(None, day)
            self.known[court_id, day] = day.weekday() < SATURDAY if stated is None else stated
        return self.known[court_id, day]

    def days(self, court_id: UUID, first: date, last: date) -> list[date]:
        """The sitting days of a period, both ends included."""
        all_days = (first + ONE_DAY * number for number in range((last - first).days + 1))
        return [day for day in all_days if self.sits(court_id, day)]

    def next_after(self, court_id: UUID, day: date) -> date:
        """The next sitting day after this one."""
        later = (day + ONE_DAY * number for number in range(1, LONGEST_RECESS))
        return next((each for each in later if self.sits(court_id, each)), day + ONE_DAY)

    def _stated(self, court_id: UUID | None, day: date) -> bool | None:
        stated = [
            period.sits
            for period in self.periods.get(court_id, ())
            if period.first_on <= day <= period.last_on
        ]
        return any(stated) if stated else None


@dataclass(frozen=True, slots=True)
class CalendarLoader:
    """Reads the court calendar, which is small."""

    session: AsyncSession

    async def load(self) -> SittingCalendar:
        """The calendar as it is now."""
        statement = select(CalendarPeriod).where(col(CalendarPeriod.is_active).is_(True))
        return SittingCalendar.of((await self.session.exec(statement)).all())
