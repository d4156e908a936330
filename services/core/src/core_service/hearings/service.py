"""Schedules hearings by hand, and makes the lists of a court's day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any, ClassVar, Final
from uuid import UUID

from common.clock import Clock
from common.errors import BadRequest, Conflict, FieldError, NotFound, ValidationFailed
from common.keyset import Pager, Slice
from common.pages import PageRequest
from common.writes import ExpectedVersion, check_version
from core_service.access.actors import Actor, creation_columns, mark_updated
from core_service.cases.models import Case
from core_service.cases.service import CaseService
from core_service.cases.visibility import CaseReader, CaseWriter, Visibility
from core_service.court_calendar import CourtCalendar, is_future
from core_service.hearings.models import Hearing
from core_service.hearings.parameters import DayQuery, DiaryQuery, ListQuery
from core_service.hearings.repository import (
    IN_ORDER_OF_DAYS,
    DiaryDay,
    HearingRepository,
    ListedHearing,
)
from core_service.ledger.service import Ledger
from core_service.reference.models import ActivityType, Court, Judge

MOST_DAYS: Final = 366
# A year of thirty judges; the answer stays below 2 MiB.
MOST_ITEMS: Final = 8000


class HearingNotFound(NotFound):
    """There is no such hearing, or none that the caller may know of."""

    code: ClassVar[str] = "hearing-not-found"
    title: ClassVar[str] = "There is no such hearing"


class HearingExists(Conflict):
    """The case has a hearing on that day already."""

    code: ClassVar[str] = "hearing-exists"
    title: ClassVar[str] = "The case is scheduled for that day already"


class HearingFromActivity(Conflict):
    """The day was set by an activity, or the hearing has taken place: its activity says so."""

    code: ClassVar[str] = "hearing-from-activity"
    title: ClassVar[str] = "Correct the activity that says so"


class HearingInvalid(ValidationFailed):
    """The hearing breaks a rule of the registry; `errors` says which."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
    code: ClassVar[str] = "hearing-invalid"
    title: ClassVar[str] = "The hearing cannot be scheduled"


class DiaryPeriodInvalid(BadRequest):
    """The period ends before it begins, or is too long."""

    code: ClassVar[str] = "diary-period-invalid"
    title: ClassVar[str] = "The period is not valid"


