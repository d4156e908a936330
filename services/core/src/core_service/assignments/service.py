"""The rules of assignments: somebody gives a case to a judge, or takes it away again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from common.clock import Clock
from common.errors import FieldError
from common.keyset import Pager, Slice
from common.pages import PageRequest
from core_service.access.actors import Actor
from core_service.assignments.errors import (
    AssignmentInvalid,
    AssignmentNotEndable,
    AssignmentNotFound,
)
from core_service.assignments.models import AssignmentOrigin, AssignmentRole, CaseJudgeAssignment
from core_service.assignments.repository import EARLIEST_FIRST, AssignmentRepository
from core_service.cases.models import Case
from core_service.court_calendar import CourtCalendar
from core_service.history.models import ChangeKind
from core_service.history.service import CaseHistory, Change
from core_service.ledger.service import Ledger
from core_service.reference.models import Judge
from core_service.stamps import first_stamp, touch


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """Who gets a case, as what, from which day on, and why."""

    judge_id: UUID
    role: AssignmentRole
    from_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class AssignmentService:
    """Assigns cases; the ledger works out who leads."""

    assignments: AssignmentRepository
    ledger: Ledger
    history: CaseHistory
    clock: Clock
    calendar: CourtCalendar
    pager: Pager

    async def page(self, case_id: UUID, page: PageRequest) -> Slice[CaseJudgeAssignment]:
        """A page of a case's assignments, the earliest first. Raises CursorInvalid."""
        statement = self.assignments.of_case(case_id)
        purpose = f"assignments\x00{case_id}"
        return await self.pager.cut(
            self.assignments, statement, EARLIEST_FIRST, page, purpose=purpose
        )

    async def judges(self, rows: Sequence[CaseJudgeAssignment]) -> dict[UUID, Judge]:
        """The judges of these assignments, by their IDs."""
        return await self.assignments.judges([row.judge_id for row in rows])

    async def assign(self, case: Case, new: NewAssignment, by: Actor) -> CaseJudgeAssignment:
        """Assign a locked case. A new lead ends the one before. Raises AssignmentInvalid."""
        await self.check([new.judge_id], "judge_id")
        if new.from_on > self.calendar.today():
            fault = FieldError("from_on", "date-future", "An assignment begins today at the latest")
            raise AssignmentInvalid(errors=(fault,))
        return await self.put(case, new, by)

    async def put(self, case: Case, new: NewAssignment, by: Actor) -> CaseJudgeAssignment:
        """Assign a locked case to a judge who may be assigned."""
        before, now = case.model_dump(), self.clock.now()
        row = CaseJudgeAssignment(
            **first_stamp(by, now),
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
        said = {"judge_id": new.judge_id, "role": new.role, "from_on": new.from_on}
        change = Change(ChangeKind.ASSIGNED, new.reason, said=said)
        await self.history.note(case, before, change, by)
        return row

    async def end(
        self, case: Case, assignment_id: UUID, on: date, reason: str, by: Actor
    ) -> CaseJudgeAssignment:
        """End an assignment of a locked case that somebody made.

        Raises AssignmentNotFound, AssignmentNotEndable, AssignmentInvalid.
        """
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
        touch(row, by, self.clock.now())
        await self.assignments.session.flush()
        await self.ledger.refresh(case)
        said = {"judge_id": row.judge_id, "role": row.role, "ended_on": on}
        change = Change(ChangeKind.ASSIGNMENT_ENDED, reason, said=said)
        await self.history.note(case, before, change, by)
        return row

    async def check(self, judge_ids: Sequence[UUID], field: str) -> None:
        """Raise AssignmentInvalid unless all of the judges are in office."""
        missing = set(judge_ids) - await self.assignments.assignable(judge_ids)
        if missing:
            named = ", ".join(sorted(str(judge_id) for judge_id in missing))
            fault = FieldError(field, "not-in-office", f"Not a judge in office: {named}")
            raise AssignmentInvalid(errors=(fault,))
