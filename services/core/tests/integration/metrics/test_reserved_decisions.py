"""The reserved decisions that triggers keep follow whichever way activities are written."""

from datetime import date
from typing import Final

import pytest
from sqlalchemy import text

from common.composition import Units, session_of
from core_service.access.actors import SYSTEM
from core_service.activities.records import ActivityRecord
from core_service.activities.service import ActivityService
from core_service.sources import SYSTEM_ITSELF
from testkit.core.decisions import decisions_that_differ
from testkit.core.registry import TESTVILLE, case_type, content, filing

RESERVED, DELIVERED, MENTIONED = "Judgment Date Given", "Ruling Delivered", "Mention Date Given"
STEPS: Final = (
    (date(2025, 1, 1), "Registration/Filing", "Case Registered/Filed"),
    (date(2025, 2, 1), "Hearing", RESERVED),
    (date(2025, 2, 8), "Mention", RESERVED),
    (date(2025, 3, 1), "Ruling", DELIVERED),
    (date(2025, 4, 1), "Mention", RESERVED),
)
VOID: Final = "UPDATE case_activities SET voided_at = created_at, void_reason = 'corrected' WHERE "
CHANGE: Final = "UPDATE case_activities SET outcome_id = (SELECT id FROM outcomes WHERE label = '"
OUTCOME: Final = "outcome_id IN (SELECT id FROM outcomes WHERE label = '{}')"
LABELLED: Final = "UPDATE outcomes SET {} WHERE label = '{}'"
MOVED: Final = (
    "UPDATE case_activities SET activity_on = '2025-05-01' WHERE activity_on = '2025-03-01'"
)
COUNT: Final = text("SELECT count(*), count(ended_on) FROM reserved_decisions")


async def _record(core: Units) -> None:
    async with core.begin() as unit:
        for number in ("E1", "E2"):
            case = filing(
                court_id=TESTVILLE,
                number=number,
                filed_on=STEPS[0][0],
                case_type_id=case_type("CIVSUIT"),
            )
            for step in STEPS:
                record = ActivityRecord(case, content(*step), SYSTEM_ITSELF)
                await unit.get(ActivityService).record(record, SYSTEM)


@pytest.mark.parametrize(
    ("statement", "decisions", "ended"),
    [
        ("UPDATE case_activities SET seq = seq", 4, 2),
        (VOID + OUTCOME.format(RESERVED), 0, 0),
        (VOID + OUTCOME.format(DELIVERED), 2, 0),
        (f"{CHANGE}{MENTIONED}') WHERE {OUTCOME.format(RESERVED)}", 0, 0),
        (f"{CHANGE}{RESERVED}') WHERE {OUTCOME.format(DELIVERED)}", 2, 0),
        (MOVED, 2, 2),
        (LABELLED.format("effect = 'none'", RESERVED), 0, 0),
        (LABELLED.format("limited_to = ARRAY[gen_random_uuid()]", DELIVERED), 2, 0),
        ("UPDATE cases SET case_type_id = (SELECT id FROM case_types WHERE code = 'MUR')", 4, 2),
        ("UPDATE cases SET deleted_at = now()", 4, 2),
    ],
)
async def test_decisions_follow_what_is_written_by_hand(
    core: Units, statement: str, decisions: int, ended: int
) -> None:
    await _record(core)
    async with core.begin() as unit:
        connection = await session_of(unit).connection()
        assert (await connection.execute(COUNT)).one() == (4, 2)
        assert (await connection.execute(text(statement))).rowcount
        assert (await connection.execute(COUNT)).one() == (decisions, ended)
    assert await decisions_that_differ(core) == []
