"""What users enter: checked, then recorded, alone or as a day's list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy.exc import DataError, IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from common.database import constraint_name
from common.errors import BadRequest, Conflict, DomainError
from common.writes import ExpectedVersion, check_version
from core_service.activities.errors import ActivityExists, ActivityInvalid
from core_service.activities.records import (
    ActivityContent,
    ActivityRecord,
    Applied,
    Likeness,
    Match,
    Recorded,
    Words,
    check,
    content_of,
)
from core_service.activities.service import ActivityService
from core_service.cases.errors import CaseNotFound
from core_service.cases.models import Case
from core_service.cases.service import CaseService
from core_service.cases.visibility import CaseWriter
from core_service.court_calendar import CourtCalendar
from core_service.reference.errors import UnknownReference
from core_service.reference.models import ActivityType, Outcome
from core_service.reference.service import ReferenceService
from core_service.sources import MANUAL


class DayListVerdict(StrEnum):
    RECORDED = "recorded"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


VERDICTS: Final = {
    Likeness.NEW: DayListVerdict.RECORDED,
    Likeness.CORRECTION: DayListVerdict.CORRECTED,
    Likeness.SAME: DayListVerdict.UNCHANGED,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A row's verdict: what was done, or why nothing was."""

    verdict: DayListVerdict
    applied: Applied | None = None
    error: DomainError | None = None

    @classmethod
    def of(cls, applied: Applied) -> "Entry":
        is_same = applied.match.likeness is Likeness.SAME
        return cls(VERDICTS[applied.match.likeness], applied, ActivityExists() if is_same else None)


@dataclass(frozen=True, slots=True)
class EntryService:
    """Records what a caller enters about the cases of their courts."""

    session: AsyncSession
    activities: ActivityService
    cases: CaseService
    reference: ReferenceService
    calendar: CourtCalendar

    async def enter(
        self, record: ActivityRecord, case_version: ExpectedVersion, by: CaseWriter
    ) -> Recorded:
        """Record an activity after checking it.

        Raises PermissionDenied, PreconditionFailed, ActivityInvalid, ActivityExists, and what
        `record` raises.
        """
        case = await self._checked_case(record, by)
        check_version(case_version, case.version)
        if record.supersedes is None and not record.allow_duplicate:
            await self.activities.require_new(case, record.content)
        return await self.activities.record(record, by.actor, case)

    async def enter_list(self, records: Sequence[ActivityRecord], by: CaseWriter) -> list[Entry]:
        """The verdicts in the order of the rows, each of which has its savepoint: a bad one harms
        no other.

        Cases are locked in the order of their IDs, so that two lists never wait for each other.
        """
        entries: dict[int, Entry] = {}
        for place in sorted(range(len(records)), key=lambda place: str(records[place].case)):
            entries[place] = await self._enter_row(records[place], by)
        return [entries[place] for place in range(len(records))]

    async def correct(
        self,
        activity_id: UUID,
        changes: Mapping[str, Any],
        expected: ExpectedVersion,
        by: CaseWriter,
    ) -> Recorded:
        """Record a correction of an activity.

        Raises ActivityNotFound, PermissionDenied, PreconditionFailed, ActivityAlreadyCorrected,
        ActivityIsAnAct, ActivityInvalid.
        """
        case = await self.activities.case_of(activity_id, by.visibility)
        case = await self.cases.lock_for(case.id, by)
        activity, bench = await self.activities.get(activity_id, lock=True)
        check_version(expected, activity.version)
        content = replace(content_of(activity, bench), **changes)
        await self._check(content)
        record = ActivityRecord(case.id, content, MANUAL, supersedes=activity.id)
        return await self.activities.record(record, by.actor, case)

    async def _enter_row(self, record: ActivityRecord, by: CaseWriter) -> Entry:
        try:
            async with self.session.begin_nested():
                return Entry.of(await self._apply(record, by))
        except DomainError as error:
            return Entry(DayListVerdict.REFUSED, error=error)
        except (IntegrityError, DataError) as error:
            return Entry(DayListVerdict.REFUSED, error=_refusal(error))

    async def _apply(self, record: ActivityRecord, by: CaseWriter) -> Applied:
        case = await self._checked_case(record, by)
        if record.supersedes is not None:
            match = Match(Likeness.CORRECTION, record.supersedes)
        elif record.allow_duplicate:
            match = Match(Likeness.NEW)
        else:
            return await self.activities.apply(record, by.actor, case)
        return Applied(match, await self.activities.record(record, by.actor, case))

    async def _checked_case(self, record: ActivityRecord, by: CaseWriter) -> Case:
        """The case of an entry, locked."""
        if not isinstance(record.case, UUID):
            raise CaseNotFound
        case = await self.cases.lock_for(record.case, by)
        await self._check(record.content)
        return case

    async def _check(self, content: ActivityContent) -> None:
        find = self.reference.find
        words = Words(
            await find(ActivityType, content.activity_type_id),
            await find(Outcome, content.outcome_id) if content.outcome_id else None,
        )
        faults = check(content, words, self.calendar.today())
        if faults:
            raise ActivityInvalid(errors=tuple(faults))


def _refusal(error: IntegrityError | DataError) -> DomainError:
    if isinstance(error, DataError):
        return BadRequest("A value cannot be stored")
    names_nothing = (constraint_name(error) or "").startswith("fk_")
    return UnknownReference() if names_nothing else Conflict()
