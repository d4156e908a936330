"""Rows of the lists that are made from hearings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from core_service.cases.models import Case
from core_service.cases.numbers import display_number
from core_service.hearings.models import Hearing, HearingStatus
from core_service.reference.models import Judge


@dataclass(frozen=True, slots=True)
class ListedHearing:
    """A hearing with what a list says of it."""

    hearing: Hearing
    case: Case
    judge: Judge | None
    purpose: str | None

    @property
    def number(self) -> str:
        """The case's number as people write it."""
        return display_number(self.case.caseid_type, self.case.number_raw, self.case.filed_year)


@dataclass(slots=True)
class DiaryDay:
    """One judge's day at a court; without a judge, what nobody is named for."""

    on: date
    judge_id: UUID | None
    judge_name: str | None
    counts: dict[HearingStatus, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        counted: Iterable[tuple[date, UUID | None, HearingStatus, int]],
        names: Mapping[UUID, str],
    ) -> "list[DiaryDay]":
        """Counts by status put together by day and judge, sorted by day and name."""
        days: dict[tuple[date, UUID | None], DiaryDay] = {}
        for on, judge_id, status, count in counted:
            name = names[judge_id] if judge_id is not None else None
            day = days.setdefault((on, judge_id), cls(on, judge_id, name))
            day.counts[status] = count
        return sorted(days.values(), key=lambda day: (day.on, day.judge_name or ""))
