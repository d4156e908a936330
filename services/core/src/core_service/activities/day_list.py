"""A day's list: many activities in one request, each with its own verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy.exc import DataError, IntegrityError

from common.database import constraint_name
from common.errors import BadRequest, Conflict, DomainError
from core_service.activities.records import ActivityRecord, Applied, Likeness
from core_service.activities.service import ActivityService
from core_service.cases.visibility import CaseWriter
from core_service.reference.errors import UnknownReference


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


@dataclass(frozen=True, slots=True)
class DayList:
    """Records rows one by one, each in a savepoint, so that a bad one harms no other."""

    activities: ActivityService

    async def enter(self, records: Sequence[ActivityRecord], by: CaseWriter) -> list[Entry]:
        """The verdicts in the order of the rows.

        Cases are locked in the order of their IDs, so that two lists never wait for each other.
        """
        entries: dict[int, Entry] = {}
        for place in sorted(range(len(records)), key=lambda place: str(records[place].case)):
            entries[place] = await self._enter(records[place], by)
        return [entries[place] for place in range(len(records))]

    async def _enter(self, record: ActivityRecord, by: CaseWriter) -> Entry:
        try:
            async with self.activities.activities.session.begin_nested():
                applied = await self.activities.enter_once(record, by)
        except DomainError as error:
            return Entry(DayListVerdict.REFUSED, error=error)
        except (IntegrityError, DataError) as error:
            return Entry(DayListVerdict.REFUSED, error=_refusal(error))
        return Entry(VERDICTS[applied.match.likeness], applied)


def _refusal(error: IntegrityError | DataError) -> DomainError:
    if isinstance(error, DataError):
        return BadRequest("A value cannot be stored")
    names_nothing = (constraint_name(error) or "").startswith("fk_")
    return UnknownReference() if names_nothing else Conflict()
