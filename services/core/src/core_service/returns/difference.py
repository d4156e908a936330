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
from core_service.returns.entries import Entry
from core_service.returns.judging.chunk import Batch, JudgedChunk, WriteAccess
from core_service.returns.judging.judgement import judge
from core_service.returns.judging.loader import VocabularyLoader
from core_service.returns.models import ImportBatch, ImportRow, RowResult
from core_service.returns.recording import RowRecorder, corrected_facts
from core_service.returns.reported import ReportedEvent, events_of
from core_service.returns.row_repository import RECORDED, RowRepository
from core_service.returns.service import IN_FILE_ORDER, ImportService
from core_service.returns.visibility import BatchView, VisibleRows

# A request compares no more rows than these before those of its page.
RELATED_ROWS: Final = 2000
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
class ImportDifference:
    """Compares rows that are not applied yet with the registry; writes nothing."""

    imports: ImportService
    visible: VisibleRows
    rows: RowRepository
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
        sent_on = self.calendar.day_of(stored.created_at)
        batch = Batch.of(stored, sent_on, WriteAccess(view.caller, view.writable))
        events, entries = await self._rehearsed(batch, rows, stored.applied_rows)
        known = await self.recorder.case_ids({event.number for event in events.values()})
        changes = []
        for row in rows:
            event, entry = events.get(row.row_no), entries.get(row.row_no)
            if event is None or entry is None or entry.match is None:
                continue  # what it names is not known any more: it would be held
            if entry.result in RECORDED:
                before = await self._before(entry.match, events)
                case_id = known.get(event.number)
                changes.append(_row_changes(event, entry.match, before, case_id))
        return changes

    async def _rehearsed(
        self, batch: Batch, rows: Sequence[ImportRow], applied: int
    ) -> tuple[Mapping[int, ReportedEvent], Mapping[int, Entry]]:
        """What applying comes to, with the rows before about the same cases, not applied yet."""
        groups = {row.slip_group for row in rows if row.slip_group is not None}
        page = (row.row_no for row in rows)
        before = col(ImportRow.row_no).between(applied + 1, max(page, default=applied))
        related = await self.rows.rows_of_groups(batch.id, groups, RELATED_ROWS, before)
        raw = {row.row_no: row.raw for row in related} | {row.row_no: row.raw for row in rows}
        vocabulary = await self.vocabulary.load()
        judgements = {
            row_no: judge(raw[row_no], vocabulary, batch.terms, batch.today)
            for row_no in sorted(raw)
        }
        chunk = JudgedChunk(batch, judgements, {}, vocabulary)
        events = events_of(chunk)
        file = await self.recorder.file_state(batch.id, events.values(), applied)
        return events, await self.recorder.rehearse(chunk, events.values(), file)

    async def _before(
        self, match: EventMatch, events: Mapping[int, ReportedEvent]
    ) -> ActivityContent | None:
        """What is recorded of the event, or would be by an earlier row of the file."""
        if match.activity_id is None:
            return None
        earlier = match.earlier
        if earlier is not None and events.get(earlier.row_no) is earlier:
            return earlier.content
        return content_of(*await self.activities.get(match.activity_id))


def _row_changes(
    event: ReportedEvent, match: EventMatch, before: ActivityContent | None, case_id: UUID | None
) -> RowChanges:
    filing = event.filing
    return RowChanges(
        row_no=event.row_no,
        result=match.result,
        number=display_number(filing.caseid_type, filing.number, filing.filed_on.year),
        court_id=filing.court_id,
        case_id=case_id,
        case=_case_changes(event, match),
        activity=_content_changes(before, event.content),
    )


def _case_changes(event: ReportedEvent, match: EventMatch) -> Changes:
    if match.earlier is not None:
        was = match.earlier.filing.columns()
        facts = corrected_facts(match.earlier.filing, event.filing)
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
