"""Records activities: the one entry through which anything happens to a case."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col

from common.clock import Clock
from common.keyset import Pager, Slice
from common.pages import PageRequest
from core_service.access.actors import Actor, mark_updated
from core_service.activities.batch import CaseBatch
from core_service.activities.errors import (
    ActivityAlreadyCorrected,
    ActivityExists,
    ActivityIsAnAct,
    ActivityNotFound,
)
from core_service.activities.records import (
    ActivityContent,
    ActivityRecord,
    ActivityState,
    Applied,
    DayReported,
    Known,
    Likeness,
    Recorded,
    activity_columns,
    bench_columns,
    compare,
    same_event,
)
from core_service.activities.repository import (
    AS_RECORDED,
    IN_ORDER_OF_DAYS,
    ActivityRepository,
)
from core_service.cases.models import Case
from core_service.cases.numbers import CaseNumber
from core_service.cases.service import CaseService
from core_service.cases.visibility import ALL, Visibility
from core_service.ledger.models import ActivityJudge, CaseActivity, VoidReason
from core_service.ledger.service import Ledger


@dataclass(frozen=True, slots=True)
class ActivityService:
    """Records, compares and reads activities, and keeps the ledger in step."""

    activities: ActivityRepository
    cases: CaseService
    ledger: Ledger
    clock: Clock
    pager: Pager

    async def open_batch(
        self, numbers: Collection[CaseNumber], days: Collection[date], *, lock: bool
    ) -> CaseBatch:
        """The cases with these numbers, for many activities of these days."""
        effects = await self.ledger.outcome_effects()
        batch = CaseBatch(self.activities, self.cases, self.ledger, self.clock, days, effects)
        await batch.load(numbers, lock=lock)
        return batch

    async def states(self, activity_ids: Collection[UUID]) -> dict[UUID, ActivityState]:
        """Of each activity whether it counts, and what it is about."""
        return await self.activities.states(activity_ids)

    async def apply(self, record: ActivityRecord, by: Actor, locked: Case | None = None) -> Applied:
        """Record an activity unless it is there already, as a correction where it is one.

        Comparing and recording happen under one row lock, so that two senders of the same row at
        the same time record it once; `locked` is the case where the caller holds it. Raises
        CaseNotFound.
        """
        case, created = (locked, False) if locked else await self._case(record, by)
        match = compare(record.content, await self._known(case, record.content))
        if match.likeness == Likeness.SAME:
            return Applied(match, None)
        record = replace(record, supersedes=match.activity_id)
        return Applied(match, await self._record(record, case, by, created=created))

    async def record(
        self, record: ActivityRecord, by: Actor, locked: Case | None = None
    ) -> Recorded:
        """Record an activity and apply it to its case, under the case's row lock.

        Raises CaseNotFound, ActivityNotFound, ActivityAlreadyCorrected, ActivityIsAnAct.
        """
        case, created = (locked, False) if locked else await self._case(record, by)
        return await self._record(record, case, by, created=created)

    async def require_new(self, case: Case, content: ActivityContent) -> None:
        """Raise ActivityExists when the locked case has this activity already."""
        existing = same_event(content, await self._known(case, content))
        if existing is not None:
            raise ActivityExists(extra={"activity_id": str(existing.activity_id)})

    async def page(self, case_id: UUID, page: PageRequest, *, live: bool) -> Slice[CaseActivity]:
        """A page of a case's activities in the order of the days; with `live`, those that count.

        Raises CursorInvalid.
        """
        of_case = self.activities.live_of_case if live else self.activities.of_case
        purpose = f"activities\x00{case_id}\x00{live}"
        return await self.pager.cut(
            self.activities, of_case(case_id), IN_ORDER_OF_DAYS, page, purpose=purpose
        )

    async def as_recorded(
        self, case_id: UUID, after: Sequence[Any] | None, limit: int
    ) -> Sequence[CaseActivity]:
        """The next activities of a case in the order in which they were recorded."""
        statement = self.activities.of_case(case_id)
        return await self.activities.page_behind(statement, AS_RECORDED, after, limit)

    async def as_happened(
        self, case_id: UUID, after: Sequence[Any] | None, limit: int
    ) -> Sequence[CaseActivity]:
        """The next live activities of a case in the order of the days, without their details."""
        statement = self.activities.without_details(case_id)
        return await self.activities.page_behind(statement, IN_ORDER_OF_DAYS, after, limit)

    async def days_reported(
        self, first: date, last: date, court_ids: Collection[UUID], visibility: Visibility
    ) -> Sequence[DayReported]:
        """The days of which something was recorded from a return, of cases that are seen."""
        return await self.activities.days_reported(first, last, court_ids, visibility)

    async def labels(self, activities: Sequence[CaseActivity]) -> Mapping[UUID, str]:
        """Of the types, outcomes and reasons that these name, by their IDs."""
        return await self.activities.labels(activities)

    async def corrected(
        self, case_id: UUID, activities: Sequence[CaseActivity]
    ) -> dict[UUID, CaseActivity]:
        wanted = {each.supersedes_id for each in activities} - {None}
        statement = self.activities.of_case(case_id).where(col(CaseActivity.id).in_(wanted))
        return {each.id: each for each in await self.activities.all(statement)}

    async def get(
        self, activity_id: UUID, *, lock: bool = False
    ) -> tuple[CaseActivity, Sequence[UUID]]:
        """An activity with its bench. Raises ActivityNotFound."""
        activity = await self.activities.get(activity_id, lock=lock)
        if activity is None:
            raise ActivityNotFound
        return activity, (await self.benches([activity]))[activity.id]

    async def case_of(self, activity_id: UUID, visibility: Visibility) -> Case:
        """The case of an activity, where the caller may know of it. Raises ActivityNotFound."""
        activity = await self.activities.first(self.activities.visible(activity_id, visibility))
        if activity is None:
            raise ActivityNotFound
        return await self.cases.get(activity.case_id, visibility)

    async def is_answered(self, activity_id: UUID) -> bool:
        """Whether the file that left with this activity has arrived at another court."""
        return await self.activities.answer_to(activity_id) is not None

    async def successors(
        self, case_id: UUID, activities: Sequence[CaseActivity]
    ) -> dict[UUID, UUID]:
        """Which activity of the case corrected which of these, as corrected to correcting."""
        return await self.activities.successors(case_id, [each.id for each in activities])

    async def benches(self, activities: Sequence[CaseActivity]) -> dict[UUID, list[UUID]]:
        return await self.activities.benches([activity.id for activity in activities])

    async def _known(self, case: Case, content: ActivityContent) -> Sequence[Known]:
        days = [content.activity_on]
        return (await self.activities.known_on_days([case.id], days))[case.id].live

    async def _case(self, record: ActivityRecord, by: Actor) -> tuple[Case, bool]:
        if isinstance(record.case, UUID):
            # The caller has found the case among what they may see.
            return await self.cases.lock(record.case, ALL), False
        return await self.cases.find_or_register(record.case, record.source, by)

    async def _record(
        self, record: ActivityRecord, case: Case, by: Actor, *, created: bool
    ) -> Recorded:
        superseded = await self._supersede(record, case, by)
        activity = await self._insert(record, case, superseded, by)
        activity.case_version = case.version if created else case.version + 1
        result = (await self.ledger.refresh(case)).result
        if not created:
            mark_updated(case, by, self.clock.now())
            await self.activities.session.flush()
        flags = result.flags.get(activity.id, frozenset())
        return Recorded(activity.id, case.id, created, flags)

    async def _supersede(
        self, record: ActivityRecord, case: Case, by: Actor
    ) -> CaseActivity | None:
        if record.supersedes is None:
            return None
        old = await self.activities.first(self.activities.locked_of(case.id, record.supersedes))
        if old is None:
            raise ActivityNotFound
        if old.voided_at is not None:
            raise ActivityAlreadyCorrected
        if old.sets_status is not None or await self.is_answered(old.id):
            raise ActivityIsAnAct
        now = self.clock.now()
        old.voided_at, old.void_reason = now, VoidReason.CORRECTED
        mark_updated(old, by, now)
        await self.activities.session.flush()
        return old

    async def _insert(
        self, record: ActivityRecord, case: Case, superseded: CaseActivity | None, by: Actor
    ) -> CaseActivity:
        content = record.content
        stays = superseded is not None and superseded.activity_on == content.activity_on
        seq = superseded.seq if superseded and stays else None
        seq = seq or await self.activities.next_seq(case.id, content.activity_on)
        activity = CaseActivity(**activity_columns(record, case.id, seq, by, self.clock.now()))
        await self.activities.add(activity)
        seats = (ActivityJudge(**each) for each in bench_columns(activity.id, content))
        self.activities.session.add_all(seats)
        await self.activities.session.flush()
        return activity
