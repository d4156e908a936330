"""Dates in the courts' time zone; they do not depend on the server's."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from common.clock import Clock


@dataclass(frozen=True, slots=True)
class CourtCalendar:
    """The day in the courts' time zone."""

    clock: Clock
    zone: ZoneInfo

    def today(self) -> date:
        """Today in the courts' time zone."""
        return self.clock.now().astimezone(self.zone).date()
