"""Which activities are exported; cases are chosen as their list is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Query
from sqlalchemy import ColumnElement
from sqlmodel import col, select

from common.dates import Day
from core_service.cases.models import Case, CaseStatus
from core_service.ledger.models import ActivityJudge, CaseActivity
from core_service.reference.models import CaseType


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """None leaves a filter out; the period includes both ends."""

    court: UUID | None = None
    case_type: UUID | None = None
    category: UUID | None = None
    status: Annotated[CaseStatus | None, Query(description="the present status of the case")] = None
    judge: Annotated[UUID | None, Query(description="who sat, alone or on a bench")] = None
    activity_type: UUID | None = None
    outcome: UUID | None = None
    first: Annotated[Day | None, Query(alias="from", description="the first day")] = None
    last: Annotated[Day | None, Query(alias="to", description="the last day, included")] = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Over activities joined with their cases and case types."""
        return [
            build(value)
            for name, build in _CONDITIONS.items()
            if (value := getattr(self, name)) is not None
        ]


def _sat(judge: UUID) -> ColumnElement[bool]:
    seat = select(ActivityJudge.position).where(
        col(ActivityJudge.activity_id) == CaseActivity.id, col(ActivityJudge.judge_id) == judge
    )
    return seat.exists()


_CONDITIONS: Final[Mapping[str, Callable[[Any], ColumnElement[bool]]]] = {
    "court": lambda value: col(Case.court_id) == value,
    "case_type": lambda value: col(Case.case_type_id) == value,
    "category": lambda value: col(CaseType.category_id) == value,
    "status": lambda value: col(Case.status) == value,
    "judge": _sat,
    "activity_type": lambda value: col(CaseActivity.activity_type_id) == value,
    "outcome": lambda value: col(CaseActivity.outcome_id) == value,
    "first": lambda value: col(CaseActivity.activity_on) >= value,
    "last": lambda value: col(CaseActivity.activity_on) <= value,
}
