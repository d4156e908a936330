"""Random histories with all that changes figures afterwards: late rows, corrections, voids,
transfers, changes of type, deletions, seals and merges of judges.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from http import HTTPStatus
from random import Random
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from common.clock import FrozenClock
from common.composition import Units
from core_service.access.actors import SYSTEM
from core_service.activities.records import ActivityRecord
from core_service.activities.service import ActivityService
from core_service.sources import SYSTEM_ITSELF
from testkit.core.api import Api
from testkit.core.registry import (
    AMINA,
    DEMOVILLE,
    JOHN,
    TESTVILLE,
    case_type,
    content,
    filing,
    judge,
    reason,
)

MARY: Final = judge("Trial", "Mary")
WHY: Final = {"reason": "Ordered"}
BEGIN: Final = date(2023, 1, 9)
DAYS: Final = 900
TYPES: Final = ("CIVSUIT", "MUR", "CTR", "CRAPP", "SMALL", "PROB")
REGISTERED: Final = ("Registration/Filing", "Case Registered/Filed")
# What happens, and how often by comparison.
STEPS: Final[Mapping[tuple[str, str], int]] = {
    ("Mention", "Mention Date Given"): 5,
    ("Hearing", "Hearing Date Given"): 4,
    ("Hearing", "Part Heard"): 3,
    ("Hearing", "Adjourned"): 8,
    ("Hearing", "Judgment Date Given"): 4,
    ("Judgment", "Adjourned"): 2,
    ("Judgment", "Judgment Delivered"): 3,
    ("Ruling", "Ruling Delivered"): 3,
    ("Hearing", "Application Allowed"): 1,
    ("Mention", "Stood Over Generally"): 3,
    ("Re-activation", "Re-activation"): 4,
    ("Mention", "Matter Withdrawn"): 1,
    ("Mention", "File Transferred"): 1,
    ("Taxation", "Taxation Date Set"): 1,
}
CHANGES: Final = (
    *("correct", "correct", "void", "late", "late", "type", "transfer", "delete", "seal"),
    *("plan", "merge"),
)
# Of adjournments, those with a reason; of steps, those that count who is in custody.
WITH_REASON: Final = 0.7
WITH_CUSTODY: Final = 0.25
REFERENCE: Final = (
    "activity_types SET adjournable = NOT adjournable",
    "activity_types SET counts_as_hearing = NOT counts_as_hearing",
    "adjournment_reasons SET cause = 'witness', label = label || '.'",
    "case_categories SET name = name || '.'",
    "case_types SET category_id = (SELECT category_id FROM case_types WHERE code = 'MUR')",
    "case_weights SET minutes = minutes + 7",
    "courts SET court_type = 'KC', name = name || '.'",
    "judges SET display_name = display_name || '.'",
    "outcomes SET on_merits = NOT coalesce(on_merits, false)",
    "time_standards SET days = days + 30",
)
REASONS: Final = ("Party absent", "Court not sitting", "Advocate absent", "Witness absent")


@dataclass(slots=True)
class History:
    """One history; `moments` are times between its rounds."""

    core: Units
    admin: Api
    clock: FrozenClock
    chance: Random
    moments: list[datetime] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    _count: int = 0
    _activities: list[tuple[UUID, UUID]] = field(default_factory=list)

    async def run(self, cases: int, changes: int) -> None:
        """File cases and let things happen to them, then change what was recorded, twice."""
        for _ in range(2):
            await self.go_on(cases, changes)

    async def go_on(self, cases: int, changes: int) -> None:
        """One round of it."""
        await self._file(cases)
        await self._pass_time()
        for _ in range(changes):
            await self._change()
        await self._pass_time()

    async def change_reference(self) -> None:
        """Change something that all cases share, by hand."""
        change = self.chance.choice(REFERENCE)
        async with self.core.database.transaction() as session:
            statement = text(f"UPDATE {change}, updated_at = :now")
            await (await session.connection()).execute(statement, {"now": self.clock.now()})

    async def _pass_time(self) -> None:
        self.clock.advance(hours=self.chance.choice([5, 30]))
        self.moments.append(self.clock.now())
        self.clock.advance(hours=1)

    async def _file(self, cases: int) -> None:
        async with self.core.database.transaction() as session:
            activities = self.core.container(session).get(ActivityService)
            for _ in range(cases):
                self._count += 1
                on = BEGIN + timedelta(days=self.chance.randrange(DAYS))
                case: Any = filing(
                    court_id=self.chance.choice([TESTVILLE, DEMOVILLE]),
                    number=f"E{self._count}",
                    filed_on=on,
                    case_type_id=case_type(self.chance.choice(TYPES)),
                )
                steps = self.chance.choices(
                    list(STEPS), list(STEPS.values()), k=self.chance.randrange(9)
                )
                for step in [REGISTERED, *steps]:
                    record = ActivityRecord(case, self._content(on, *step), SYSTEM_ITSELF)
                    recorded = await activities.record(record, SYSTEM)
                    self._activities.append((recorded.case_id, recorded.activity_id))
                    on += timedelta(days=self.chance.choice([0, 7, 20, 20, 40, 90, 200]))

    def _content(self, on: date, type_label: str, outcome_label: str) -> Any:
        chance = self.chance
        more: dict[str, Any] = {}
        if "Date" in outcome_label or outcome_label == "Adjourned":
            more["next_on"] = on + timedelta(days=chance.choice([7, 20, 40]))
        if outcome_label == "Adjourned" and chance.random() < WITH_REASON:
            more["reason_id"] = reason(chance.choice(REASONS))
        if chance.random() < WITH_CUSTODY:
            more["custody_count"] = chance.randrange(3)
        judges = [AMINA, MARY] if "merge" in self.done else [AMINA, MARY, JOHN]
        bench = tuple(chance.sample(judges, k=chance.choice([0, 1, 1, 2])))
        return content(on, type_label, outcome_label, judge_ids=bench, **more)

    async def _change(self) -> None:
        case_id, activity_id = self.chance.choice(self._activities)
        kind = self.chance.choice(CHANGES)
        step = self.chance.choice(list(STEPS))
        on = BEGIN + timedelta(days=self.chance.randrange(DAYS + 200))
        match kind:
            case "correct":
                await self._record(case_id, self._content(on, *step), activity_id)
            case "late":
                await self._record(case_id, self._content(on, *step), None)
            case "void":
                await self._call(kind, "POST", f"/activities/{activity_id}/void", WHY)
            case "type":
                body = {"case_type_id": str(case_type(self.chance.choice(TYPES)))}
                await self._call(kind, "PATCH", f"/cases/{case_id}", body)
            case "transfer":
                to = self.chance.choice([TESTVILLE, DEMOVILLE])
                body = {"to_court_id": str(to), "transferred_on": str(on), **WHY}
                await self._call(kind, "POST", f"/cases/{case_id}/transfer", body)
            case "delete":
                await self._call(kind, "DELETE", f"/cases/{case_id}", None)
            case "seal":
                await self._call(kind, "POST", f"/cases/{case_id}/seal", WHY)
            case "plan":
                body = {"case_id": str(case_id), "on": "2026-08-03"}
                await self._call(kind, "POST", "/hearings", body)
            case "merge" if kind not in self.done:
                await self._call(kind, "POST", f"/judges/{JOHN}/merge", {"into_id": str(AMINA)})

    async def _record(self, case_id: UUID, what: Any, corrects: UUID | None) -> None:
        """Record it where the registry lets it: the same thing twice, for one, it does not."""
        body = {
            "activity_on": what.activity_on.isoformat(),
            "activity_type_id": str(what.activity_type_id),
            "outcome_id": str(what.outcome_id),
            "next_on": what.next_on.isoformat() if what.next_on else None,
            "reason_id": str(what.reason_id) if what.reason_id else None,
            "custody_count": what.custody_count,
            "judge_ids": [str(each) for each in what.judge_ids],
        }
        if corrects is not None:
            await self._call("correct", "PATCH", f"/activities/{corrects}", body)
        else:
            await self._call("late", "POST", "/activities", {"case_id": str(case_id), **body})

    async def _call(self, kind: str, method: str, path: str, body: Any) -> None:
        headers = {"If-Match": "*"} if method in ("PATCH", "DELETE") else {}
        answer = await self.admin.call(method, path, json=body, headers=headers)
        if answer.status_code < HTTPStatus.BAD_REQUEST:
            self.done.add(kind)
        elif answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise AssertionError(answer.text)
