"""What the figures mean, without a database."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from common.clock import FrozenClock
from common.errors import ValidationFailed
from core_service.court_calendar import CourtCalendar
from core_service.ledger.models import EventKind
from core_service.metrics.clearance import CLEARANCE_KINDS, ClearanceColumn
from core_service.metrics.events import SIGNS
from core_service.metrics.figures import Period, Ratio, fiscal_year
from core_service.metrics.frame import percentile
from core_service.metrics.matrix import FLOWS, MatrixColumn
from core_service.metrics.questions import FigureQuery, settle

CALENDAR = CourtCalendar(
    FrozenClock(datetime(2026, 6, 1, 22, tzinfo=UTC)), ZoneInfo("Africa/Nairobi")
)


def test_every_kind_of_event_has_a_sign_and_a_column() -> None:
    assert set(SIGNS) == set(EventKind) == set(FLOWS.values())
    assert len(MatrixColumn) == 11


def test_clearance_is_outgoing_by_incoming_as_courtools_has_it() -> None:
    kinds = CLEARANCE_KINDS
    assert all(SIGNS[kind] == -1 for kind in kinds[ClearanceColumn.NUMERATOR])
    assert all(SIGNS[kind] == 1 for kind in kinds[ClearanceColumn.DENOMINATOR])


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 6, 30), date(2025, 7, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), date(2026, 7, 1), date(2027, 6, 30)),
        (date(2026, 1, 1), date(2025, 7, 1), date(2026, 6, 30)),
    ],
)
def test_the_fiscal_year_runs_from_july_to_june(day: date, first: date, last: date) -> None:
    assert fiscal_year(day) == Period(first, last)


def test_a_rate_is_in_percent_and_of_nothing_it_has_no_value() -> None:
    assert Ratio(1, 3).value == 33.33
    assert Ratio(0, 3).value == 0
    assert Ratio(3, 0).value is None


@pytest.mark.parametrize(
    ("percent", "days", "expected"),
    [
        (50, [10, 20], 10),
        (50, [10, 20, 30], 20),
        (90, list(range(1, 11)), 9),
        (98, list(range(1, 51)), 49),
        (98, [7], 7),
        (50, [], None),
    ],
)
def test_a_percentile_is_one_of_the_days_by_which_so_many_percent_are_done(
    percent: int, days: list[int], expected: int | None
) -> None:
    assert percentile(percent, days) == expected


def test_a_query_without_a_period_means_this_fiscal_year_in_the_courts_time_zone() -> None:
    settled = settle(FigureQuery(), CALENDAR)
    assert settled.period == Period(date(2025, 7, 1), date(2026, 6, 2))
    assert settled.moment.as_of == date(2026, 6, 2)
    assert settled.moment.known_at is None
    assert settled.known_on == CALENDAR.clock.now()


def test_known_on_a_day_means_when_that_day_ended_at_the_court() -> None:
    settled = settle(FigureQuery(known_on=date(2026, 1, 31)), CALENDAR)
    end = datetime(2026, 1, 31, 20, 59, 59, 999999, tzinfo=UTC)
    assert settled.moment.known_at == end
    assert settled.known_on == date(2026, 1, 31)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValidationFailed):
        settle(FigureQuery(first=date(2026, 2, 1), last=date(2026, 1, 1)), CALENDAR)
