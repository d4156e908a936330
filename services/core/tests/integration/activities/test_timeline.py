"""GET /cases/{id}/timeline: who, when, from which file and row."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from common.composition import Units
from core_service.access.actors import Actor
from core_service.activities.records import ActivityContent, ActivityRecord
from core_service.activities.service import ActivityService
from core_service.sources import Source, SourceKind
from testkit.core.api import Api
from testkit.core.registry import AMINA, case_body, content, filing, reason

BATCH = uuid4()
CLERK = Actor(uuid4())
HISTORY = [
    content(date(2025, 2, 3), "Registration/Filing", "Case Registered/Filed"),
    content(date(2025, 2, 24), "Mention", "Mention Date Given", next_on=date(2026, 1, 9)),
    content(
        date(2026, 1, 9),
        "Hearing- Main Suit",
        "Adjournment",
        reason_id=reason("Other (specify in details of case)"),
        judge_ids=(AMINA,),
    ),
    content(
        date(2026, 3, 2),
        "Hearing- Main Suit",
        "Terminated/ Struck Out/ Dismissed/Case Closed",
        judge_ids=(AMINA,),
    ),
]


async def apply(core: Units, *history: ActivityContent, start: int = 1) -> UUID:
    async with core.database.transaction() as session:
        activities = core.container(session).get(ActivityService)
        cases: set[UUID] = set()
        for row_no, entry in enumerate(history, start=start):
            source = Source(SourceKind.IMPORT, BATCH, "return.csv", row_no)
            record = ActivityRecord(filing(), entry, source)
            applied = await activities.apply(record, CLERK)
            cases |= {applied.recorded.case_id} if applied.recorded else set()
    (case_id,) = cases
    return case_id


async def test_a_timeline_shows_the_source_of_each_entry(core: Units, clerk: Api) -> None:
    case_id = await apply(core, *HISTORY)

    items = (await clerk.get(f"/cases/{case_id}/timeline")).json()["items"]

    assert [(item["on"], item["kind"], item["summary"]) for item in items] == [
        ("2025-02-03", "filed", "Registration/Filing: Case Registered/Filed"),
        ("2025-02-24", "activity", "Mention: Mention Date Given; next on 2026-01-09"),
        (
            "2026-01-09",
            "activity",
            "Hearing- Main Suit: Adjournment (Other (specify in details of case))",
        ),
        (
            "2026-03-02",
            "disposed",
            "Hearing- Main Suit: Terminated/ Struck Out/ Dismissed/Case Closed",
        ),
    ]
    assert [item["source"] for item in items] == [
        {"kind": "import", "batch_id": str(BATCH), "filename": "return.csv", "row_no": row_no}
        for row_no in (1, 2, 3, 4)
    ]


async def test_a_case_first_seen_later_is_filed_on_its_filing_date(core: Units, clerk: Api) -> None:
    case_id = await apply(core, HISTORY[3], start=9)

    items = (await clerk.get(f"/cases/{case_id}/timeline")).json()["items"]

    assert [(item["on"], item["kind"], item["source"]["row_no"]) for item in items] == [
        ("2025-02-03", "filed", 9),
        ("2026-03-02", "disposed", 9),
    ]
    assert items[0]["activity_id"] is None


async def test_a_registration_recorded_late_becomes_the_filing(core: Units, clerk: Api) -> None:
    await apply(core, HISTORY[3])
    case_id = await apply(core, HISTORY[0], start=2)

    items = (await clerk.get(f"/cases/{case_id}/timeline")).json()["items"]

    assert [(item["kind"], item["activity_id"] is None) for item in items] == [
        ("filed", False),
        ("disposed", False),
    ]


async def test_without_auth_the_recorder_has_no_name(core: Units, clerk: Api) -> None:
    case_id = await apply(core, HISTORY[0])

    items = (await clerk.get(f"/cases/{case_id}/timeline")).json()["items"]

    assert items[0]["recorded_by"] == {"id": str(CLERK.user_id), "name": None}


async def test_a_case_registered_by_hand_says_so(clerk: Api) -> None:
    case = (await clerk.post("/cases", case_body())).json()

    items: list[Mapping[str, Any]] = (await clerk.get(f"/cases/{case['id']}/timeline")).json()[
        "items"
    ]

    assert [(item["kind"], item["source"]["kind"]) for item in items] == [("filed", "manual")]
    assert items[0]["recorded_by"]["id"] == str(clerk.user_id)
