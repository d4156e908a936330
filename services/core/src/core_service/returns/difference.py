"""What applying an import would change, row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final
from uuid import UUID

from sqlmodel import col

from common.identity import Principal
from common.keyset import Pager, Slice
from common.pages import PageRequest
from core_service.access.courts import within
from core_service.activities.records import ActivityContent, content_of
from core_service.activities.service import ActivityService
from core_service.cases.numbers import display_number
from core_service.court_calendar import CourtCalendar
from core_service.returns.comparison import EventMatch
from core_service.returns.event_repository import EventRepository
from core_service.returns.judging.chunk import Batch, JudgedChunk, WriteAccess
from core_service.returns.judging.judgement import judge
from core_service.returns.judging.loader import VocabularyLoader
from core_service.returns.judging.vocabulary import Vocabulary
from core_service.returns.models import ImportBatch, ImportRow, RowResult
from core_service.returns.recording import ChunkProgress, RowRecorder, corrected_facts
from core_service.returns.reported import ReportedEvent, events_of, identities_of
from core_service.returns.row_repository import RECORDED
from core_service.returns.seen import SeenInFile
from core_service.returns.service import IN_FILE_ORDER, ImportService
from core_service.returns.visibility import BatchView, VisibleRows

# What follows from the number and the filing date.
DERIVED: Final = frozenset({"number_norm", "filed_year"})
# By field: what it is, None where there is nothing yet, and what it would be.
Changes = Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class RowChanges:
    """What one row would change."""

    row_no: int
    result: RowResult
    number: str
    court_id: UUID
    case_id: UUID | None
    case: Changes
    activity: Changes


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """The changes of a page of rows."""

    rows: Slice[ImportRow]
    changes: Sequence[RowChanges]


@dataclass(frozen=True, slots=True)
class _Versions:
    """What is recorded of an event, or would be by an earlier row of the file."""

    content: ActivityContent | None = None
    reported: ReportedEvent | None = None


@dataclass(frozen=True, slots=True)
class ImportDifference:
    """Compares rows that are not applied yet with the registry; writes nothing."""

    imports: ImportService
    visible: VisibleRows
    events: EventRepository
    recorder: RowRecorder
    activities: ActivityService
    vocabulary: VocabularyLoader
    calendar: CourtCalendar
    pager: Pager

    async def page(self, batch_id: UUID, by: Principal, page: PageRequest) -> ChangesPage:
        """What the rows would change that the caller may apply, in the order of the file.

        Raises ImportNotFound.
        """
        view = BatchView.of(by)
        stored = await self.imports.find(batch_id, view)
        wanted = self.visible.rows(view, stored, None).where(
            col(ImportRow.result).in_(RECORDED),
            col(ImportRow.row_no) > stored.applied_rows,
            within(ImportRow.court_id, view.writable),
        )
        purpose = f"import-diff\x00{stored.id}"
        found = await self.pager.cut(self.visible, wanted, IN_FILE_ORDER, page, purpose=purpose)
        await self.imports.note_sealed(view, stored, {row.row_no for row in found.rows})
        return ChangesPage(found, await self._changes(stored, view, found.rows))

    async def _changes(
        self, stored: ImportBatch, view: BatchView, rows: Sequence[ImportRow]
    ) -> list[RowChanges]:
        sent_on = stored.created_at.astimezone(self.calendar.zone).date()
        batch = Batch.of(stored, sent_on, WriteAccess(view.caller, view.writable))
        vocabulary = await self.vocabulary.load()
        events = _events(batch, vocabulary, rows)
        chunk = JudgedChunk(batch, {}, {}, vocabulary)
        progress = ChunkProgress(SeenInFile())
        registry = await self.recorder.registry_state(chunk, events.values(), progress, lock=False)
        earlier = await self._earlier_rows(batch, vocabulary, events)
        changes = []
        for row in rows:
            event = events.get(row.row_no)
            if event is None:
                continue  # what it names is not known any more: it would be held
            match = registry.compare(event)
            before = await self._before(match, event, earlier)
            changes.append(_row_changes(row, event, match, before))
        return changes

    async def _before(
        self, match: EventMatch, event: ReportedEvent, earlier: Sequence[ReportedEvent]
    ) -> _Versions:
        if match.activity_id is not None:
            activity, bench = await self.activities.get(match.activity_id)
            return _Versions(content_of(activity, bench), match.earlier)
        digests = event.digests
        found = [
            each
            for each in earlier
            if each.row_no < event.row_no
            and (
                each.digests.identity == digests.identity
                or digests.says_without_judges(each.digests)
            )
        ]
        return _Versions(found[-1].content, found[-1]) if found else _Versions()

    async def _earlier_rows(
        self, batch: Batch, vocabulary: Vocabulary, events: Mapping[int, ReportedEvent]
    ) -> Sequence[ReportedEvent]:
        """The rows of the file that would be recorded about these events, in their order."""
        rows = await self.events.to_be_recorded(batch.id, identities_of(events.values()))
        return list(_events(batch, vocabulary, rows).values())


def _events(
    batch: Batch, vocabulary: Vocabulary, rows: Sequence[ImportRow]
) -> dict[int, ReportedEvent]:
    judgements = {row.row_no: judge(row.raw, vocabulary, batch.terms, batch.today) for row in rows}
    return events_of(JudgedChunk(batch, judgements, {}, vocabulary))


def _row_changes(
    row: ImportRow, event: ReportedEvent, match: EventMatch, before: _Versions
) -> RowChanges:
    filing = event.filing
    return RowChanges(
        row_no=row.row_no,
        result=row.result,
        number=display_number(filing.caseid_type, filing.number, filing.filed_on.year),
        court_id=filing.court_id,
        case_id=match.case.id if match.case is not None else None,
        case=_case_changes(event, match, before),
        activity=_content_changes(before.content, event.content),
    )


def _case_changes(event: ReportedEvent, match: EventMatch, before: _Versions) -> Changes:
    if before.reported is not None:
        was = before.reported.filing.columns()
        facts = corrected_facts(before.reported.filing, event.filing)
        return {name: (was[name], value) for name, value in facts.items()}
    if match.case is None:
        return {
            name: (None, value)
            for name, value in event.filing.columns().items()
            if value not in (None, 0) and name not in DERIVED
        }
    return {}


def _content_changes(was: ActivityContent | None, now: ActivityContent) -> Changes:
    nothing = (None, 0, ())
    return {
        field.name: (before, after)
        for field in fields(ActivityContent)
        if (before := getattr(was, field.name) if was is not None else None)
        != (after := getattr(now, field.name))
        and not (was is None and after in nothing)
    }
