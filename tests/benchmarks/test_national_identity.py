"""The identity of the matrix, for every court, category and month of a generated country.

`NATIONAL_CASES=200000` takes a larger one.
"""

import os
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

import psycopg
from bench.national_data import make

from common.clock import FrozenClock
from core_service.court_calendar import CourtCalendar
from core_service.metrics.catalogue import BY_NAME
from core_service.metrics.figures import Dimension, Period, months_of
from core_service.metrics.questions import FigureQuery, settle
from core_service.wiring import wire
from testkit.core.figures import SIGNS, balances, count
from testkit.core.settings import make_settings

CASES: Final = int(os.environ.get("NATIONAL_CASES", "20000"))
COURTS: Final = 320
TWO_YEARS: Final = Period(date(2024, 7, 1), date(2026, 6, 30))
NOW: Final = datetime(2026, 6, 1, 9, tzinfo=UTC)
# What the columns of flows count, straight from the events.
EVENTS: Final = """
SELECT date_trunc('month', e.effective_on)::date, e.court_id::text, t.category_id::text, e.kind,
  count(*)
FROM case_status_events e
JOIN cases c ON c.id = e.case_id JOIN case_types t ON t.id = e.case_type_id
WHERE e.retracted_at IS NULL AND c.deleted_at IS NULL GROUP BY 1, 2, 3, 4
"""
FLOWS: Final = {name: name.replace("new", "filed") for name in SIGNS if name != "begin_active"}
Matrix = dict[tuple[str, str], Mapping[str, Any]]


async def test_what_is_pending_follows_from_what_came_and_went_everywhere(url: str) -> None:
    make(url, CASES, COURTS)
    with psycopg.connect(url) as connection:
        events = {(month, court, category, kind): n
                  for month, court, category, kind, n in connection.execute(EVENTS)}  # fmt: skip
    months = [await _matrix(url, month) for month in months_of(TWO_YEARS)]
    assert len({court for found in months for court, _ in found}) == COURTS
    assert min(Counter(name for found in months for line in found.values()
                       for name in SIGNS if line[name]).values()) > 0  # fmt: skip
    before: Matrix | None = None
    for period, found in zip(months_of(TWO_YEARS), months, strict=True):
        for (court, category), line in found.items():
            assert balances(dict(line)), (period, court, category, line)
            for name, kind in FLOWS.items():
                assert line[name] == events.get((period.first, court, category, kind), 0)
        # A month begins with what the one before ended with, and no group is lost between them.
        if before is not None:
            ended = {key: line["end_active"] for key, line in before.items()}
            begins = {key: line["begin_active"] for key, line in found.items()}
            assert _nonzero(begins) == _nonzero(ended), period
        before = found


async def _matrix(url: str, period: Period) -> Matrix:
    core = wire(make_settings(url), FrozenClock(NOW))
    try:
        query = FigureQuery(period.first, period.last)
        settled = settle(query, core.get(CourtCalendar))
        async with core.view() as view:
            answer = await count(view, BY_NAME["matrix"], settled)
        (part,) = answer.parts
        return {
            (str(line.keys[Dimension.COURT][0]), str(line.keys[Dimension.CATEGORY][0])): line.values
            for line in part.counted.lines.values()
        }
    finally:
        await core.close()


def _nonzero(counts: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    return {key: count for key, count in counts.items() if count}
