"""Sets hearings down, and makes the lists of a court's day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from common.clock import Clock
from common.errors import FieldError
from common.keyset import Pager, Slice
from common.pages import PageRequest
from common.versions import check_version
from core_service.access.actors import Actor
from core_service.cases.models import Case
from core_service.cases.service import CaseService
from core_service.cases.visibility import Visibility
from core_service.court_calendar import CourtCalendar
from core_service.hearings.errors import (
    DiaryPeriodInvalid,
    HearingExists,
    HearingFromActivity,
    HearingInvalid,
    HearingNotFound,
)
from core_service.hearings.listing import DiaryDay, ListedHearing
from core_service.hearings.models import Hearing
from core_service.hearings.repository import IN_ORDER_OF_DAYS, HearingRepository
from core_service.ledger.service import Ledger
from core_service.reference.models import ActivityType, Court, Judge
from core_service.stamps import first_stamp, touch

MOST_DAYS: Final = 366
# A year of thirty judges; the answer stays below 2 MiB.
MOST_ITEMS: Final = 8000


@dataclass(frozen=True, slots=True)
class HearingService:
    """Hearings of cases; what the activities say of them is the diary's part of the ledger."""

    hearings: HearingRepository
    cases: CaseService
    ledger: Ledger
    clock: Clock
    calendar: CourtCalendar
    pager: Pager

    async def page(self, case: Case, page: PageRequest) -> Slice[Hearing]:
        """A page of a case's hearings in the order of their days. Raises CursorInvalid."""
        statement = self.hearings.of_case(case.id)
        purpose = f"hearings\x00{case.id}"
        return await self.pager.cut(
            self.hearings, statement, IN_ORDER_OF_DAYS, page, purpose=purpose
        )

    async def of_case(self, case: Case) -> Sequence[Hearing]:
        """A case's hearings in the order of their days."""
        return await self.hearings.all(self.hearings.of_case(case.id))

    async def get(self, hearing_id: UUID, visibility: Visibility) -> Hearing:
        """A hearing of a case that the caller may know of. Raises HearingNotFound."""
        hearing = await self.hearings.first(self.hearings.visible(hearing_id, visibility))
        if hearing is None:
            raise HearingNotFound
        await self.cases.get(hearing.case_id, visibility)  # the audit notes it when it is sealed
        return hearing

    async def set_down(self, case: Case, values: Mapping[str, Any], by: Actor) -> Hearing:
        """Set a locked case down for a day. Raises HearingInvalid, HearingExists."""
        faults = [*self._day_faults(values["hearing_on"]), *await self._unknown(values)]
        if faults:
            raise HearingInvalid(errors=tuple(faults))
        now = self.clock.now()
        kept = await self.of_case(case)
        hearing = next((each for each in kept if each.hearing_on == values["hearing_on"]), None)
        if hearing is not None and (hearing.is_manual or hearing.set_by_id is not None):
            raise HearingExists
        if hearing is None:
            hearing = Hearing(
                **first_stamp(by, now),
                case_id=case.id,
                court_id=case.court_id,
                hearing_on=values["hearing_on"],
            )
            self.hearings.session.add(hearing)
        hearing.is_manual = True
        return await self._written(case, hearing, values, by)

    async def change(
        self, case: Case, hearing: Hearing, changes: Mapping[str, Any], expected: int, by: Actor
    ) -> Hearing:
        """Change a typed-in hearing of a locked case.

        Raises PreconditionFailed, HearingFromActivity, HearingInvalid.
        """
        check_version(expected, hearing.version)
        if not hearing.is_manual or hearing.actual_id is not None:
            raise HearingFromActivity
        faults = await self._unknown(changes)
        if faults:
            raise HearingInvalid(errors=tuple(faults))
        version = hearing.version
        changed = await self._written(case, hearing, changes, by)
        changed.version = version + 1
        await self.hearings.session.flush()
        return changed

    async def lock(self, hearing_id: UUID, visibility: Visibility) -> tuple[Case, Hearing]:
        """A hearing under its case's lock. Raises HearingNotFound."""
        hearing = await self.get(hearing_id, visibility)
        case = await self.cases.lock(hearing.case_id, visibility)
        await self.hearings.session.refresh(hearing)
        return case, hearing

    async def cause_list(
        self, visibility: Visibility, court_id: UUID, day: date, judge_id: UUID | None
    ) -> list[ListedHearing]:
        """What stands on a court's list of a day."""
        return await self.hearings.cause_list(visibility, court_id, day, judge_id)

    async def missing_outcomes(
        self, visibility: Visibility, court_id: UUID, day: date
    ) -> list[ListedHearing]:
        """What of a day nothing has been told yet."""
        return await self.hearings.missing_outcomes(visibility, court_id, day)

    async def diary(
        self, visibility: Visibility, court_id: UUID, first: date, last: date
    ) -> list[DiaryDay]:
        """Each judge's load, day by day. Raises DiaryPeriodInvalid."""
        if not first <= last < first + timedelta(days=MOST_DAYS):
            raise DiaryPeriodInvalid(f"From a day to a later one, at most {MOST_DAYS} days")
        days = await self.hearings.diary(visibility, court_id, first, last)
        if len(days) > MOST_ITEMS:
            raise DiaryPeriodInvalid(f"The period has more than {MOST_ITEMS} items; shorten it")
        return days

    async def court_name(self, court_id: UUID) -> str:
        """What to print a court as."""
        court = await self.hearings.session.get(Court, court_id)
        return court.name if court is not None else str(court_id)

    async def labels(self, hearings: Sequence[Hearing]) -> dict[UUID, str]:
        """What the hearings' purposes are called."""
        return await self.hearings.labels([hearing.purpose_id for hearing in hearings])

    async def _written(
        self, case: Case, hearing: Hearing, values: Mapping[str, Any], by: Actor
    ) -> Hearing:
        hearing.sqlmodel_update(dict(values))
        await self.hearings.session.flush()
        await self.ledger.refresh(case)
        touch(case, by, self.clock.now())
        hearing.updated_by, hearing.updated_at = by.user_id, self.clock.now()
        await self.hearings.session.flush()
        return hearing

    def _day_faults(self, day: date) -> list[FieldError]:
        if day < self.calendar.today():
            return [FieldError("on", "date-past", "A hearing is set down for today or later")]
        return []

    async def _unknown(self, values: Mapping[str, Any]) -> list[FieldError]:
        get = self.hearings.session.get
        judge_id, purpose_id = values.get("planned_judge_id"), values.get("planned_purpose_id")
        faults = []
        if judge_id is not None and await get(Judge, judge_id) is None:
            faults.append(FieldError("judge_id", "unknown", "There is no such judge"))
        if purpose_id is not None and await get(ActivityType, purpose_id) is None:
            faults.append(FieldError("purpose_id", "unknown", "There is no such activity type"))
        return faults
