"""The table of who was responsible for a case, and when."""

from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, col, select

from core_service.cases.models import Case
from core_service.judge_columns import JudgeColumn
from core_service.tables import Record, text_enum


class AssignmentRole(StrEnum):
    """A bench has one lead; the others are members."""

    LEAD = "lead"
    MEMBER = "member"


class AssignmentOrigin(StrEnum):
    """Whether it follows from the bench that sat, or was assigned by a user."""

    BENCH = "bench"
    ASSIGNED = "assigned"


class CaseJudgeAssignment(Record, table=True):
    """Who was responsible for a case, and when.

    Rows of the bench follow from the activities, and change with them. An assigned row is a
    fact: only `to_on` is derived, from `ended_on` and from the next lead.
    """

    __tablename__ = "case_judge_assignments"
    __table_args__ = (
        Index(
            "uq_case_judge_assignments_current_lead",
            "case_id",
            unique=True,
            postgresql_where=text("role = 'lead' AND to_on IS NULL"),
        ),
        Index("ix_case_judge_assignments_case_id", "case_id", "from_on"),
        Index("ix_case_judge_assignments_judge_id", "judge_id", "to_on"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", "period"),
    )

    case_id: UUID = Field(foreign_key="cases.id")
    judge_id: UUID = Field(foreign_key="judges.id")
    role: AssignmentRole = Field(sa_type=text_enum(AssignmentRole))
    from_on: date
    to_on: date | None = None
    reason: str | None = None
    origin: AssignmentOrigin = Field(sa_type=text_enum(AssignmentOrigin))
    ended_on: date | None = None
    ended_reason: str | None = None

    @property
    def is_derived(self) -> bool:
        """Those of the bench follow from the activities."""
        return self.origin is AssignmentOrigin.BENCH


_CASE_ID: Final = col(CaseJudgeAssignment.case_id)
JUDGE_COLUMNS: Final = (
    JudgeColumn(
        "assignment",
        CaseJudgeAssignment,
        "judge_id",
        court_id=select(Case.court_id).where(col(Case.id) == _CASE_ID).scalar_subquery(),
        audited=col(CaseJudgeAssignment.origin) == AssignmentOrigin.ASSIGNED,
        case_id=_CASE_ID,
    ),
)