@dataclass(frozen=True, slots=True)
class HearingService:
    """Manual plans and lists; what follows from activities is written by `Diary`."""

    hearings: HearingRepository
    cases: CaseService
    ledger: Ledger
    clock: Clock
    calendar: CourtCalendar
    pager: Pager

    async def page(self, case_id: UUID, page: PageRequest, by: CaseReader) -> Slice[Hearing]:
        """A page of a case's hearings in the order of their days.

        Raises CaseNotFound, CursorInvalid.
        """
        case = await self.cases.get(case_id, by.visibility)
        statement = self.hearings.of_case(case.id)
        purpose = f"hearings\x00{case.id}"
        return await self.pager.cut(
            self.hearings, statement, IN_ORDER_OF_DAYS, page, purpose=purpose
        )

    async def get(self, hearing_id: UUID, visibility: Visibility) -> Hearing:
        """A hearing of a case that the caller may know of. Raises HearingNotFound."""
        hearing = await self.hearings.first(self.hearings.visible(hearing_id, visibility))
        if hearing is None:
            raise HearingNotFound
        await self.cases.get(hearing.case_id, visibility)  # the audit notes it when it is sealed
        return hearing

    async def schedule(self, case_id: UUID, values: Mapping[str, Any], by: CaseWriter) -> Hearing:
        """Schedule a case by hand.

        Raises CaseNotFound, PermissionDenied, HearingInvalid, HearingExists.
        """
        case = await self.cases.lock_for(case_id, by)
        day = values["hearing_on"]
        faults = await self._unknown(values)
        if day < self.calendar.today():
            faults.insert(
                0, FieldError("on", "date-past", "A hearing is scheduled for today or later")
            )
        if faults:
            raise HearingInvalid(errors=tuple(faults))
        stored = await self.hearings.all(self.hearings.of_case(case.id))
        hearing = next((each for each in stored if each.hearing_on == day), None)
        if hearing is not None and hearing.is_planned:
            raise HearingExists
        if hearing is None:
            created = creation_columns(by.actor, self.clock.now())
            hearing = Hearing(**created, case_id=case.id, court_id=case.court_id, hearing_on=day)
            self.hearings.session.add(hearing)
        hearing.is_manual = True
        return await self._write(case, hearing, values, by.actor)

    async def change(
        self,
        hearing_id: UUID,
        changes: Mapping[str, Any],
        expected: ExpectedVersion,
        by: CaseWriter,
    ) -> Hearing:
        """Change a hearing that was scheduled by hand.

        Raises HearingNotFound, PermissionDenied, PreconditionFailed, HearingFromActivity,
        HearingInvalid.
        """
        hearing = await self.get(hearing_id, by.visibility)
        case = await self.cases.lock_for(hearing.case_id, by)
        await self.hearings.session.refresh(hearing)
        check_version(expected, hearing.version)
        if not hearing.is_manual or hearing.actual_id is not None:
            raise HearingFromActivity
        faults = await self._unknown(changes)
        if faults:
            raise HearingInvalid(errors=tuple(faults))
        version = hearing.version
        changed = await self._write(case, hearing, changes, by.actor)
        changed.version = version + 1
        await self.hearings.session.flush()
        return changed

    async def scheduled_since(self, batch_id: UUID, limit: int) -> Sequence[UUID]:
        """Cases for which users have scheduled since this import recorded an activity of them."""
        return await self.hearings.scheduled_since(batch_id, limit)

    async def cause_list(
        self, visibility: Visibility, wanted: ListQuery, *, vacated: bool = False
    ) -> list[ListedHearing]:
        """What is planned; with `vacated`, also what does not take place, to be cancelled."""
        return await self.hearings.cause_list(visibility, wanted, vacated=vacated)

    async def missing_outcomes(
        self, visibility: Visibility, wanted: DayQuery
    ) -> list[ListedHearing]:
        """What is missing of a day; of one to come, nothing is missing yet."""
        if is_future(wanted.on, self.calendar.today()):
            return []
        return await self.hearings.missing_outcomes(visibility, wanted.court, wanted.on)

    async def diary(self, visibility: Visibility, wanted: DiaryQuery) -> list[DiaryDay]:
        """Each judge's load, day by day. Raises DiaryPeriodInvalid."""
        first, last = wanted.first, wanted.last
        if not first <= last < first + timedelta(days=MOST_DAYS):
            raise DiaryPeriodInvalid(f"From a day to a later one, at most {MOST_DAYS} days")
        days = await self.hearings.diary(visibility, wanted.court, first, last)
        if len(days) > MOST_ITEMS:
            raise DiaryPeriodInvalid(f"The period has more than {MOST_ITEMS} items; shorten it")
        return days

    async def court_name(self, court_id: UUID) -> str:
        court = await self.hearings.session.get(Court, court_id)
        return court.name if court is not None else str(court_id)

    async def labels(self, hearings: Sequence[Hearing]) -> dict[UUID, str]:
        return await self.hearings.labels([hearing.purpose_id for hearing in hearings])

    async def _write(
        self, case: Case, hearing: Hearing, values: Mapping[str, Any], by: Actor
    ) -> Hearing:
        hearing.sqlmodel_update(dict(values))
        await self.hearings.session.flush()
        await self.ledger.refresh(case)
        mark_updated(case, by, self.clock.now())
        hearing.updated_by, hearing.updated_at = by.user_id, self.clock.now()
        await self.hearings.session.flush()
        return hearing

    async def _unknown(self, values: Mapping[str, Any]) -> list[FieldError]:
        get = self.hearings.session.get
        judge_id, purpose_id = values.get("planned_judge_id"), values.get("planned_purpose_id")
        faults = []
        if judge_id is not None and await get(Judge, judge_id) is None:
            faults.append(FieldError("judge_id", "unknown", "There is no such judge"))
        if purpose_id is not None and await get(ActivityType, purpose_id) is None:
            faults.append(FieldError("purpose_id", "unknown", "There is no such activity type"))
        return faults
