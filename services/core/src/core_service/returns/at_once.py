"""A file that is applied as it is sent: read and judged to its end, then applied chunk by chunk.

Each row is judged once and written once, with its final result. What was read is the worker's own:
after a kill the file is read again, and application continues after the last row that was applied.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from core_service.access.actors import Actor
from core_service.access.courts import NOWHERE
from core_service.returns.application import FileContext
from core_service.returns.files.header import Header
from core_service.returns.files.reader import FileReader
from core_service.returns.files.tables import SourceRow
from core_service.returns.intake import NO_GRANT, UNFINISHED, FileIntake, store_file_issues
from core_service.returns.issues import IssueCode
from core_service.returns.judging.chunk import JudgedChunk, WriteAccess, with_pauses
from core_service.returns.judging.judgement import read_cells
from core_service.returns.judging.row import Cells
from core_service.returns.locking import (
    TO_APPLY,
    TO_VALIDATE,
    BatchLocks,
    BatchTaken,
    LockedBatch,
)
from core_service.returns.models import BatchState, ImportBatch, RowResult
from core_service.returns.recognition import Judging, Recognised, cells_text
from core_service.returns.reported import events_of
from core_service.returns.results import Tally
from core_service.returns.seen import FileEvents
from core_service.returns.spool import RawRow, Spool, read_rows


@dataclass(slots=True)
class ReadFile:
    """A file that has been read to its end."""

    spool: Spool
    events: FileEvents = field(default_factory=FileEvents)
    aliases: set[UUID] = field(default_factory=set)
    is_rejected: bool = True
    """Whether no row so far can be applied, now or after a decision."""
    again: bool = False

    async def take(
        self, locked: LockedBatch, header: Header, sources: Sequence[SourceRow]
    ) -> Tally:
        """Judge the next rows, but for those that are recognised; the courts that they name."""
        read, raws = {}, []
        async for source in with_pauses(sources):
            cells, refused = read[source.row_no] = read_cells(header, source)
            raws.append(RawRow(source.row_no, cells_text(cells), source.count, refused is None))
        readable = {row_no: cells for row_no, (cells, refused) in read.items() if refused is None}
        chunk, recognised = await self._judged(locked, readable, raws)
        refusals = {row_no: one for row_no, (_, one) in read.items() if one is not None}
        self._add(chunk.with_(refusals), recognised, raws)
        courts = {one.court_id for one in chunk.judgements.values() if one.court_id is not None}
        return Tally(courts=courts | {one.court_id for one in recognised.values()})

    async def _judged(
        self, locked: LockedBatch, readable: Mapping[int, Cells], raws: Sequence[RawRow]
    ) -> tuple[JudgedChunk, Mapping[int, Recognised]]:
        batch, application = locked.batch, locked.services.application
        judge = application.judge
        version = (await judge.vocabulary.load()).version
        texts = {raw.row_no: raw.cells for raw in raws if raw.is_readable}
        digests = Judging.of(batch, version).digests(texts)
        known = await application.recognised.known(digests)
        recognised = {n: each for n, each in known.items() if each.court_id in batch.terms.scope}
        others = {n: cells for n, cells in readable.items() if n not in recognised}
        chunk = await judge.judge(batch, others, self.aliases)
        if chunk.vocabulary.version == version:
            return chunk, recognised
        return await judge.judge(batch, readable, self.aliases), {}  # as decided meanwhile

    def _add(
        self, chunk: JudgedChunk, recognised: Mapping[int, Recognised], raws: Sequence[RawRow]
    ) -> None:
        events = events_of(chunk)
        for raw in raws:
            one = recognised.get(raw.row_no) or events.get(raw.row_no)
            if one is not None:
                self.events.add(raw.row_no, one.digests)
        never = (RowResult.REJECTED, RowResult.EMPTY)
        refused = all(one.result in never for one in chunk.judgements.values())
        self.is_rejected &= refused and not recognised
        self.aliases.update(chunk.aliases.values())
        self.spool.add(read_rows(chunk, events, recognised, raws))


@dataclass(frozen=True, slots=True)
class AtOnce:
    """Applies files as they are sent."""

    locks: BatchLocks
    chunk_rows: int

    @property
    def intake(self) -> FileIntake:
        return FileIntake(self.locks)

    async def run(self, batch: ImportBatch, by: Actor) -> bool:
        """Read a file on behalf of its sender and apply it on behalf of `by`.

        False when every row is rejected: then it is validated as any other.
        Raises FileUnreadable, FileTooCostly.
        """
        with tempfile.TemporaryFile(prefix="rows-") as own:
            file = ReadFile(Spool(own))
            async with self.intake.opened(batch) as opened:
                is_read = await self._read(batch, opened, file)
            if is_read:
                await self._apply(batch.id, file, by)
            return is_read or not file.is_rejected

    async def _read(self, batch: ImportBatch, opened: FileReader, file: ReadFile) -> bool:
        """Read and judge the file; whether it is to be applied."""
        async with self.locks.lock(batch.id, UNFINISHED) as locked:
            if locked is None:
                return False
            again = locked.row.state not in TO_VALIDATE
            if not again:
                await locked.change(state=BatchState.VALIDATING)
        if again:
            return await self._read_again(batch, opened, file)
        if await self.intake.begin(batch.id, opened, again=True) is None:
            return False
        done = 0
        while chunk := await opened.chunk(self._limit()):
            access = await self.locks.access(batch.sender)
            if access.scope.is_empty:
                # No other user can validate it: it ends, so that another can send the file.
                await self.intake.fail(batch.id, IssueCode.COURT_NOT_GRANTED, NO_GRANT)
                return False
            async with self.locks.validating(batch.id, done, access) as locked:
                tally = await file.take(locked, opened.header, chunk)
                done = chunk[-1].last_row_no
                total = max(locked.row.total_rows, done)
                await locked.count(tally, validated_rows=done, total_rows=total)
        return await self._end(batch.id, opened, file, done)

    async def _read_again(self, batch: ImportBatch, opened: FileReader, file: ReadFile) -> bool:
        """Read the file of a batch that is being applied: the worker before this one has ended."""
        file.again = True
        while chunk := await opened.chunk(self._limit()):
            access = await self.locks.access(batch.sender)
            async with self.locks.lock(batch.id, TO_APPLY, access) as locked:
                if locked is None:
                    raise BatchTaken
                await file.take(locked, opened.header, chunk)
        file.events.end()
        return True

    async def _end(self, batch_id: UUID, opened: FileReader, file: ReadFile, done: int) -> bool:
        file.events.end()
        async with self.locks.validating(batch_id, done) as locked:
            await store_file_issues(locked, opened.issues)  # all are known at the file's end
            if file.is_rejected:
                await locked.change(validated_rows=0)
            else:
                await locked.change(total_rows=done, state=BatchState.APPLYING)
        return not file.is_rejected

    async def _apply(self, batch_id: UUID, file: ReadFile, by: Actor) -> None:
        async with self.locks.lock(batch_id, TO_APPLY, WriteAccess(by, NOWHERE)) as locked:
            if locked is None:
                raise BatchTaken
            done = locked.row.applied_rows
            await locked.change(state=BatchState.APPLYING)
        for read in file.spool.chunks(done, self._limit):
            access = await self.locks.access(by)
            async with self.locks.applying(batch_id, done, access) as locked:
                context = FileContext(file.events, file.aliases, done, file.again)
                application = locked.services.application
                tally = await application.apply_read(locked.batch, read, context)
                done = read.rows[-1].last_row_no
                await locked.count(tally, applied_rows=done)
        async with self.locks.applying(batch_id, done) as locked:
            state, total = locked.row.settled_state, locked.row.total_rows
            await locked.change(state=state, applied_rows=total)

    def _limit(self) -> int:
        """How many rows the next turn may take."""
        return self.locks.turns.rows(self.chunk_rows)
