"""Judges a chunk of rows with the vocabulary of the moment, and notes its unknown spellings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from core_service.aliases.models import Alias, AliasKind, AliasState
from core_service.aliases.service import AliasService, FirstSeen
from core_service.reference.spelling import normal_spelling
from core_service.returns.batch import Batch
from core_service.returns.issues import Code, Issue
from core_service.returns.judgement import Judgement, judge
from core_service.returns.reference_rows import VocabularyLoader
from core_service.returns.resolution import Spelling
from core_service.returns.row_repository import RowRepository
from core_service.returns.rows import Cells
from core_service.returns.vocabulary import Vocabulary

# Two decisions about a chunk's spellings while it is judged are rare, a dozen are an error.
MAX_ROUNDS: Final = 12

Key = tuple[AliasKind, str]


@dataclass(frozen=True, slots=True)
class JudgedChunk:
    """The judgements by row, and the alias that each unknown spelling stands behind."""

    batch: Batch
    judgements: Mapping[int, Judgement]
    aliases: Mapping[Key, UUID]
    vocabulary: Vocabulary

    def aliases_of(self, judgement: Judgement) -> dict[Issue, UUID]:
        """The aliases that a row's issues are about."""
        return {
            issue: self.aliases[_key(spelling)] for issue, spelling in judgement.spellings.items()
        }


def issue_values(
    batch_id: UUID, row_no: int, issues: Sequence[Issue], aliases: Mapping[Issue, UUID]
) -> list[dict[str, Any]]:
    """The issues of a row, or of the file as row 0, as the table has them."""
    return [
        {
            "batch_id": batch_id,
            "row_no": row_no,
            "seq": seq,
            "code": issue.code,
            "severity": issue.severity,
            "column": issue.column,
            "value": issue.value,
            "message": issue.message,
            "suggestion": issue.suggestion,
            "alias_id": aliases.get(issue),
        }
        for seq, issue in enumerate(issues, start=1)
    ]


@dataclass(frozen=True, slots=True)
class ChunkJudge:
    """Judges rows; a decision about one of their spellings cannot slip in between."""

    vocabulary: VocabularyLoader
    aliases: AliasService
    rows: RowRepository

    async def judge(self, batch: Batch, cells: Mapping[int, Cells]) -> JudgedChunk:
        """Judge rows given by number."""
        for _ in range(MAX_ROUNDS):
            words = await self.vocabulary.load()
            judgements = {
                row_no: judge(row, words, batch.terms, batch.today) for row_no, row in cells.items()
            }
            met = _spellings(judgements)
            noted = await self._note(batch, met)
            if all(alias.state is met[alias.kind, alias.spelling].state for alias in noted):
                ids = {(alias.kind, alias.spelling): alias.id for alias in noted}
                return JudgedChunk(batch, judgements, ids, words)
        raise RuntimeError("The spellings of a chunk are decided about faster than it is judged")

    async def _note(self, batch: Batch, met: Mapping[Key, "_Met"]) -> Sequence[Alias]:
        # In one order everywhere, so that two batches that note the same spellings cannot deadlock.
        ids = [
            (await self.aliases.note(kind, seen.raw, FirstSeen(batch.id, seen.row_no), batch.by)).id
            for (kind, _), seen in sorted(met.items())
        ]
        return await self.rows.hold_undecided(ids) if ids else []


@dataclass(frozen=True, slots=True)
class _Met:
    """Where a spelling was met, and in which state its rows were judged to find it."""

    raw: str
    row_no: int
    state: AliasState


def _spellings(judgements: Mapping[int, Judgement]) -> dict[Key, _Met]:
    met: dict[Key, _Met] = {}
    for row_no, judgement in judgements.items():
        for issue, spelling in judgement.spellings.items():
            refused = issue.code is Code.NAME_REJECTED
            state = AliasState.REJECTED if refused else AliasState.PENDING
            met.setdefault(_key(spelling), _Met(spelling.raw, row_no, state))
    return met


def _key(spelling: Spelling) -> Key:
    return spelling.kind, normal_spelling(spelling.raw)
