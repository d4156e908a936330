"""Dates in the courts' own calendar; what day it is does not depend on where the server stands."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from common.clock import Clock


@dataclass(frozen=True, slots=True)
class CourtCalendar:
    """Tells the day in the courts' time zone."""

    clock: Clock
    zone: ZoneInfo

    def today(self) -> date:
        """Today where the courts are."""
        return self.clock.now().astimezone(self.zone).date()
