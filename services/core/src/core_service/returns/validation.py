"""The first pass over a batch's rows: they are judged and stored, and compared with the registry.

Comparing goes over the rows by the cases that they are about: the rows of a case are recorded in
memory, by what records them when they are applied, and nothing of it is written but their results.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core_service.cases.numbers import CaseNumber, slip_group
from core_service.returns.entries import Entry
from core_service.returns.files.header import Header
from core_service.returns.files.tables import SourceRow
from core_service.returns.judging.chunk import Batch, JudgedChunk, with_pauses
from core_service.returns.judging.judgement import Judgement, read_cells
from core_service.returns.models import RowResult
from core_service.returns.recognition import RecognisedRows
from core_service.returns.recording import RowRecorder
from core_service.returns.reported import Digests, ReportedEvent, events_of
from core_service.returns.results import Results, Tally, entry_of, number_of
from core_service.returns.row_repository import AnyRow, RowRepository
from core_service.returns.stored_judge import StoredJudge

# More rows than this about one case are not compared with each other: all are in memory at once.
GROUP_ROWS = 20_000
# Of a row that can be applied, until it is compared.
NOT_COMPARED = Entry(RowResult.NEW, ())


@dataclass(frozen=True, slots=True)
class ChunkValidation:
    """Validates the rows of a batch; changes nothing in the registry."""

    stored: StoredJudge
    recognised: RecognisedRows
    rows: RowRepository
    recorder: RowRecorder

    async def validate(self, batch: Batch, header: Header, sources: Sequence[SourceRow]) -> Tally:
        """Store the next rows of a file as they are judged; how the counts change."""
        read = {each.row_no: read_cells(header, each) async for each in with_pauses(sources)}
        readable = {row_no: cells for row_no, (cells, refused) in read.items() if refused is None}
        chunk, same = await self.stored.judge_read(batch, readable)
        await self.recognised.repeat(batch.id, same, to_compare=True)
        events, results = events_of(chunk), Results(chunk)
        refused = {row_no: one for row_no, (_, one) in read.items() if one is not None}
        judged = chunk.with_(refused).judgements
        cases = await self._cases(judged, events)
        async for row_no, judgement in with_pauses(judged.items()):
            cells, event = read[row_no][0], events.get(row_no)
            raw = {name: value.replace("\x00", "\ufffd") for name, value in cells.items()}
            columns, entry = _columns(judgement, event, cases), _judged(judgement, event)
            results.add(row_no, judgement, entry, _digests(event), **columns, raw=raw)
            results.tally.add(entry.result, judgement.court_id)
        for one in same.values():
            results.tally.add(RowResult.UNCHANGED, one.court_id)
        results.tally.changes[RowResult.EMPTY] += sum(source.count - 1 for source in sources)
        await self.rows.insert_rows(results.rows)
        await self.rows.insert_issues(results.issues)
        return results.tally

    async def validate_again(self, batch: Batch, rows: Sequence[AnyRow]) -> Tally:
        """Judge stored rows again, to be compared after that; how the counts change.

        Rows of courts where the actor may not write stay as they are.
        """
        chunk = await self.stored.judge(batch, rows)
        entries = {no: _judged(chunk.judgements[no], each) for no, each in events_of(chunk).items()}
        return await self._change(chunk, rows, entries)

    async def compare(self, batch: Batch, groups: Collection[int]) -> Tally:
        """Give the rows of whole groups the results that they will have; how the counts change.

        Rows of courts where the actor may not write stay as they are.
        """
        rows = await self.rows.rows_of_groups(batch.id, groups, GROUP_ROWS)
        chunk = await self.stored.judge(batch, rows)
        events = events_of(chunk).values()
        file = await self.recorder.file_state(batch.id, events, through=0)
        found = await self.recorder.rehearse(chunk, events, file)
        judgements = chunk.judgements
        entries = {row_no: entry_of(judgements[row_no], each) for row_no, each in found.items()}
        return await self._change(chunk, rows, entries)

    async def _change(
        self, chunk: JudgedChunk, rows: Sequence[AnyRow], entries: Mapping[int, Entry]
    ) -> Tally:
        events, results = events_of(chunk), Results(chunk)
        cases, scope = await self._cases(chunk.judgements, events), chunk.batch.terms.scope
        for row in rows:
            if row.row_no not in chunk.judgements:
                continue
            judgement, event = chunk.judgements[row.row_no], events.get(row.row_no)
            if judgement.court_id is not None and judgement.court_id not in scope:
                continue
            entry = entries.get(row.row_no) or entry_of(judgement, None)
            columns = _columns(judgement, event, cases)
            results.add(row.row_no, judgement, entry, _digests(event), **columns)
            results.tally.add(entry.result, judgement.court_id, before=row.result)
        await self.rows.change_rows(chunk.batch.id, results.rows, results.issues)
        return results.tally

    async def _cases(
        self, judgements: Mapping[int, Judgement], events: Mapping[int, ReportedEvent]
    ) -> Mapping[CaseNumber, UUID]:
        """The cases that the rows name, of those as well that wait or are rejected."""
        numbers = {number_of(each, events.get(row_no)) for row_no, each in judgements.items()}
        return await self.recorder.case_ids({each for each in numbers if each is not None})


def _judged(judgement: Judgement, event: ReportedEvent | None) -> Entry:
    return entry_of(judgement, NOT_COMPARED if event is not None else None)


def _digests(event: ReportedEvent | None) -> Digests | None:
    return event.digests if event is not None else None


def _columns(
    judgement: Judgement, event: ReportedEvent | None, cases: Mapping[CaseNumber, UUID]
) -> dict[str, Any]:
    number = number_of(judgement, event)
    return {
        "case_id": cases.get(number) if number is not None else None,
        "slip_group": slip_group(event.number) if event is not None else None,
    }
