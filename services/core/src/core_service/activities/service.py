"""Records activities: the one entry through which anything happens to a case."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import defer
from sqlmodel import col

from common.clock import Clock
from common.keyset import Keyed, Merged, Pager, Slice
from common.pages import PageRequest
from common.writes import ExpectedVersion, check_version
from core_service.access.actors import Actor, mark_updated
from core_service.activities.batch import CaseBatch
from core_service.activities.errors import (
    ActivityAlreadyCorrected,
    ActivityInvalid,
    ActivityIsAnAct,
    ActivityNotFound,
)
from core_service.activities.records import (
    ActivityContent,
    ActivityRecord,
    Applied,
    Likeness,
    Match,
    Recorded,
    Words,
    activity_row,
    bench_rows,
    check,
    compare,
    content_hash,
    content_of,
)
from core_service.activities.repository import AS_RECORDED, IN_ORDER_OF_DAYS, ActivityRepository
from core_service.activities.timeline import TimelineEntry, filed_entries, recorded_entries
from core_service.cases.errors import CaseNotFound
from core_service.cases.models import Case
from core_service.cases.numbers import CaseNumber
from core_service.cases.service import CaseService
from core_service.cases.visibility import ALL, CaseWriter, Visibility
from core_service.court_calendar import CourtCalendar
from core_service.ledger.models import CaseActivity, VoidReason
from core_service.ledger.service import Ledger
from core_service.reference.models import ActivityType, Outcome
from core_service.sources import MANUAL

# What a timeline does not show, and the largest part of an activity.
WITHOUT_DETAILS: Final = defer(CaseActivity.details)  # type: ignore[arg-type]  # SQLModel's columns have their values' types


@dataclass(frozen=True, slots=True)
class ActivityService:
    """Records, compares and voids activities, and keeps the ledger in step."""

    activities: ActivityRepository
    cases: CaseService
    ledger: Ledger
    clock: Clock
    calendar: CourtCalendar
    pager: Pager

    async def open_batch(
        self, numbers: Collection[CaseNumber], days: Collection[date], *, lock: bool
    ) -> CaseBatch:
        """The cases with these numbers, for many activities of these days."""
        effects = await self.ledger.outcome_effects()
        batch = CaseBatch(self.activities, self.cases, self.ledger, self.clock, days, effects)
        await batch.load(numbers, lock=lock)
        return batch

    async def apply(self, record: ActivityRecord, by: Actor) -> Applied:
        """Record an activity unless it is there already, as a correction where it is one.

        Comparing and recording happen under one row lock, so that two senders of the same row at
        the same time record it once. Raises CaseNotFound.
        """
        case, created = await self._case(record, by)
        return await self._apply(record, case, by, created=created)

    async def enter(self, record: ActivityRecord, by: CaseWriter) -> Recorded:
        """Record a user's entry after checking it.

        Raises PermissionDenied, ActivityInvalid, and what `record` raises.
        """
        case = await self._checked_case(record, by)
        return await self._record(record, case, by.actor, created=False)

    async def enter_once(self, record: ActivityRecord, by: CaseWriter) -> Applied:
        """Record a user's entry unless it is there already; see `enter` and `apply`."""
        case = await self._checked_case(record, by)
        if record.supersedes is None:
            return await self._apply(record, case, by.actor, created=False)
        match = Match(Likeness.CORRECTION, record.supersedes)
        return Applied(match, await self._record(record, case, by.actor, created=False))

    async def record(self, record: ActivityRecord, by: Actor) -> Recorded:
        """Record an activity and apply it to its case, under the case's row lock.

        Raises CaseNotFound, ActivityNotFound, ActivityAlreadyCorrected.
        """
        case, created = await self._case(record, by)
        return await self._record(record, case, by, created=created)

    async def _apply(
        self, record: ActivityRecord, case: Case, by: Actor, *, created: bool
    ) -> Applied:
        day = record.content.activity_on
        known = (await self.activities.known_on_days([case.id], [day]))[case.id].live
        match = compare(record.content, known)
        if match.likeness == Likeness.SAME:
            return Applied(match, None)
        record = replace(record, supersedes=match.activity_id)
        return Applied(match, await self._record(record, case, by, created=created))

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

    async def of_case(self, case_id: UUID, *, live: bool = False) -> Sequence[CaseActivity]:
        """The activities of a case in the order of the days; with `live`, those that count."""
        repository = self.activities
        return await repository.all(
            repository.live_of_case(case_id) if live else repository.of_case(case_id)
        )

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

    async def corrected(
        self, case_id: UUID, activities: Sequence[CaseActivity]
    ) -> dict[UUID, CaseActivity]:
        wanted = {each.supersedes_id for each in activities} - {None}
        statement = self.activities.of_case(case_id).where(col(CaseActivity.id).in_(wanted))
        return {each.id: each for each in await self.activities.all(statement)}

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
        case = await self.case_of(activity_id, by.visibility)
        case = await self.cases.lock_for(case.id, by)
        activity = await self.activities.get(activity_id, lock=True)
        if activity is None:
            raise ActivityNotFound
        check_version(expected, activity.version)
        bench = (await self.benches([activity]))[activity.id]
        content = replace(content_of(activity, bench), **changes)
        await self._check(content)
        record = ActivityRecord(case.id, content, MANUAL, supersedes=activity.id)
        return await self._record(record, case, by.actor, created=False)

    async def get(self, activity_id: UUID) -> tuple[CaseActivity, Sequence[UUID]]:
        """An activity with its bench. Raises ActivityNotFound."""
        activity = await self.activities.get(activity_id)
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

    async def void_decided_at(self, activity_id: UUID, case: Case) -> UUID:
        """The court that decides on a void: of a transfer the one that accepted the file, because
        its own case goes with it.
        """
        arrival = await self.activities.answer_to(activity_id)
        there = await self.cases.find(arrival.case_id) if arrival is not None else None
        return case.court_id if there is None else there.court_id

    async def timeline(self, case: Case, page: PageRequest) -> Merged[TimelineEntry]:
        """The history of a case: what counts, the earliest first. Raises CursorInvalid."""

        async def happened(
            after: Sequence[Any] | None, limit: int
        ) -> Sequence[Keyed[TimelineEntry]]:
            statement = self.activities.live_of_case(case.id).options(WITHOUT_DETAILS)
            rows = await self.activities.page_behind(statement, IN_ORDER_OF_DAYS, after, limit)
            events = await self.ledger.caused_by(case.id, [row.id for row in rows])
            return recorded_entries(rows, events, await self.activities.labels(rows))

        async def filed(after: Sequence[Any] | None, limit: int) -> Sequence[Keyed[TimelineEntry]]:
            found = filed_entries(case, await self.ledger.caused_by_none(case.id))
            return [each for each in found if after is None or each.key > tuple(after)][:limit]

        read = (date.fromisoformat, int, UUID)
        purpose = f"timeline\x00{case.id}"
        return await self.pager.merge([filed, happened], read, page, purpose=purpose)

    async def successors(
        self, case_id: UUID, activities: Sequence[CaseActivity]
    ) -> dict[UUID, UUID]:
        """Which activity of the case corrected which of these, as corrected to correcting."""
        return await self.activities.successors(case_id, [each.id for each in activities])

    async def benches(self, activities: Sequence[CaseActivity]) -> dict[UUID, list[UUID]]:
        return await self.activities.benches([activity.id for activity in activities])

    async def renew_hashes(self, activity_ids: Sequence[UUID]) -> None:
        """Digest activities again whose judges have been replaced by others.

        The digest tells a return's row that is sent again from one that corrects; it covers the
        judges, so otherwise each activity of a merged judge would look corrected.
        """
        found = await self.activities.all(self.activities.by_ids(activity_ids))
        benches = await self.activities.benches(activity_ids)
        for activity in found:
            activity.content_hash = content_hash(content_of(activity, benches[activity.id]))
        await self.activities.session.flush()
        for activity in found:
            self.activities.session.expunge(activity)

    async def _checked_case(self, record: ActivityRecord, by: CaseWriter) -> Case:
        """The case of a user's entry, locked."""
        if not isinstance(record.case, UUID):
            raise CaseNotFound
        case = await self.cases.lock_for(record.case, by)
        await self._check(record.content)
        return case

    async def _check(self, content: ActivityContent) -> None:
        get = self.activities.session.get
        words = Words(
            await get(ActivityType, content.activity_type_id),
            await get(Outcome, content.outcome_id) if content.outcome_id else None,
        )
        faults = check(content, words, self.calendar.today())
        if faults:
            raise ActivityInvalid(errors=tuple(faults))

    async def _case(self, record: ActivityRecord, by: Actor) -> tuple[Case, bool]:
        if isinstance(record.case, UUID):
            # The caller has found the case among what they may see.
            return await self.cases.lock(record.case, ALL), False
        return await self.cases.find_or_register(record.case, record.source, by)

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
        activity = activity_row(record, case.id, seq, by, self.clock.now())
        await self.activities.add(activity)
        self.activities.session.add_all(bench_rows(activity.id, content))
        await self.activities.session.flush()
        return activity
