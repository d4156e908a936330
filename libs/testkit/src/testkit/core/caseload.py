"""Forty cases over three courts and two years, few enough to count by hand, and the checks that
the totals and states which figures read are those of the events.

Fiscal years end on 30 June; some of it happens on the first and the last days of years.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from common.composition import Units, session_of
from core_service.access.actors import SYSTEM
from core_service.activities.records import ActivityRecord
from core_service.activities.service import ActivityService
from core_service.sources import SYSTEM_ITSELF
from core_service.transfers.orders import TransferOrder
from core_service.transfers.service import TransferService
from testkit.core.registry import APPEAL, DEMOVILLE, TESTVILLE, case_type, content, filing

CIVIL: Final = "CIVSUIT"
MURDER: Final = "MUR"
REGISTERED: Final = ("Registration/Filing", "Case Registered/Filed")
STEPS: Final = {
    "disposed": ("Judgment", "Judgment Delivered"),
    "inactive": ("Mention", "Stood Over Generally"),
    "active": ("Re-activation", "Re-activation"),
}


@dataclass(frozen=True, slots=True)
class Alike:
    """So many cases to which the same happened on the same days; `sent` to the Court of Appeal."""

    count: int
    court_id: UUID
    type_code: str
    filed: str
    steps: tuple[tuple[str, str], ...] = ()
    sent: str | None = None


FORTY: Final = (
    Alike(4, TESTVILLE, CIVIL, "2024-07-01", (("2025-06-30", "disposed"),)),
    Alike(
        *(3, TESTVILLE, CIVIL, "2024-09-10"),
        (("2024-12-31", "inactive"), ("2025-01-01", "active"), ("2025-07-01", "disposed")),
    ),
    Alike(
        *(1, TESTVILLE, CIVIL, "2024-10-01"),
        (("2025-02-01", "disposed"), ("2025-03-01", "active"), ("2025-08-15", "disposed")),
    ),
    Alike(2, TESTVILLE, CIVIL, "2025-06-30"),
    Alike(3, TESTVILLE, MURDER, "2025-01-15"),
    Alike(1, TESTVILLE, MURDER, "2025-07-01", (("2026-05-29", "disposed"),)),
    Alike(5, DEMOVILLE, CIVIL, "2024-08-05", (("2024-12-31", "disposed"),)),
    Alike(2, DEMOVILLE, CIVIL, "2024-11-20", (("2025-05-05", "inactive"),)),
    Alike(3, DEMOVILLE, CIVIL, "2025-12-31"),
    Alike(1, DEMOVILLE, CIVIL, "2026-01-01", (("2026-03-31", "disposed"),)),
    Alike(2, DEMOVILLE, MURDER, "2024-07-15", sent="2025-09-01"),
    Alike(1, DEMOVILLE, MURDER, "2025-02-28"),
    Alike(6, APPEAL, CIVIL, "2024-07-31", (("2025-03-31", "disposed"),)),
    Alike(
        *(1, APPEAL, CIVIL, "2025-03-03"),
        (("2025-08-01", "inactive"), ("2025-10-01", "active"), ("2026-02-02", "disposed")),
    ),
    Alike(
        *(1, APPEAL, CIVIL, "2024-12-01"), (("2025-01-10", "disposed"), ("2025-02-10", "active"))
    ),
    Alike(2, APPEAL, MURDER, "2025-10-10", (("2025-10-10", "disposed"),)),
    Alike(2, APPEAL, MURDER, "2026-02-28"),
)
FIRST_YEAR: Final = {"from": "2024-07-01", "to": "2025-06-30"}
SECOND_YEAR: Final = {"from": "2025-07-01", "to": "2026-05-31"}
# What is not 0, by court and kind of case, of the matrix.
MATRIX: Final[Mapping[str, Mapping[tuple[UUID, str], Mapping[str, int]]]] = {
    FIRST_YEAR["from"]: {
        (TESTVILLE, CIVIL): {
            "new": 10,
            "reopened": 1,
            "reactivated": 3,
            "disposed": 5,
            "inactivated": 3,
            "end_active": 6,
        },
        (TESTVILLE, MURDER): {"new": 3, "end_active": 3},
        (DEMOVILLE, CIVIL): {"new": 7, "disposed": 5, "inactivated": 2, "end_inactive": 2},
        (DEMOVILLE, MURDER): {"new": 3, "end_active": 3},
        (APPEAL, CIVIL): {"new": 8, "reopened": 1, "disposed": 7, "end_active": 2},
    },
    SECOND_YEAR["from"]: {
        (TESTVILLE, CIVIL): {
            "begin_active": 6,
            "disposed": 3,
            "reopened_disposed": 1,
            "end_active": 2,
        },
        (TESTVILLE, MURDER): {"begin_active": 3, "new": 1, "disposed": 1, "end_active": 3},
        (DEMOVILLE, CIVIL): {"new": 4, "disposed": 1, "end_active": 3, "end_inactive": 2},
        (DEMOVILLE, MURDER): {"begin_active": 3, "transfer_out": 2, "end_active": 1},
        (APPEAL, CIVIL): {
            "begin_active": 2,
            "reactivated": 1,
            "disposed": 1,
            "inactivated": 1,
            "end_active": 1,
        },
        (APPEAL, MURDER): {"new": 4, "transfer_in": 2, "disposed": 2, "end_active": 4},
    },
}


async def record_forty(core: Units) -> list[UUID]:
    """Record the forty cases, as the activities of courts; their IDs."""
    async with core.begin() as unit:
        activities, transfers = unit.get(ActivityService), unit.get(TransferService)
        found = []
        for number, alike in enumerate(_each(), start=1):
            filed_on = date.fromisoformat(alike.filed)
            case = filing(
                court_id=alike.court_id,
                number=f"E{number}",
                filed_on=filed_on,
                case_type_id=case_type(alike.type_code),
            )
            steps = [(alike.filed, REGISTERED), *((day, STEPS[name]) for day, name in alike.steps)]
            records = [
                ActivityRecord(case, content(date.fromisoformat(day), *words), SYSTEM_ITSELF)
                for day, words in steps
            ]
            recorded = [await activities.record(each, SYSTEM) for each in records]
            case_id = recorded[0].case_id
            found.append(case_id)
            if alike.sent is not None:
                order = TransferOrder(
                    to_court_id=APPEAL, transferred_on=date.fromisoformat(alike.sent)
                )
                await transfers.transfer(case_id, order, "Committed", SYSTEM)
        return found


def _each() -> Iterator[Alike]:
    for alike in FORTY:
        yield from [alike] * alike.count


# How states are stored: from the first day that dates have, until one that never comes.
EPOCH: Final = date(1900, 1, 1)
END_OF_TIME: Final = date(9999, 12, 31)
COUNTED: Final = ("filed", "disposed", "reopened_disposed")
INCOMING: Final = frozenset({"filed", "reopened", "reactivated", "transfer_in"})
_LIVE: Final = text("""
SELECT case_id, e.court_id, e.case_type_id, kind, effective_on FROM case_status_events e
JOIN cases c ON c.id = case_id WHERE retracted_at IS NULL AND deleted_at IS NULL
""")
_STORED: Final = text("""
SELECT case_id, court_id, case_type_id, from_on, until_on, began_on, active, inactive,
  inactive_offset, filed, disposed, disposed_again FROM caseload_states
