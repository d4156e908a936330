"""Assigns cases to judges by hand, and ends such assignments; the ledger works out who leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from common.clock import Clock
from common.errors import FieldError
from common.keyset import Pager, Slice
from common.pages import PageRequest
from core_service.access.actors import Actor, creation_columns, mark_updated
from core_service.assignments.errors import (
    AssignmentInvalid,
    AssignmentNotEndable,
    AssignmentNotFound,
)
from core_service.assignments.models import AssignmentOrigin, AssignmentRole, CaseJudgeAssignment
from core_service.assignments.repository import EARLIEST_FIRST, AssignmentRepository
from core_service.cases.history import CaseHistory, Change
from core_service.cases.models import Case, ChangeKind
from core_service.cases.service import CaseService
from core_service.cases.visibility import CaseReader, CaseWriter
from core_service.court_calendar import CourtCalendar
from core_service.ledger.service import Ledger
from core_service.reference.models import Judge


@dataclass(frozen=True, slots=True)
class NewAssignment:
    judge_id: UUID
    role: AssignmentRole
    from_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class AssignmentService:
    assignments: AssignmentRepository
    cases: CaseService
    ledger: Ledger
    history: CaseHistory
    clock: Clock
    calendar: CourtCalendar
    pager: Pager

    async def page(
        self, case_id: UUID, page: PageRequest, by: CaseReader
    ) -> Slice[CaseJudgeAssignment]:
        """A page of a case's assignments, by date. Raises CaseNotFound, CursorInvalid."""
        case = await self.cases.get(case_id, by.visibility)
        statement = self.assignments.of_case(case.id)
        purpose = f"assignments\x00{case.id}"
        return await self.pager.cut(
            self.assignments, statement, EARLIEST_FIRST, page, purpose=purpose
        )

    async def judges(self, rows: Sequence[CaseJudgeAssignment]) -> dict[UUID, Judge]:
        return await self.assignments.judges([row.judge_id for row in rows])

    async def assign(
        self, case_id: UUID, new: NewAssignment, by: CaseWriter
    ) -> CaseJudgeAssignment:
        """Assign a case; a new lead ends the one before.

        Raises CaseNotFound, PermissionDenied, AssignmentInvalid.
        """
        case = await self.cases.lock_for(case_id, by)
        await self.check([new.judge_id], "judge_id")
        if new.from_on > self.calendar.today():
            fault = FieldError("from_on", "date-future", "An assignment begins today at the latest")
            raise AssignmentInvalid(errors=(fault,))
        return await self.add(case, new, by.actor)

    async def add(self, case: Case, new: NewAssignment, by: Actor) -> CaseJudgeAssignment:
        """Assign a locked case to a judge who may be assigned."""
        before = case.model_dump()
        row = CaseJudgeAssignment(
            **creation_columns(by, self.clock.now()),
            case_id=case.id,
            judge_id=new.judge_id,
            role=new.role,
            from_on=new.from_on,
            # Open from the replay on, which ends the lead before first.
            to_on=new.from_on,
            reason=new.reason,
            origin=AssignmentOrigin.ASSIGNED,
        )
        await self.assignments.add(row)
        await self.ledger.refresh(case)
        facts = {"judge_id": new.judge_id, "role": new.role, "from_on": new.from_on}
        change = Change(ChangeKind.ASSIGNED, new.reason, facts=facts)
        await self.history.note(case, before, change, by)
        return row

    async def end(
        self, case_id: UUID, assignment_id: UUID, on: date, reason: str, by: CaseWriter
    ) -> CaseJudgeAssignment:
        """End a manual assignment.

        Raises CaseNotFound, PermissionDenied, AssignmentNotFound, AssignmentNotEndable,
        AssignmentInvalid.
        """
        case = await self.cases.lock_for(case_id, by)
        row = await self.assignments.first(self.assignments.locked_of(case.id, assignment_id))
        if row is None:
            raise AssignmentNotFound
        if row.origin != AssignmentOrigin.ASSIGNED or row.to_on is not None:
            raise AssignmentNotEndable
        if not row.from_on <= on <= self.calendar.today():
            message = f"Must be from {row.from_on} to today"
            raise AssignmentInvalid(errors=(FieldError("ended_on", "out-of-range", message),))
        before = case.model_dump()
        row.ended_on, row.ended_reason = on, reason
        mark_updated(row, by.actor, self.clock.now())
        await self.assignments.session.flush()
        await self.ledger.refresh(case)
        facts = {"judge_id": row.judge_id, "role": row.role, "ended_on": on}
        change = Change(ChangeKind.ASSIGNMENT_ENDED, reason, facts=facts)
        await self.history.note(case, before, change, by.actor)
        return row

    async def check(self, judge_ids: Sequence[UUID], field: str) -> None:
        """Raise AssignmentInvalid unless all of the judges are in office."""
        missing = set(judge_ids) - await self.assignments.assignable(judge_ids)
        if missing:
            named = ", ".join(sorted(str(judge_id) for judge_id in missing))
            fault = FieldError(field, "not-in-office", f"Not a judge in office: {named}")
            raise AssignmentInvalid(errors=(fault,))
