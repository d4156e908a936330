"""The second pass over a batch's rows: the registry takes them in."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from core_service.cases.numbers import CaseNumber
from core_service.returns.comparison import (
    events_of,
)
from core_service.returns.issues import Issue, IssueCode
from core_service.returns.judging.chunk import Batch, ChunkJudge
from core_service.returns.judging.judgement import Judgement
from core_service.returns.models import RowResult
from core_service.returns.recording import Entry, RowRecorder
from core_service.returns.results import Results, Tally, number_of, rejected_or_held
from core_service.returns.row_repository import AnyRow, RowRepository

GRANT_MISSING: Final = Issue(
    IssueCode.GRANT_MISSING,
    "The row waits for a user who may enter data at its court to apply the import",
    "court",
)


@dataclass(frozen=True, slots=True)
class ChunkApplication:
    """Applies stored rows, judged again: aliases may have been decided since.

    Rows of courts where the actor may not write are not applied: they wait for a user who may.
    """

    judge: ChunkJudge
    rows: RowRepository
    recorder: RowRecorder

    async def apply(self, batch: Batch, rows: Sequence[AnyRow], through: int) -> Tally:
        """Apply rows, those up to `through` not for the first time; how the counts change."""
        chunk = await self.judge.judge(batch, {row.row_no: row.raw for row in rows})
        events = events_of(chunk)
        seen = await self.recorder.seen_in_file(batch.id, events.values(), through)
        recorded = await self.recorder.record(chunk, events.values(), seen)
        results, unnamed = Results(chunk), {}
        without_grant: dict[UUID, list[int]] = defaultdict(list)
        for row in rows:
            judgement, event = chunk.judgements[row.row_no], events.get(row.row_no)
            court_id = judgement.court_id
            if court_id is not None and court_id not in batch.terms.scope:
                if row.result is not RowResult.REJECTED:
                    without_grant[court_id].append(row.row_no)
                    results.tally.add(RowResult.HELD, court_id, before=row.result)
                continue
            entry = _entry(judgement, recorded.get(row.row_no))
            number = number_of(judgement, event)
            if entry.case_id is None and number is not None:
                unnamed[row.row_no] = number
            results.add(
                row.row_no,
                judgement,
                entry,
                event.digests if event is not None else None,
                case_id=entry.case_id,
                activity_id=entry.activity_id,
            )
            results.tally.add(entry.result, court_id, before=row.result)
        await self._write(results, without_grant, unnamed)
        return results.tally

    async def _write(
        self,
        results: Results,
        without_grant: Mapping[UUID, list[int]],
        unnamed: Mapping[int, CaseNumber],
    ) -> None:
        batch_id = results.chunk.batch.id
        await self.rows.change_rows(batch_id, results.rows, results.issues)
        for court_id, row_nos in without_grant.items():
            await self.rows.hold_for_grant(batch_id, row_nos, court_id, GRANT_MISSING)
        # Rows that were not recorded name the cases that they are about all the same.
        known = await self.recorder.case_ids(set(unnamed.values()))
        named = {row_no: known[number] for row_no, number in unnamed.items() if number in known}
        await self.rows.name_cases(batch_id, named)


def _entry(judgement: Judgement, recorded: Entry | None) -> Entry:
    """The row's entry with the issues of both."""
    if recorded is None:
        return rejected_or_held(judgement)
    return replace(recorded, issues=(*judgement.issues, *recorded.issues))
