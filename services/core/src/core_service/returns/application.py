"""The registry takes in the rows of a batch: rows that are stored, or those of its file."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from core_service.cases.numbers import CaseNumber
from core_service.returns.entries import Entry
from core_service.returns.issues import Issue, IssueCode, Severity
from core_service.returns.judging.chunk import Batch, ChunkJudge, JudgedChunk
from core_service.returns.judging.judgement import Judgement
from core_service.returns.models import RowResult
from core_service.returns.recognition import Earlier, Judging, RecognisedRows, cells_text
from core_service.returns.recording import RowRecorder
from core_service.returns.reported import ReportedEvent, events_of, identities_of
from core_service.returns.results import Results, Tally, entry_of, number_of, rejected_or_held
from core_service.returns.row_repository import RECORDED, AnyRow, RowRepository
from core_service.returns.seen import FileEvents, FileState, SeenInFile
from core_service.returns.spool import RawRow, ReadRows
from core_service.returns.stored_judge import StoredJudge

GRANT_MISSING: Final = Issue(
    IssueCode.GRANT_MISSING,
    "The row waits for a user who may enter data at its court to apply the import",
    "court",
)
# A recognised row as it was read: nothing has kept it from being applied.
RECOGNISED: Final = Judgement(())
Events = Mapping[int, ReportedEvent]


@dataclass(frozen=True, slots=True)
class FileContext:
    """What is known of a file when some of its rows are applied: its events as a whole, the aliases
    that its rows have listed, and the last row that is applied already. `again`: it is read for the
    second time, perhaps after its sender has lost grants.
    """

    events: FileEvents
    aliases: Collection[UUID]
    done: int
    again: bool = False


@dataclass(slots=True)
class _Applied:
    """The results of applied rows, and the cases that those name which were not recorded."""

    results: Results
    unnamed: dict[int, CaseNumber] = field(default_factory=dict)

    def add(
        self,
        row_no: int,
        judgement: Judgement,
        entry: Entry,
        event: ReportedEvent | None,
        before: RowResult | None = None,
    ) -> None:
        number = number_of(judgement, event)
        if entry.case_id is None and number is not None:
            self.unnamed[row_no] = number
        self.results.add(
            row_no,
            judgement,
            entry,
            event.digests if event is not None else None,
            case_id=entry.case_id,
            activity_id=entry.activity_id,
        )
        self.results.tally.add(entry.result, judgement.court_id, before=before)


@dataclass(frozen=True, slots=True)
class ChunkApplication:
    """Applies rows. Those of courts where the actor may not write wait for a user who may."""

    judge: ChunkJudge
    stored: StoredJudge
    rows: RowRepository
    recorder: RowRecorder
    recognised: RecognisedRows

    async def apply(self, batch: Batch, rows: Sequence[AnyRow], through: int) -> Tally:
        """Apply stored rows, judged again: aliases may have been decided since. Those up to
        `through` are not applied for the first time. Returns how the counts change.
        """
        chunk = await self.stored.judge(batch, rows)
        rows = [row for row in rows if row.row_no in chunk.judgements]
        events = events_of(chunk)
        file = await self.recorder.file_state(batch.id, events.values(), through)
        applied = await self._apply(chunk, events, file, {row.row_no: row.result for row in rows})
        await self._name_cases(batch, applied, through)
        results = applied.results
        _set_digests(results, {row.row_no: cells_text(row.raw) for row in rows})
        await self.rows.change_rows(batch.id, results.rows, results.issues)
        await self._hold_for_grant(chunk, rows, results.tally)
        return results.tally

    async def apply_read(self, batch: Batch, read: ReadRows, file: FileContext) -> Tally:
        """Apply rows of the file and store them with their results; how the counts change."""
        chunk, events, same = await self._judged(batch, read, file)
        state = await self._state(batch, events, file)
        await self.recognised.repeat(batch.id, same)
        applied = await self._apply(chunk, events, state, {})
        results, rows = applied.results, [row for row in read.rows if row.row_no not in same]
        for row in rows:
            court_id = chunk.judgements[row.row_no].court_id
            if court_id is not None and court_id not in batch.terms.scope:
                before = read.judgements.get(row.row_no, RECOGNISED)
                applied.add(row.row_no, before, _waiting(before, again=file.again), None)
            results.tally.changes[RowResult.EMPTY] += row.count - 1
        for row_no in same:
            results.tally.add(RowResult.UNCHANGED, read.recognised[row_no].court_id)
        await self._name_cases(batch, applied, file.done)
        await self._store(results, rows)
        return results.tally

    async def _store(self, results: Results, rows: Sequence[RawRow]) -> None:
        """Store rows as they were read; those that were recorded can be recognised."""
        _set_digests(results, {row.row_no: row.cells for row in rows})
        by_number = {row["row_no"]: row for row in results.rows}
        await self.rows.insert_rows([by_number[row.row_no] | {"raw": row.cells} for row in rows])
        await self.rows.insert_issues(results.issues)

    async def _judged(
        self, batch: Batch, read: ReadRows, file: FileContext
    ) -> tuple[JudgedChunk, Events, Mapping[int, Earlier]]:
        """The rows as they were judged when they were read, or else judged again, and the earlier
        rows that others are the same as.
        """
        vocabulary = await self.judge.locked_vocabulary(read.aliases.values())
        chunk = read.judged_by(batch, vocabulary) if vocabulary is not None else None
        if chunk is not None:
            events = read.events(batch)
            same = await self._same(chunk, read, events, file)
            if same.keys() == read.recognised.keys():
                return chunk, events, same
            cells = read.cells(read.recognised.keys() - same.keys())
            others = await self.judge.judge(batch, cells, file.aliases)
            if others.vocabulary.version == chunk.vocabulary.version:
                events = dict(sorted({**events, **events_of(others)}.items()))
                aliases = {**chunk.aliases, **others.aliases}
                return replace(chunk.with_(others.judgements), aliases=aliases), events, same
        chunk = await self.judge.judge(batch, read.cells(), file.aliases)
        aliases = {**read.aliases, **chunk.aliases}
        return replace(chunk.with_(read.unreadable()), aliases=aliases), events_of(chunk), {}

    async def _same(
        self, chunk: JudgedChunk, read: ReadRows, events: Events, file: FileContext
    ) -> dict[int, Earlier]:
        """The recognised rows that no other row of the file has to do with: those about an event
        with several rows, or a case and day with others of this chunk, are compared with them.
        """
        if not read.recognised:
            return {}
        judging = Judging.of(chunk.batch, chunk.vocabulary.version)
        texts = read.texts(read.recognised)
        earlier = await self.recognised.earlier(chunk.batch.id, judging.digests(texts))
        alone = {
            row_no
            for row_no, each in earlier.items()
            if each.counts and read.recognised[row_no].digests.identity not in file.events.repeated
        }
        compared = {each.about for row_no, each in earlier.items() if row_no not in alone}
        compared |= {event.about for event in events.values()}
        return {n: each for n, each in earlier.items() if each.about not in compared}

    async def _state(self, batch: Batch, events: Events, file: FileContext) -> FileState:
        repeated = identities_of(events.values()) & file.events.repeated
        known = await self.recorder.events.known_in_file(batch.id, repeated, file.done)
        return FileState(SeenInFile(known), file.events.last_versions, file.done)

    async def _apply(
        self,
        chunk: JudgedChunk,
        events: Events,
        file: FileState,
        before: Mapping[int, RowResult],
    ) -> _Applied:
        """Record the rows that can be, and the results of those that the actor may apply."""
        recorded = await self.recorder.record(chunk, events.values(), file)
        applied, scope = _Applied(Results(chunk)), chunk.batch.terms.scope
        for row_no, judgement in chunk.judgements.items():
            if judgement.court_id is None or judgement.court_id in scope:
                entry = entry_of(judgement, recorded.get(row_no))
                applied.add(row_no, judgement, entry, events.get(row_no), before.get(row_no))
        return applied

    async def _name_cases(self, batch: Batch, applied: _Applied, through: int) -> None:
        """Rows that were not recorded name the cases that they are about all the same."""
        known = await self.recorder.cases_before(batch.id, applied.unnamed, through)
        for row in applied.results.rows:
            if row["row_no"] in applied.unnamed:
                row["case_id"] = known.get(row["row_no"])

    async def _hold_for_grant(
        self, chunk: JudgedChunk, rows: Sequence[AnyRow], tally: Tally
    ) -> None:
        held: dict[UUID, list[int]] = defaultdict(list)
        for row in rows:
            court_id = chunk.judgements[row.row_no].court_id
            if court_id is None or court_id in chunk.batch.terms.scope:
                continue
            if row.result is not RowResult.REJECTED:
                held[court_id].append(row.row_no)
                tally.add(RowResult.HELD, court_id, before=row.result)
        for court_id, row_nos in held.items():
            await self.rows.hold_for_grant(chunk.batch.id, row_nos, court_id, GRANT_MISSING)


def _set_digests(results: Results, texts: Mapping[int, str]) -> None:
    """Rows that were recorded can be recognised by their cells."""
    chunk = results.chunk
    recorded = {
        row["row_no"]: texts[row["row_no"]] for row in results.rows if row["result"] in RECORDED
    }
    digests = Judging.of(chunk.batch, chunk.vocabulary.version).digests(recorded)
    for row in results.rows:
        row["cells_hash"] = digests.get(row["row_no"])


def _waiting(judgement: Judgement, *, again: bool) -> Entry:
    """The entry of a row that was judged when its sender could still apply it.

    Of a file that is read again it is not known which grants its sender had at first.
    """
    refused = {issue.code for issue in judgement.issues if issue.severity is Severity.REJECTED}
    lost = again and refused == {IssueCode.COURT_NOT_GRANTED}
    if judgement.result is RowResult.REJECTED and not lost:
        return rejected_or_held(judgement)
    others = [i for i in judgement.issues if i.code is not IssueCode.COURT_NOT_GRANTED]
    return Entry(RowResult.HELD, (*others, GRANT_MISSING))
