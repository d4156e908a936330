"""Judges rows that validation stores or has stored, but for those that are recognised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core_service.returns.event_repository import EventRepository
from core_service.returns.judging.chunk import Batch, ChunkJudge, JudgedChunk
from core_service.returns.judging.row import Cells
from core_service.returns.judging.vocabulary import Version
from core_service.returns.models import RowResult
from core_service.returns.recognition import (
    Earlier,
    Judging,
    RecognisedRows,
    cells_text,
)
from core_service.returns.reported import events_of
from core_service.returns.row_repository import AnyRow


@dataclass(frozen=True, slots=True)
class StoredJudge:
    """Rows without a judgement in its chunks are the same as an earlier file's."""

    judging: ChunkJudge
    recognised: RecognisedRows
    events: EventRepository

    async def judge_read(
        self, batch: Batch, cells: Mapping[int, Cells]
    ) -> tuple[JudgedChunk, Mapping[int, Earlier]]:
        """Judge rows of a file that are to be stored; the earlier rows that others are the same as,
        as long as no other row of the file makes a difference.
        """
        version = (await self.judging.vocabulary.load()).version
        texts = {row_no: cells_text(each) for row_no, each in cells.items()}
        same = await self._earlier(batch, version, texts)
        others = {row_no: each for row_no, each in cells.items() if row_no not in same}
        chunk = await self.judging.judge(batch, others)
        if chunk.vocabulary.version == version:
            return chunk, same
        return await self.judging.judge(batch, cells), {}  # as decided meanwhile

    async def judge(self, batch: Batch, rows: Sequence[AnyRow]) -> JudgedChunk:
        """Judge stored rows, but for those that stay what validation has found them to be: the
        same as an earlier file's, and alone in this one about their case and day.
        """
        version = (await self.judging.vocabulary.load()).version
        same = await self._alone(batch, version, rows)
        chunk = await self._judge(batch, [row for row in rows if row.row_no not in same])
        compared = {event.about for event in events_of(chunk).values()}
        not_alone = [
            row for row in rows if row.row_no in same and same[row.row_no].about in compared
        ]
        others = await self._judge(batch, not_alone) if not_alone else chunk
        if {chunk.vocabulary.version, others.vocabulary.version} != {version}:
            return await self._judge(batch, rows)  # as decided meanwhile
        aliases = {**chunk.aliases, **others.aliases}
        return replace(chunk.with_(others.judgements), aliases=aliases)

    async def _alone(
        self, batch: Batch, version: Version, rows: Sequence[AnyRow]
    ) -> dict[int, Earlier]:
        unchanged = {row.row_no: row for row in rows if row.result is RowResult.UNCHANGED}
        texts = {row_no: cells_text(row.raw) for row_no, row in unchanged.items()}
        same = await self._earlier(batch, version, texts)
        identities = {row_no: unchanged[row_no].identity_hash or b"" for row_no in same}
        repeated = await self.events.repeated(batch.id, set(identities.values()))
        return {n: each for n, each in same.items() if identities[n] not in repeated}

    async def _earlier(
        self, batch: Batch, version: Version, texts: Mapping[int, str]
    ) -> dict[int, Earlier]:
        """The earlier rows with the same cells that still count, of courts of the actor."""
        if not texts:
            return {}
        digests = Judging.of(batch, version).digests(texts)
        earlier = await self.recognised.earlier(batch.id, digests)
        scope = batch.terms.scope
        return {n: each for n, each in earlier.items() if each.counts and each.court_id in scope}

    async def _judge(self, batch: Batch, rows: Sequence[AnyRow]) -> JudgedChunk:
        return await self.judging.judge(batch, {row.row_no: row.raw for row in rows})
