"""Judges a chunk of rows with the current vocabulary; lists its unknown spellings as aliases."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID

from common.identity import CourtScope, Principal
from core_service.access.actors import Actor
from core_service.aliases.models import Alias, AliasState, Key
from core_service.aliases.service import AliasService, FirstSeen
from core_service.reference.spelling import normal_spelling
from core_service.returns.issues import Issue, IssueCode
from core_service.returns.judging.judgement import Judgement, judge
from core_service.returns.judging.loader import VocabularyLoader
from core_service.returns.judging.resolution import Spelling, Terms
from core_service.returns.judging.row import Cells
from core_service.returns.judging.vocabulary import Vocabulary
from core_service.returns.models import ImportBatch, ImportLimits, RowResult
from core_service.returns.spelling_repository import SpellingRepository
from core_service.sources import Source, SourceKind


@dataclass(frozen=True, slots=True)
class WriteAccess:
    """On whose behalf a chunk is processed, and the courts where they may write now."""

    actor: Actor
    scope: CourtScope

    @property
    def principal(self) -> Principal:
        """The actor as the audit names them: a user, or else a service."""
        if self.actor.user_id is not None:
            return Principal("user", user_id=self.actor.user_id)
        return Principal("service", client_id=self.actor.client_id)


@dataclass(frozen=True, slots=True)
class Batch:
    """What does not change while a chunk is processed. Rows are judged by the day of the upload."""

    id: UUID
    filename: str
    terms: Terms
    by: Actor
    today: date

    @classmethod
    def of(cls, row: ImportBatch, today: date, access: WriteAccess) -> "Batch":
        """The batch behind a row of the table, as processed with this access."""
        terms = Terms(access.scope, row.court_id)
        return cls(row.id, row.filename, terms, access.actor, today)

    def source(self, row_no: int) -> Source:
        """Where an activity of this batch comes from."""
        return Source(SourceKind.IMPORT, self.id, self.filename, row_no)


# Two decisions about a chunk's spellings while it is judged are rare, a dozen are an error.
MAX_ROUNDS: Final = 12
# Rows full of faults take ten times as long as others.
ROWS_AT_ONCE: Final = 100
RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class JudgedChunk:
    """The judgements by row, and the alias of each unknown spelling."""

    batch: Batch
    judgements: Mapping[int, Judgement]
    aliases: Mapping[Key, UUID]
    vocabulary: Vocabulary

    def with_(self, others: Mapping[int, Judgement]) -> "JudgedChunk":
        """The chunk with the judgements of other rows, in the order of the file."""
        return replace(self, judgements=dict(sorted({**self.judgements, **others}.items())))

    def aliases_of(self, judgement: Judgement) -> dict[Issue, UUID]:
        """The aliases that a row's issues are about; beyond the limit there is none."""
        return {
            issue: self.aliases[key]
            for issue, spelling in judgement.spellings.items()
            if (key := _key(spelling)) in self.aliases
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
    """Judges rows; no decision about one of their spellings comes in between.

    At most `max_new_spellings` undecided spellings of one file are listed: a person decides each.
    """

    vocabulary: VocabularyLoader
    aliases: AliasService
    spellings: SpellingRepository
    limits: ImportLimits

    async def judge(
        self, batch: Batch, cells: Mapping[int, Cells], unstored: Collection[UUID] = ()
    ) -> JudgedChunk:
        """Judge rows given by number. `unstored` are aliases that rows of the file wait for which
        are not stored yet.
        """
        added: set[Key] = set()
        for _ in range(MAX_ROUNDS):
            vocabulary = await self.vocabulary.load()
            judgements = await _judgements(batch, cells, vocabulary)
            occurrences = _spellings(judgements)
            listed = await self._list(batch, occurrences, added, unstored)
            if await self._is_current(occurrences, listed):
                ids = {(alias.kind, alias.spelling): alias.id for alias in listed}
                limited = {row_no: self._limit(each, ids) for row_no, each in judgements.items()}
                return JudgedChunk(batch, limited, ids, vocabulary)
        raise RuntimeError("The spellings of a chunk are decided faster than it is judged")

    async def locked_vocabulary(self, aliases: Collection[UUID]) -> Vocabulary | None:
        """The vocabulary of now, of which no decision about these aliases is missing and none can
        come; None when one of them is no more.
        """
        locked = await self.spellings.lock_undecided(aliases) if aliases else ()
        return None if len(locked) < len(set(aliases)) else await self.vocabulary.load()

    async def _list(
        self,
        batch: Batch,
        occurrences: Mapping[Key, "_Occurrence"],
        added: set[Key],
        unstored: Collection[UUID],
    ) -> Sequence[Alias]:
        ids = await self.aliases.known(occurrences)
        new = sorted(set(occurrences) - set(ids), key=lambda key: occurrences[key].row_no)
        # What an earlier round added has no rows yet, so it is not among the undecided.
        waited_for = {*unstored, *(each for key, each in ids.items() if key not in added)}
        already = (
            await self.spellings.count_undecided(batch.id, waited_for) + len(added) if new else 0
        )
        # In one order everywhere, so that two batches that list the same spellings cannot deadlock.
        for key in sorted(new[: max(0, self.limits.max_new_spellings - already)]):
            seen = FirstSeen(batch.id, occurrences[key].row_no)
            ids[key] = (await self.aliases.note(key[0], occurrences[key].raw, seen, batch.by)).id
            added.add(key)
        return await self.spellings.lock_undecided(ids.values()) if ids else []

    async def _is_current(
        self, occurrences: Mapping[Key, "_Occurrence"], listed: Sequence[Alias]
    ) -> bool:
        """Whether the locked aliases are still as the rows were judged by, at each court."""
        at_courts = await self.aliases.states_at_courts([alias.id for alias in listed])
        return all(
            at_courts.get((alias.id, court_id), alias.state) is state
            for alias in listed
            for court_id, state in occurrences[alias.kind, alias.spelling].states.items()
        )

    def _limit(self, judgement: Judgement, listed: Mapping[Key, UUID]) -> Judgement:
        """The judgement, with an issue when the row waits for a spelling that was not listed."""
        beyond = [
            issue for issue, spelling in judgement.spellings.items() if _key(spelling) not in listed
        ]
        if judgement.result is not RowResult.HELD or not beyond:
            return judgement
        message = (
            f"The file has more than {self.limits.max_new_spellings} new spellings;"
            f" {beyond[0].value} is listed, and the row judged again, when some of them are decided"
        )
        issue = Issue(IssueCode.SPELLING_LIMIT, message, beyond[0].column, beyond[0].value)
        return replace(judgement, issues=(*judgement.issues, issue))


@dataclass(frozen=True, slots=True)
class _Occurrence:
    """A spelling in the rows: where first, and by court the state it was judged in."""

    raw: str
    row_no: int
    states: dict[UUID | None, AliasState] = field(default_factory=dict)


async def with_pauses(rows: Iterable[RowT]) -> AsyncIterator[RowT]:
    """Each row; others have their turns in between, however much work the rows are."""
    for place, row in enumerate(rows, 1):
        yield row
        if place % ROWS_AT_ONCE == 0:
            await asyncio.sleep(0)


async def _judgements(
    batch: Batch, cells: Mapping[int, Cells], vocabulary: Vocabulary
) -> dict[int, Judgement]:
    """The rows judged one by one."""
    return {
        row_no: judge(row, vocabulary, batch.terms, batch.today)
        async for row_no, row in with_pauses(cells.items())
    }


def _spellings(judgements: Mapping[int, Judgement]) -> dict[Key, _Occurrence]:
    occurrences: dict[Key, _Occurrence] = {}
    for row_no, judgement in judgements.items():
        for issue, spelling in judgement.spellings.items():
            refused = issue.code is IssueCode.NAME_REJECTED
            state = AliasState.REJECTED if refused else AliasState.PENDING
            found = occurrences.setdefault(_key(spelling), _Occurrence(spelling.raw, row_no))
            found.states.setdefault(spelling.court_id, state)
    return occurrences


def _key(spelling: Spelling) -> Key:
    return spelling.kind, normal_spelling(spelling.raw)
