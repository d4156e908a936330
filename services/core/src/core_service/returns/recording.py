"""A chunk of rows into the registry: what is new or corrects is recorded, the rest left alone."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy.exc import DataError, IntegrityError

from common.errors import DomainError
from common.logs import get_logger
from core_service.access.courts import EVERYWHERE, NOWHERE
from core_service.activities.records import Recorded
from core_service.activities.service import ActivityService
from core_service.cases.numbers import CaseNumber
from core_service.cases.records import CaseFiling
from core_service.cases.service import CaseService
from core_service.cases.visibility import ALL, Visibility
from core_service.returns.case_remarks import case_remarks
from core_service.returns.comparison import EventMatch, RegistryState, SimilarNumbers
from core_service.returns.entries import ChunkProgress, Entry, flag_issues, refused
from core_service.returns.event_repository import EventRepository
from core_service.returns.judging.chunk import JudgedChunk
from core_service.returns.reported import ReportedEvent, identities_of
from core_service.returns.row_repository import RECORDED, RowRepository
from core_service.returns.seen import FileState, SeenInFile

# What the ledger takes from the activities, and what a case is known by, no row corrects.
NOT_CORRECTED: Final = frozenset({"number_raw", "custody_count", "legal_representation"})
# A row's remarks are shown to those who may read its court, and a seal hides cases from some.
UNSEALED: Final = Visibility(EVERYWHERE, NOWHERE)

log = get_logger(__name__)


# Records a row that changes facts of its case.
CaseCorrection = Callable[[ReportedEvent, EventMatch, RegistryState], Awaitable[Recorded]]


@dataclass(frozen=True, slots=True)
class RowRecorder:
    """Compares rows with the registry and records them there."""

    rows: RowRepository
    events: EventRepository
    activities: ActivityService
    cases: CaseService

    async def registry_state(
        self,
        chunk: JudgedChunk,
        events: Collection[ReportedEvent],
        progress: ChunkProgress,
        *,
        lock: bool,
    ) -> RegistryState:
        """What the registry holds of these rows' cases; with `lock`, to record them."""
        numbers = {event.number for event in events}
        days = {event.content.activity_on for event in events}
        case_batch = await self.activities.open_batch(numbers, days, lock=lock)
        activity_ids = case_batch.activity_ids()
        origins = await self.events.origins(activity_ids, _only_ones(events))
        known = {origin.content_hash for origin in origins.values()}
        case_batch.expected.update(
            event.number for event in events if event.digests.content not in known
        )
        if any(not event.content.judge_ids for event in events):
            progress.unchanged.update(
                await self.events.unchanged(chunk.batch.id, activity_ids, progress.through)
            )
        similar = await self._similar(events, case_batch.case_ids())
        return RegistryState(
            case_batch,
            chunk.vocabulary,
            origins,
            progress.last_versions,
            progress.recorded,
            progress.unchanged,
            similar,
        )

    async def _similar(
        self, events: Collection[ReportedEvent], known: Collection[CaseNumber]
    ) -> SimilarNumbers:
        new = {event.number: event.filing.filed_on for event in events if event.number not in known}
        return SimilarNumbers.of(await self.cases.similar(new, UNSEALED) if new else ())

    async def file_state(
        self, batch_id: UUID, events: Collection[ReportedEvent], through: int
    ) -> FileState:
        """What stored rows say of these events: those up to `through` that can be applied, and
        which bring the last versions.
        """
        identities = identities_of(events)
        seen = await self.events.known_in_file(batch_id, identities, through)
        last = await self.events.last_versions(batch_id, identities)
        return FileState(SeenInFile(seen), last, through)

    async def case_ids(self, numbers: Collection[CaseNumber]) -> dict[CaseNumber, UUID]:
        """The cases with these numbers, deleted ones too."""
        found = await self.cases.rows_numbered(numbers, lock=False)
        return {number: case.id for number, case in found.items()}

    async def cases_before(
        self, batch_id: UUID, numbers: Mapping[int, CaseNumber], through: int
    ) -> dict[int, UUID]:
        """The cases that rows name which were registered before them, however the file is cut into
        chunks. Rows up to `through` are not the first time applied.
        """
        found = await self.cases.rows_numbered(set(numbers.values()), lock=False)
        cases = {row_no: found[number] for row_no, number in numbers.items() if number in found}
        return {
            row_no: case.id
            for row_no, case in cases.items()
            if case.batch_id != batch_id or (case.row_no or 0) <= max(row_no, through)
        }

    async def record(
        self,
        chunk: JudgedChunk,
        events: Collection[ReportedEvent],
        file: FileState,
    ) -> dict[int, Entry]:
        """Record rows unless they are there; one that cannot be recorded harms no other."""
        try:
            return await self._record_all(chunk, events, ChunkProgress.of(file))
        except (IntegrityError, DataError) as error:
            # Another transaction registers one of the cases, or a value does not fit: one by one
            # the others are recorded, and it shows which row it is.
            log.info("chunk_recorded_row_by_row", error=type(error).__name__)
        # In the order that every transaction locks in; the rows come in the order of the file.
        await self.cases.rows_numbered({event.number for event in events}, lock=True)
        entries, progress = {}, ChunkProgress.of(file)
        for event in events:
            entry = progress.repeated(event)
            entry = entry or await self._record_alone(chunk, event, progress)
            entries[event.row_no] = progress.add(event, entry)
        return entries

    async def rehearse(
        self, chunk: JudgedChunk, events: Collection[ReportedEvent], file: FileState
    ) -> dict[int, Entry]:
        """What `record` would come to, in memory alone: nothing is locked or written."""
        progress = ChunkProgress.of(file)
        registry = await self.registry_state(chunk, events, progress, lock=False)
        entries = {}
        for event in events:
            entry = progress.repeated(event)
            entry = entry or await self._record(event, registry, _correct_in_memory)
            entries[event.row_no] = progress.add(event, entry)
        return entries

    async def _record_alone(
        self, chunk: JudgedChunk, event: ReportedEvent, progress: ChunkProgress
    ) -> Entry:
        async def attempt() -> Entry:
            alone = replace(progress, seen=SeenInFile(), recorded=dict(progress.recorded))
            return (await self._record_all(chunk, [event], alone))[event.row_no]

        try:
            with suppress(IntegrityError):
                return await attempt()
            # Another transaction was registering the case meanwhile: now it can be found.
            return await attempt()
        except (IntegrityError, DataError) as error:
            return refused(event, error)

    async def _record_all(
        self, chunk: JudgedChunk, events: Collection[ReportedEvent], progress: ChunkProgress
    ) -> dict[int, Entry]:
        """Record rows together: all of them or, when it raises, none."""
        async with self.rows.session.begin_nested():
            registry = await self.registry_state(chunk, events, progress, lock=True)
            await self._note_cases_before(chunk.batch.id, events, registry)
            entries = {}
            for event in events:
                entry = progress.repeated(event)
                entry = entry or await self._record(event, registry, self._correct)
                entries[event.row_no] = progress.add(event, entry)
            await registry.case_batch.write()
        return entries

    async def _note_cases_before(
        self, batch_id: UUID, events: Collection[ReportedEvent], registry: RegistryState
    ) -> None:
        """Note what these rows may overrule on cases that are registered, for a revert."""
        loaded = registry.case_batch.loaded
        numbers = {event.number for event in events if event.overrules_case}
        await self.rows.note_cases_before(
            batch_id, [loaded[number].case for number in numbers if number in loaded]
        )

    async def _record(
        self, event: ReportedEvent, registry: RegistryState, correct: CaseCorrection
    ) -> Entry:
        try:
            match = registry.compare(event)
            if match.result not in RECORDED:
                return Entry.of(match)
            remarks = case_remarks(event, match, registry)
            if _corrects_case(event, match):
                recorded = await correct(event, match, registry)
            else:
                record = event.record(supersedes=match.activity_id)
                recorded = await registry.case_batch.record(event.number, record, event.batch.by)
        except DomainError as error:
            return refused(event, error)
        flags = flag_issues(recorded.flags, event.outcome)
        issues = (*match.issues, *remarks, *flags)
        return Entry(match.result, issues, recorded.case_id, recorded.activity_id, match)

    async def _correct(
        self, event: ReportedEvent, match: EventMatch, registry: RegistryState
    ) -> Recorded:
        """Rows that change facts of their case are few: each is written by itself."""
        await registry.case_batch.write()
        try:
            async with self.rows.session.begin_nested():
                record = event.record(supersedes=match.activity_id)
                recorded = await self.activities.record(record, event.batch.by)
                if match.earlier is not None:
                    await self._correct_case(event, match.earlier, recorded.case_id)
                return recorded
        finally:
            await registry.case_batch.load_again(event.number)

    async def _correct_case(
        self, event: ReportedEvent, earlier: ReportedEvent, case_id: UUID
    ) -> None:
        changes = corrected_facts(earlier.filing, event.filing)
        if changes:
            case = await self.cases.lock(case_id, ALL)
            source = event.batch.source(event.row_no)
            await self.cases.change_locked(case, changes, event.batch.by, source)


