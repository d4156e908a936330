"""The courts' day does not depend on the server's time zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from common.clock import FrozenClock
from core_service.court_calendar import CourtCalendar


def test_late_in_the_evening_in_utc_it_is_tomorrow_in_nairobi() -> None:
    clock = FrozenClock(datetime(2026, 5, 31, 21, 30, tzinfo=UTC))

    assert CourtCalendar(clock, ZoneInfo("Africa/Nairobi")).today() == date(2026, 6, 1)
