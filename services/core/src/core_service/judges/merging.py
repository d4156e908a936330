"""Merges two records of one judge, and stores what it moved so that it can be undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from common.clock import Clock
from core_service.access.actors import Actor, creation_columns, mark_updated
from core_service.judges.errors import JudgeMergeInvalid, JudgeNotFound, JudgeNotMerged
from core_service.judges.models import JudgeMerge
from core_service.judges.references import JudgeReferences
from core_service.ledger.rebuilding import Rebuilding
from core_service.reference.models import Cadre, Judge
from core_service.reference.service import ReferenceService


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge and how many references of each kind it moved, or moved back."""

    merge: JudgeMerge
    moved: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class JudgeMerging:
    """Merges judges and undoes that."""

    references: JudgeReferences
    reference: ReferenceService
    rebuilding: Rebuilding
    clock: Clock

    async def merge(self, judge_id: UUID, into_id: UUID, reason: str | None, by: Actor) -> Merged:
        """Let every reference to a judge point to another. Raises JudgeNotFound, …MergeInvalid."""
        judge, _ = await self.require_mergeable(judge_id, into_id)
        now = self.clock.now()
        merge = JudgeMerge(
            **creation_columns(by, now),
            judge_id=judge_id,
            into_id=into_id,
            was_active=judge.is_active,
            reason=reason,
        )
        self.references.session.add(merge)
        judge.merged_into_id, judge.is_active = into_id, False
        mark_updated(judge, by, now)
        await self.references.session.flush()
        moved = await self.references.move(merge, judge, by)
        await self._replay(merge)
        return Merged(merge, moved)

    async def undo(self, judge_id: UUID, by: Actor) -> Merged:
        """Let what a merge moved point back. Raises as `require_merged` does."""
        merge, judge = await self.require_merged(judge_id)
        now = self.clock.now()
        merge.undone_at, merge.undone_by = now, by.user_id
        mark_updated(merge, by, now)
        await self.references.session.flush()
        moved = await self.references.move_back(merge)
        judge.merged_into_id, judge.is_active = None, merge.was_active
        mark_updated(judge, by, now)
        await self.references.session.flush()
        await self._replay(merge)
        return Merged(merge, moved)

    async def require_mergeable(self, judge_id: UUID, into_id: UUID) -> tuple[Judge, Judge]:
        """Both judges, locked, when one may be merged into the other. Raises as `merge` does."""
        judge, into = await self._both(judge_id, into_id)
        if judge.id == into.id:
            raise JudgeMergeInvalid("A judge cannot be merged into the same record")
        if Cadre.PLACEHOLDER in (judge.cadre, into.cadre):
            raise JudgeMergeInvalid("A placeholder is not a judge and cannot be merged")
        if judge.merged_into_id is not None or into.merged_into_id is not None:
            raise JudgeMergeInvalid("One of them is merged into another already")
        return judge, into

    async def require_merged(self, judge_id: UUID) -> tuple[JudgeMerge, Judge]:
        """The current merge of a judge, when it may be undone, and the judge; both locked.

        Raises JudgeNotFound, JudgeNotMerged, JudgeMergeInvalid.
        """
        merge = await self._current(judge_id)
        if merge is None:
            await self._judge(judge_id)
            raise JudgeNotMerged
        judge, into = await self._both(judge_id, merge.into_id)
        if into.merged_into_id is not None:
            raise JudgeMergeInvalid("The other judge is merged too: undo that first")
        return merge, judge

    async def _current(self, judge_id: UUID) -> JudgeMerge | None:
        """The merge of this judge that is not undone, locked."""
        statement = select(JudgeMerge).where(
            col(JudgeMerge.judge_id) == judge_id, col(JudgeMerge.undone_at).is_(None)
        )
        return (await self.references.session.exec(statement.with_for_update())).first()

    async def _replay(self, merge: JudgeMerge) -> None:
        """Derive assignments again: they follow from the benches."""
        await self.rebuilding.replay_cases(await self.references.affected_cases(merge))

    async def _both(self, judge_id: UUID, into_id: UUID) -> tuple[Judge, Judge]:
        # Locked in the order of IDs: two opposite merges cannot deadlock.
        found = {each: await self._judge(each) for each in sorted({judge_id, into_id})}
        return found[judge_id], found[into_id]

    async def _judge(self, judge_id: UUID) -> Judge:
        judge = await self.reference.find(Judge, judge_id, lock=True)
        if judge is None:
            raise JudgeNotFound
        return judge
