"""Dates in the courts' time zone; they do not depend on the server's."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from common.clock import Clock
from common.errors import FieldError


@dataclass(frozen=True, slots=True)
class CourtCalendar:
    """The day in the courts' time zone."""

    clock: Clock
    zone: ZoneInfo

    def today(self) -> date:
        """Today in the courts' time zone."""
        return self.day_of(self.clock.now())

    def day_of(self, moment: datetime) -> date:
        """The day in the courts' time zone on which the moment falls."""
        return moment.astimezone(self.zone).date()

    def future_fault(self, field: str, day: date | None) -> FieldError | None:
        """The fault of a field for what has happened, when its day has not come."""
        return future_fault(field, day, self.today())


def is_future(day: date | None, today: date) -> bool:
    """Whether the day has not come yet: nothing is recorded before it happens."""
    return day is not None and day > today


def future_fault(field: str, day: date | None, today: date) -> FieldError | None:
    if not is_future(day, today):
        return None
    return FieldError(field, "date-future", f"{day} is after today, {today}")
