"""Moves a judge's open cases to others, with a preview that shows exactly what would move."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel import col

from core_service.access.courts import within
from core_service.assignments.errors import PlanChanged
from core_service.assignments.models import AssignmentRole
from core_service.assignments.repository import AssignmentRepository
from core_service.assignments.service import AssignmentService, NewAssignment
from core_service.cases.models import Case
from core_service.cases.visibility import CaseWriter
from core_service.court_calendar import CourtCalendar

# As many as one request moves in a few seconds; the answer says how many are left.
MOST_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Reassignment:
    from_judge_id: UUID
    to_judge_ids: tuple[UUID, ...]
    reason: str
    court_id: UUID | None = None
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    case: Case
    to_judge_id: UUID


@dataclass(frozen=True, slots=True)
class Plan:
    """What moves. Plans with the same digest move the same cases to the same judges."""

    moves: Sequence[Move]
    remaining: int

    @property
    def digest(self) -> str:
        text = "\n".join(f"{move.case.id} {move.to_judge_id}" for move in self.moves)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class BulkReassignment:
    """Plans and carries out; both see only cases that the caller may change."""

    assignments: AssignmentRepository
    service: AssignmentService
    calendar: CourtCalendar

    async def preview(self, wanted: Reassignment, by: CaseWriter) -> Plan:
        """What would move now. Raises AssignmentInvalid."""
        return await self._plan(wanted, by, lock=False)

    async def carry_out(self, wanted: Reassignment, by: CaseWriter) -> Plan:
        """Move the cases, from today on. Raises AssignmentInvalid, PlanChanged."""
        plan = await self._plan(wanted, by, lock=True)
        if wanted.plan is not None and wanted.plan != plan.digest:
            raise PlanChanged(extra={"plan": plan.digest})
        today = self.calendar.today()
        for move in plan.moves:
            new = NewAssignment(move.to_judge_id, AssignmentRole.LEAD, today, wanted.reason)
            await self.service.add(move.case, new, by.actor)
        return plan

    async def _plan(self, wanted: Reassignment, by: CaseWriter, *, lock: bool) -> Plan:
        await self.service.check(wanted.to_judge_ids, "to_judge_ids")
        led = self.assignments.led_cases(wanted.from_judge_id, wanted.court_id, by.visibility)
        led = led.where(within(Case.court_id, by.courts))
        total = await self.assignments.count_cases(led)
        first = led.limit(MOST_AT_ONCE)
        if lock:
            ids = [case.id for case in await self.assignments.cases(first)]
            first = led.where(col(Case.id).in_(await self.assignments.locked(ids)))
        cases = await self.assignments.cases(first.execution_options(populate_existing=True))
        to = wanted.to_judge_ids
        moves = [Move(case, to[place % len(to)]) for place, case in enumerate(cases)]
        return Plan(moves, max(total - len(moves), 0))