""")
_DIFFERENCES: Final = text("""
WITH events AS (
  SELECT e.court_id, e.case_type_id, e.kind, e.effective_on AS day, count(*) AS n
  FROM case_status_events e JOIN cases c ON c.id = e.case_id
  WHERE e.retracted_at IS NULL AND c.deleted_at IS NULL
  GROUP BY 1, 2, 3, 4
), levels AS (
  SELECT 'month' AS level, date_trunc('month', day)::date AS starts_on, court_id, case_type_id,
    kind, n FROM events
  UNION ALL SELECT 'half', make_date(extract(year FROM day)::int,
    CASE WHEN extract(month FROM day) < 7 THEN 1 ELSE 7 END, 1), court_id, case_type_id, kind, n
    FROM events
  UNION ALL SELECT 'ever', DATE '1900-01-01', court_id, case_type_id, kind, n FROM events
), deltas AS (
  SELECT 'month' AS level, date_trunc('month', effective_on)::date AS starts_on, court_id,
    case_type_id, kind, count AS n FROM caseload_deltas
  UNION ALL SELECT 'half', make_date(extract(year FROM effective_on)::int,
    CASE WHEN extract(month FROM effective_on) < 7 THEN 1 ELSE 7 END, 1), court_id, case_type_id,
    kind, count FROM caseload_deltas
  UNION ALL SELECT 'ever', DATE '1900-01-01', court_id, case_type_id, kind, count
    FROM caseload_deltas
)
SELECT level, starts_on, court_id, case_type_id, kind, sum(n) FROM (
  SELECT * FROM levels
  UNION ALL SELECT level, starts_on, court_id, case_type_id, kind, -n FROM deltas
  UNION ALL SELECT level, starts_on, court_id, case_type_id, kind, -count FROM caseload_totals
) compared
GROUP BY level, starts_on, court_id, case_type_id, kind HAVING sum(n) <> 0
""")


async def totals_that_differ(core: Units) -> list[Any]:
    """The cells whose totals are not those of the events; none, whatever was done."""
    async with core.view() as view:
        connection = await session_of(view).connection()
        return list((await connection.execute(_DIFFERENCES)).all())


async def states_that_differ(core: Units) -> list[str]:
    """The states of cases that are not what plain Python makes of their events; none."""
    histories = defaultdict(list)
    async with core.view() as view:
        connection = await session_of(view).connection()
        for *key, kind, on in await connection.execute(_LIVE):
            histories[tuple(key)].append((kind, on))
        stored = Counter(map(tuple, await connection.execute(_STORED)))
    counted = Counter(state for key, each in histories.items() for state in _states(key, each))
    return [
        f"{state} is {stored[state]} times" for state in (stored - counted) + (counted - stored)
    ]


def _states(key: tuple[UUID, ...], events: list[tuple[str, date]]) -> Iterator[tuple[Any, ...]]:
    days = sorted({on for _, on in events})
    for first, until in pairwise([*days, END_OF_TIME]):
        so_far = [(kind, on) for kind, on in events if on <= first]
        active = sum(1 if kind in INCOMING else -1 for kind, _ in so_far)
        sent = [on for kind, on in so_far if kind == "inactivated"]
        back = [on for kind, on in so_far if kind == "reactivated"]
        offset = sum((day - EPOCH).days for day in sent) - sum((day - EPOCH).days for day in back)
        counts = [events.count((kind, first)) for kind in COUNTED]
        yield (*key, first, until, days[0], active, len(sent) - len(back), offset, *counts)