def _only_ones(events: Collection[ReportedEvent]) -> set[bytes]:
    """The contents of rows that are alone about their case and day: what was recorded from the same
    content is compared with no other row.
    """
    about = Counter((event.number, event.content.activity_on) for event in events)
    return {
        event.digests.content
        for event in events
        if about[event.number, event.content.activity_on] == 1
    }


async def _correct_in_memory(
    event: ReportedEvent, match: EventMatch, registry: RegistryState
) -> Recorded:
    record = event.record(supersedes=match.activity_id)
    recorded = await registry.case_batch.record(event.number, record, event.batch.by)
    if match.earlier is not None:
        changes = corrected_facts(match.earlier.filing, event.filing)
        registry.case_batch.change_facts(event.number, changes)
    return recorded


def _corrects_case(event: ReportedEvent, match: EventMatch) -> bool:
    """Whether a correction changes its case, and not the activity alone."""
    earlier = match.earlier
    return earlier is not None and bool(corrected_facts(earlier.filing, event.filing))


def corrected_facts(before: CaseFiling, after: CaseFiling) -> dict[str, Any]:
    """The columns of the case in which a correction differs from the corrected row."""
    old, new = before.columns(), after.columns()
    return {
        name: value
        for name, value in new.items()
        if value != old[name] and name not in NOT_CORRECTED
    }
