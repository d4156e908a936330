"""Bodies of requests and responses about assignments."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from common.dates import Day
from common.schemas import RequestModel, ResponseModel
from core_service.assignments.models import AssignmentOrigin, AssignmentRole, CaseJudgeAssignment
from core_service.assignments.service import NewAssignment, Plan, Reassignment
from core_service.cases.numbers import display_number
from core_service.cases.schemas import JudgeBrief
from core_service.people import PersonRead
from core_service.reference.models import Judge

Reason = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class AssignmentCreate(RequestModel):
    """Who gets the case."""

    judge_id: UUID
    role: AssignmentRole = Field(default=AssignmentRole.LEAD, examples=["lead"])
    from_on: Day = Field(examples=["2026-05-04"])
    reason: Reason = Field(examples=["Part-heard before this judge at the former station"])

    def assignment(self) -> NewAssignment:
        return NewAssignment(**self.model_dump())


class AssignmentEnd(RequestModel):
    """When and why the judge is no longer responsible."""

    ended_on: Day = Field(examples=["2026-05-29"])
    reason: Reason = Field(examples=["Recused: acted in the matter as advocate"])


class AssignmentRead(ResponseModel):
    """One judge's time with a case; without `to_on` it goes on."""

    id: UUID
    judge: JudgeBrief
    role: AssignmentRole
    from_on: date
    to_on: date | None
    reason: str | None
    origin: AssignmentOrigin = Field(description="`bench`: follows from who sat")
    ended_reason: str | None
    created_at: datetime
    created_by: PersonRead | None
    version: int

    @classmethod
    def of(
        cls, row: CaseJudgeAssignment, judge: Judge, names: Mapping[UUID, str | None]
    ) -> "AssignmentRead":
        values = row.model_dump() | {
            "judge": judge,
            "created_by": PersonRead.of(row.created_by, names),
        }
        return cls.model_validate(values)


class AssignmentList(ResponseModel):
    """The assignments of one case, the earliest first."""

    items: list[AssignmentRead]
    next_cursor: str | None = None
    total: int | None = None


class BulkBody(RequestModel):
    """Whose open cases move, and to whom: to several in turn, in the order of filing."""

    from_judge_id: UUID
    to_judge_ids: Annotated[list[UUID], Field(min_length=1, max_length=20)]
    court_id: UUID | None = Field(default=None, description="only cases of this court")
    reason: Reason = Field(examples=["Judge transferred to Demoville from 2026-06-01"])
    plan: str | None = Field(
        default=None,
        max_length=64,
        description="the preview's `plan`: move only if just the same would move now",
    )

    @model_validator(mode="after")
    def _others(self) -> "BulkBody":
        if self.from_judge_id in self.to_judge_ids:
            raise ValueError("to_judge_ids must not hold from_judge_id")
        if len(set(self.to_judge_ids)) < len(self.to_judge_ids):
            raise ValueError("to_judge_ids must not hold a judge twice")
        return self

    def reassignment(self) -> Reassignment:
        given = self.model_dump(exclude={"to_judge_ids"})
        return Reassignment(to_judge_ids=tuple(self.to_judge_ids), **given)


class MoveRead(ResponseModel):
    """One case that moves, and who gets it."""

    case_id: UUID
    number: str = Field(examples=["HCCC E014 of 2025"])
    court_id: UUID
    to_judge_id: UUID


class BulkRead(ResponseModel):
    """What moves, or has moved; `remaining` cases wait for another request."""

    moved: bool
    plan: str
    count: int
    remaining: int
    items: list[MoveRead]

    @classmethod
    def of(cls, plan: Plan, *, moved: bool) -> "BulkRead":
        items = [
            MoveRead(
                case_id=move.case.id,
                number=display_number(
                    move.case.caseid_type, move.case.number_raw, move.case.filed_year
                ),
                court_id=move.case.court_id,
                to_judge_id=move.to_judge_id,
            )
            for move in plan.moves
        ]
        return cls(
            moved=moved, plan=plan.digest, count=len(items), remaining=plan.remaining, items=items
        )
