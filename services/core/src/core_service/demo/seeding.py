"""`core seed-demo`: the sample return's courts and people, and invented cases at one more court."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from common.composition import Units
from core_service.access.actors import SYSTEM
from core_service.activities.records import ActivityContent, ActivityRecord
from core_service.activities.service import ActivityService
from core_service.cases.models import Case
from core_service.cases.records import CaseFiling, PartyCounts
from core_service.court_calendar import CourtCalendar
from core_service.demo.invention import InventedCase, InventedStep, invent
from core_service.demo.reference import (
    case_type_rows,
    court_ids,
    court_rows,
    judge_rows,
    read_plan,
    sitting_judge_ids,
)
from core_service.reference.models import (
    ActivityType,
    AdjournmentReason,
    CaseType,
    Court,
    Judge,
    Outcome,
)
from core_service.reference.seed import Seeding
from core_service.reference.spelling import normal_spelling
from core_service.sources import SYSTEM_ITSELF


async def seed_demo(core: Units, cases: int) -> dict[str, UUID]:
    """Add what is missing; gives the demo courts' IDs by name. Cases are added once."""
    plan = read_plan()
    courts = court_ids(plan)
    async with core.database.transaction() as session:
        seeding = core.container(session).get(Seeding)
        await seeding.add(Court, list(court_rows(plan)))
        await seeding.add(Judge, list(judge_rows(plan)))
        await seeding.add(CaseType, list(case_type_rows(plan)))
        court_id = courts[plan["cases_court"]]
        seeded = await session.exec(select(Case.id).where(Case.court_id == court_id).limit(1))
        done = seeded.first() is not None
        words = await _words(session)
    if not done:
        await _add_cases(core, plan, words, cases)
    return courts


async def _add_cases(core: Units, plan: dict[str, Any], words: "Words", count: int) -> None:
    court_id = court_ids(plan)[plan["cases_court"]]
    invented = list(invent(plan, core.get(CourtCalendar).today(), count))
    # One transaction: a demo that was stopped half-way starts over instead of staying half.
    async with core.database.transaction() as session:
        scribe = Scribe(
            core.container(session).get(ActivityService), court_id, sitting_judge_ids(plan), words
        )
        for case in invented:
            await scribe.write(case)
            session.expunge_all()


@dataclass(frozen=True, slots=True)
class Words:
    """IDs of the vocabulary by kind and normalised label or name."""

    ids: dict[type, dict[str, UUID]]

    def find(self, kind: type, label: str) -> UUID:
        """The ID of a word. Raises KeyError when the vocabulary lacks it."""
        return self.ids[kind][normal_spelling(label)]


async def _words(session: AsyncSession) -> Words:
    found: dict[type, dict[str, UUID]] = {}
    for model in (ActivityType, Outcome, AdjournmentReason):
        rows = await session.exec(select(model.label_norm, model.id))
        found[model] = dict(rows.all())
    named = await session.exec(select(CaseType.name_norm, CaseType.id))
    found[CaseType] = dict(named.all())
    return Words(found)


@dataclass(frozen=True, slots=True)
class Scribe:
    """Writes invented cases through the registry's own entry."""

    activities: ActivityService
    court_id: UUID
    judges: Sequence[UUID]
    words: Words

    async def write(self, case: InventedCase) -> None:
        """Register a case and record its history."""
        filing = CaseFiling(
            court_id=self.court_id,
            caseid_type=case.caseid_type,
            number=case.number,
            filed_on=case.filed_on,
            case_type_id=self.words.find(CaseType, case.case_type),
            parties=PartyCounts(*case.parties),
            custody_count=case.custody_count,
        )
        judge_id = self.judges[case.judge % len(self.judges)]
        for step in case.steps:
            record = ActivityRecord(filing, self._content(step, judge_id), SYSTEM_ITSELF)
            await self.activities.record(record, SYSTEM)

    def _content(self, step: InventedStep, judge_id: UUID) -> ActivityContent:
        find = self.words.find
        return ActivityContent(
            activity_on=step.on,
            activity_type_id=find(ActivityType, step.activity_type),
            outcome_id=find(Outcome, step.outcome),
            reason_id=find(AdjournmentReason, step.reason) if step.reason else None,
            next_on=step.next_on,
            judge_ids=(judge_id,),
        )
