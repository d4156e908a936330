"""The first pass over a batch's rows: they are stored with the results that they would have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from core_service.cases.errors import CaseDeleted
from core_service.cases.numbers import CaseNumber
from core_service.returns.case_remarks import case_remarks
from core_service.returns.comparison import EventMatch, RegistryState
from core_service.returns.files.header import Header
from core_service.returns.files.tables import SourceRow
from core_service.returns.issues import Issue, IssueCode
from core_service.returns.judging.chunk import Batch, ChunkJudge, JudgedChunk
from core_service.returns.judging.judgement import Judgement, read_cells
from core_service.returns.models import RowResult
from core_service.returns.recording import ChunkProgress, Entry, RowRecorder
from core_service.returns.reported import Digests, ReportedEvent, events_of
from core_service.returns.results import Results, Tally, number_of, rejected_or_held
from core_service.returns.row_repository import RECORDED, AnyRow, RowRepository
from core_service.returns.seen import SeenInFile

SUPERSEDED: Final = EventMatch(event_known=True, superseded=True, superseded_in_file=True)


@dataclass(slots=True)
class Preview:
    """The results that rows will have when those before them have been applied, row by row.

    `outdated` are the events of which rows before this chunk would have been corrections, had not
    a row of it come.
    """

    seen: SeenInFile
    registry: RegistryState
    entries: dict[int, tuple[Entry, Digests | None]] = field(default_factory=dict)
    outdated: set[bytes] = field(default_factory=set)
    versions: dict[bytes, ReportedEvent] = field(default_factory=dict)
    assigned: dict[UUID, bytes] = field(default_factory=dict)
    corrections: dict[bytes, tuple[int, tuple[Issue, ...]]] = field(default_factory=dict)

    def add(self, row_no: int, judgement: Judgement, event: ReportedEvent | None) -> None:
        """Add the next row."""
        if event is None:
            self.entries[row_no] = rejected_or_held(judgement), None
            return
        try:
            match = self._match(event)
        except CaseDeleted as error:
            message = f"The registry refused the row: {error.detail}"
            issue = Issue(IssueCode.ROW_REFUSED, message, "caseid_no")
            self.entries[row_no] = Entry(RowResult.REJECTED, (*judgement.issues, issue)), None
            return
        recorded = match.result in RECORDED
        remarks = case_remarks(event, match, self.registry) if recorded else ()
        issues = (*judgement.issues, *match.issues, *remarks)
        self.entries[row_no] = Entry(match.result, issues), event.digests
        if match.activity_id is not None:
            self._supersede(row_no, match, judgement, event.digests)
        self.seen.add(event.digests, recorded=recorded)
        if recorded:
            self.versions[event.digests.identity] = event

    def _match(self, event: ReportedEvent) -> EventMatch:
        if self.seen.has_row(event.digests):
            return EventMatch(repeated_in_file=True)
        match = self._compare(event)
        if match.activity_id is None and self.seen.brings(event.digests):
            # An earlier row of the file will have recorded it.
            return replace(match, event_known=True, earlier=self._version(event.digests))
        return match

    def _compare(self, event: ReportedEvent) -> EventMatch:
        """What the registry will hold of the event: a row may have assigned its judge before."""
        match, identity = self.registry.compare(event), event.digests.identity
        if match.activity_id is None or self.assigned.get(match.activity_id, identity) == identity:
            return match
        return EventMatch(case=match.case)

    def _version(self, digests: Digests) -> ReportedEvent | None:
        found = self.versions.get(digests.identity)
        return found or self.versions.get(digests.event_unassigned)

    def _supersede(
        self, row_no: int, match: EventMatch, judgement: Judgement, digests: Digests
    ) -> None:
        """Of several rows about an event that is recorded the last one alone corrects it."""
        earlier = self.corrections.pop(digests.identity, None)
        if earlier is not None:
            earlier_no, issues = earlier
            _, of_earlier = self.entries[earlier_no]
            entry = Entry(SUPERSEDED.result, (*issues, *SUPERSEDED.issues))
            self.entries[earlier_no] = entry, of_earlier
        elif self.seen.has_event(digests):
            self.outdated.add(digests.identity)
        if match.result is RowResult.CORRECTION:
            self.corrections[digests.identity] = row_no, judgement.issues
            if match.activity_id is not None:
                self.assigned[match.activity_id] = digests.identity


@dataclass(frozen=True, slots=True)
class ChunkValidation:
    """Validates the next rows of a batch; changes nothing in the registry."""

    judge: ChunkJudge
    rows: RowRepository
    recorder: RowRecorder

    async def validate(self, batch: Batch, header: Header, sources: Sequence[SourceRow]) -> Tally:
        """Store a chunk of rows with the results they would have; how the counts change."""
        read = {source.row_no: read_cells(header, source) for source in sources}
        readable = {row_no: cells for row_no, (cells, refused) in read.items() if refused is None}
        chunk = await self.judge.judge(batch, readable)
        events = events_of(chunk)
        before = sources[0].row_no - 1
        seen = await self.recorder.seen_in_file(batch.id, events.values(), before)
        registry = await self._registry(chunk, events, seen)
        cases, results = await self._cases(chunk, registry), Results(chunk)
        judged = {row_no: one or chunk.judgements[row_no] for row_no, (_, one) in read.items()}
        preview = await self._preview(judged, events, Preview(seen, registry), results)
        for row_no, (cells, _) in read.items():
            judgement, event = judged[row_no], events.get(row_no)
            entry, digests = preview.entries[row_no]
            number = number_of(judgement, event)
            raw = {name: value.replace("\x00", "\ufffd") for name, value in cells.items()}
            case_id = cases.get(number) if number is not None else None
            results.add(row_no, judgement, entry, digests, case_id=case_id, raw=raw)
            results.tally.add(entry.result, judgement.court_id)
        results.tally.changes[RowResult.EMPTY] += sum(source.count - 1 for source in sources)
        await self.rows.insert_rows(results.rows)
        await self.rows.insert_issues(results.issues)
        return results.tally

    async def validate_again(self, batch: Batch, rows: Sequence[AnyRow]) -> Tally:
        """Judge stored rows again, in the order of the file; how the counts change.

        Rows of courts where the actor may not write stay as they are.
        """
        chunk = await self.judge.judge(batch, {row.row_no: row.raw for row in rows})
        events = events_of(chunk)
        seen = await self.recorder.seen_in_file(batch.id, events.values(), rows[0].row_no - 1)
        registry = await self._registry(chunk, events, seen)
        cases, results = await self._cases(chunk, registry), Results(chunk)
        judged = {
            row_no: judgement
            for row_no, judgement in chunk.judgements.items()
            if judgement.court_id is None or judgement.court_id in batch.terms.scope
        }
        preview = await self._preview(judged, events, Preview(seen, registry), results)
        for row in (row for row in rows if row.row_no in judged):
            judgement, event = judged[row.row_no], events.get(row.row_no)
            entry, digests = preview.entries[row.row_no]
            number = number_of(judgement, event)
            case_id = cases.get(number) if number is not None else None
            results.add(row.row_no, judgement, entry, digests, case_id=case_id)
            results.tally.add(entry.result, judgement.court_id, before=row.result)
        await self.rows.change_rows(batch.id, results.rows, results.issues)
        return results.tally

    async def _preview(
        self,
        judged: Mapping[int, Judgement],
        events: Mapping[int, ReportedEvent],
        preview: Preview,
        results: Results,
    ) -> Preview:
        """The results of the rows of a chunk; those of stored rows change with them."""
        for row_no in sorted(judged):
            preview.add(row_no, judged[row_no], events.get(row_no))
        if preview.outdated:
            (issue,) = SUPERSEDED.issues
            changed = await self.rows.supersede_in_file(
                results.chunk.batch.id, preview.outdated, min(judged), issue
            )
            results.tally.changes[RowResult.CORRECTION] -= changed
            results.tally.changes[RowResult.DUPLICATE] += changed
        return preview

    async def _registry(
        self, chunk: JudgedChunk, events: Mapping[int, ReportedEvent], seen: SeenInFile
    ) -> RegistryState:
        progress = ChunkProgress(seen)
        return await self.recorder.registry_state(chunk, events.values(), progress, lock=False)

    async def _cases(
        self, chunk: JudgedChunk, registry: RegistryState
    ) -> Mapping[CaseNumber, UUID]:
        """The cases that the rows name, of those as well that wait or are rejected."""
        known = registry.case_batch.case_ids()
        numbers = {judgement.number for judgement in chunk.judgements.values()}
        unread = {number for number in numbers if number is not None and number not in known}
        return known | await self.recorder.case_ids(unread)
